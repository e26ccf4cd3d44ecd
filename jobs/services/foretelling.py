"""What a run would do before it is started: which stages run and why, which are unchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Workspace
from jobs.domain.fingerprint import fingerprint, output_digest
from jobs.domain.reasons import ALWAYS, INPUTS, NEVER, UNCHANGED, why_it_runs
from jobs.domain.stages import StageSpec
from jobs.models import Run
from jobs.services.settling import SHOWN_DIGITS, parts_before, stage_earlier


@dataclass(frozen=True)
class Foretold:
    """One stage: whether it would run, and why. `runs` is None where that depends on what an earlier one gives."""

    name: str
    runs: bool | None
    why: str


def run_foretell(*, workspace: Workspace, kind: str, subject: str, stages: Sequence[StageSpec]) -> list[Foretold]:
    """What would become of each of `stages`, in their order, if they were submitted now. Nothing is written."""
    run = Run(workspace=workspace, kind=kind, subject=subject)
    outputs: dict[str, Mapping[str, object] | None] = {}
    found = []
    for spec in stages:
        one, output = _foretold(run, spec, outputs)
        outputs[spec.name] = output
        found.append(one)
    return found


def _foretold(
    run: Run, spec: StageSpec, outputs: Mapping[str, Mapping[str, object] | None]
) -> tuple[Foretold, Mapping[str, object] | None]:
    if spec.fingerprint_source is None:
        return Foretold(spec.name, runs=True, why=ALWAYS), None
    waits = [name for name in spec.depends_on if outputs.get(name) is None]
    inputs = {name: output for name in spec.depends_on if (output := outputs.get(name)) is not None}
    digests = {name: output_digest(output)[:SHOWN_DIGITS] for name, output in inputs.items()}
    before = parts_before(run, spec.name)
    if waits:
        known = {group: dict(parts) for group, parts in (before or {}).items() if group != INPUTS}
        if before is None:
            return Foretold(spec.name, runs=True, why=NEVER), None
        if known != spec.fingerprint_parts:
            return Foretold(spec.name, runs=True, why=why_it_runs(known, spec.fingerprint_parts)), None
        return Foretold(spec.name, runs=None, why=f"It depends on what {_listed(waits)} will give."), None
    taken = fingerprint(source=spec.fingerprint_source, task_name=spec.task_name, params=spec.params, inputs=inputs)
    earlier = stage_earlier(run.workspace_id, taken)
    if earlier is not None:
        return Foretold(spec.name, runs=False, why=UNCHANGED), earlier.output
    return Foretold(spec.name, runs=True, why=why_it_runs(before, {**spec.fingerprint_parts, INPUTS: digests})), None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
