"""Every service that changes something for a person leaves an entry in the audit trail: walked through the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "jobs", "planner", "canvas", "pipelines")
RECORD = "audit_record"
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
# What nobody does as a person in a workspace, each with its reason.
NO_VERB_OF_A_PERSON = {
    "accounts.database_call_count": "a count of calls",
    "accounts.idempotent_answer_begin": "bookkeeping of the API; what it answers has its entry",
    "accounts.idempotent_answer_finish": "the same",
    "accounts.idempotent_answer_abandon": "the same",
    "accounts.backup_restore": "replaces everything, the trail with it",
    "planner.inside_made": "part of an edit that has its entry",
    "planner.kind_changed": "the same",
    "planner.moved_into": "the same",
    "planner.tasks_made": "the same",
    "planner.flows_counted": "the same",
    "planner.snapshot_take": "the same",
    "jobs.ready_ring_lost": "the engine's own",
    "jobs.blob_store": "bytes of something that has its own entry",
    "jobs.blob_delete": "the same",
    "jobs.stage_record": "the same",
    "jobs.run_record": "the same",
    "jobs.run_lock": "the engine's own",
    "jobs.stage_ring": "the engine's own",
    "jobs.stage_beat": "a worker's; the job's log has it",
    "planner.results_keep": "results computed from what is set; nothing is set",
    "planner.revision_keep": "part of an edit that has its entry",
    "planner.workbook_of": "saves a workbook in memory, no row",
    "planner.foresight_publish": "the result of a job whose start has its entry",
    "planner.portfolio_choose_publish": "the same",
    "pipelines.training_profile_publish": "the same",
    "pipelines.predictions_make": "each answer leaves a record of its own",
    "pipelines.alias_point": "part of a promotion or a registration, which have their entries",
    "pipelines.months_publish": "what a job counted; its start has its entry",
    "planner.page_publish": "the result of a job; nothing is set",
}


@dataclass
class Function:
    """One function of the services: what it calls, by name, and whether it takes an access or writes rows."""

    app: str
    module: str
    node: ast.FunctionDef

    @property
    def name(self) -> str:
        return f"{self.app}.{self.node.name}"

    @property
    def takes_access(self) -> bool:
        return "access" in {one.arg for one in [*self.node.args.args, *self.node.args.kwonlyargs]}

    @property
    def calls(self) -> set[str]:
        return {one.id for one in ast.walk(self.node) if isinstance(one, ast.Name)}

    @property
    def writes(self) -> bool:
        called = (one.func for one in ast.walk(self.node) if isinstance(one, ast.Call))
        return any(isinstance(one, ast.Attribute) and one.attr in WRITES and _on_rows(one) for one in called)


def _on_rows(call: ast.Attribute) -> bool:
    """Not `dict.update` or the digest's: a call on a manager, a query set, or something saved or deleted."""
    return "objects" in ast.unparse(call.value) or call.attr in {"save", "delete"}


def functions() -> Iterator[Function]:
    for app in APPS:
        for path in sorted((ROOT / app / "services").glob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield Function(app, path.stem, node)


def recording(every: list[Function]) -> set[int]:
    """Those that come to `audit_record`, by themselves or through what they call: own module first, then any public."""
    inside = {(one.app, one.module, one.node.name): one for one in every}
    public = {one.node.name: one for one in every if not one.node.name.startswith("_")}
    found: set[int] = set()
    grown = True
    while grown:
        grown = False
        for one in every:
            if id(one) in found:
                continue
            callees = [inside.get((one.app, one.module, name)) or public.get(name) for name in one.calls]
            if RECORD in one.calls or any(callee and id(callee) in found for callee in callees):
                found.add(id(one))
                grown = True
    return found


def test_every_verb_of_a_person_is_recorded() -> None:
    every = list(functions())
    recorded = recording(every)
    changing = [one for one in every if not one.node.name.startswith("_") and (one.takes_access or one.writes)]
    assert len(changing) > 40
    silent = {one.name for one in changing if id(one) not in recorded} - {f"accounts.{RECORD}"}
    silent -= {one.name for one in changing if one.takes_access and _only_reads(one, every)}
    assert silent - set(NO_VERB_OF_A_PERSON) == set()
    assert set(NO_VERB_OF_A_PERSON) - silent == set(), "these are recorded now, or gone: take them off the list"


def _only_reads(one: Function, every: list[Function]) -> bool:
    """It writes nothing itself nor through functions of its own module."""
    here = {other.node.name: other for other in every if (other.app, other.module) == (one.app, one.module)}
    seen: set[str] = set()
    waiting = [one]
    while waiting:
        current = waiting.pop()
        if current.writes:
            return False
        fresh = {name for name in current.calls if name in here} - seen
        seen |= fresh
        waiting += [here[name] for name in fresh]
    return True
