"""What the pages on foresight show: the answer in a headline, the evidence in words."""

from dataclasses import dataclass

from common.formatting import count, number, share
from jobs.models import Run
from planner.domain.foresight.labels import CASE_ENDS
from planner.domain.foresight.targets import LONGEST_TEXT, LabelKind, Period, TargetSpec
from planner.domain.suitability.verdicts import Verdict
from planner.models import DecisionTarget, EventLog, Process, Task
from planner.selectors.foresight import chosen_targets, screen_run, targets_of

LABELS = {
    LabelKind.OUTCOME: "outcome: seen later",
    LabelKind.IMITATION: "imitation: the person's own decision",
}
MOMENTS = {"start": "as the task starts", "completion": "as the task is done (the log has no start times)"}


@dataclass(frozen=True)
class Fact:
    """A line of evidence: what, how much, and where it comes from."""

    name: str
    value: str


@dataclass(frozen=True)
class TargetLine:
    """One target as a row: its question, the kind of its label, what was found."""

    row: DecisionTarget
    question: str
    label: str
    verdict: Verdict | None


@dataclass(frozen=True)
class TargetsPage:
    """Everything the page of one task's targets shows."""

    headline: str
    lede: str
    lines: list[TargetLine]
    chosen: TargetLine | None
    facts: list[Fact]
    choices: list[str]
    run: Run | None


@dataclass(frozen=True)
class ForesightPage:
    """Everything the page of a process shows."""

    headline: str
    lines: list[tuple[Task, TargetLine | None]]
    run: Run | None
    left: int
    """Tasks of the log that the check, now over, has not come to."""

    has_log: bool


def targets_page(task: Task) -> TargetsPage:
    """The targets of a task, and the evidence on the chosen one."""
    lines = [target_line(row) for row in targets_of(task)]
    chosen = next((line for line in lines if line.row.chosen), None)
    run = _unfinished(task)
    return TargetsPage(
        headline=_headline(chosen, lines),
        lede=chosen.row.reason if chosen else "",
        lines=lines,
        chosen=chosen,
        facts=facts_of(chosen.row) if chosen else [],
        choices=_choices(task),
        run=run,
    )


def foresight_page(process: Process) -> ForesightPage:
    """The chosen target of every task of a process."""
    chosen = chosen_targets(process)
    tasks = Task.objects.of(process.workspace).work().filter(process=process)
    lines = [(task, target_line(chosen[task.pk]) if task.pk in chosen else None) for task in tasks]
    found = [line for _, line in lines if line is not None and line.verdict is not None]
    foreseen = sum(line.verdict is Verdict.PREDICT for line in found)
    run = screen_run(process.workspace, process)
    headline = f"{count(foreseen)} of {count(len(found))} tasks checked can be foreseen"
    over = run is not None and run.is_over
    return ForesightPage(
        headline=headline if found else "No task has been checked yet",
        lines=lines,
        run=run,
        left=sum(bool(task.activity) for task, line in lines if line is None) if over and found else 0,
        has_log=EventLog.objects.of(process.workspace).in_use().filter(process=process).exists(),
    )


def target_line(row: DecisionTarget) -> TargetLine:
    """A stored target in words."""
    target = row.target
    question = target.question.replace(f"“{CASE_ENDS}” next", "this the end of the case")
    return TargetLine(row, question, LABELS[target.label_kind], row.found)


def facts_of(row: DecisionTarget) -> list[Fact]:
    """The evidence line by line; nothing for a target that was not checked."""
    found = row.evidence
    if not found:
        return []
    sizes = f"{count(found['train'])} to learn from, {count(found['test'])} later ones to test on"
    target = row.target
    moment = f"as a {target.name} begins" if target.is_volume else MOMENTS[found["moment"]]
    rows = f"Whole {target.name}s with a season before them" if target.is_volume else "Cases with a known answer"
    facts = [
        Fact("Predicted", moment),
        Fact(rows, f"{count(found['labelled'])}: {sizes}"),
        *(Fact(f"Left out: {item['reason']}", count(item["count"])) for item in found["excluded"]),
        *_measures(found),
        Fact("Features", f"{count(found['features'])} known at that moment"),
        *(Fact(f"Not used: {item['column']}", item["reason"]) for item in found["dropped"]),
    ]
    if found.get("sampled_from"):
        facts.append(Fact("Cases that came here", f"{count(found['sampled_from'])}; a sample of them was looked at"))
    if found["sampled_rows"]:
        facts.append(Fact("Sample", f"a quick check on {count(found['sampled_rows'])} cases; the pipeline takes all"))
    return facts


def _measures(found: dict[str, object]) -> list[Fact]:
    facts = []
    if isinstance(found["positive_share"], float):
        facts.append(Fact("Yes", f"{share(found['positive_share'])} of cases"))
    if isinstance(found["order_auc"], float):
        facts.append(Fact("From the order of events alone", f"AUC {number(found['order_auc'])}"))
    if isinstance(found["anyway_share"], float):
        facts.append(Fact("It and what else can be next are done anyway in at least", share(found["anyway_share"])))
    rule = found["rule"]
    if isinstance(rule, dict):
        words = f"right in {share(rule['share'], 1)} of later cases, always saying the usual in "
        facts.append(Fact("Best rule of two questions", f"{words}{share(rule['usual_share'], 1)}: {rule['words']}"))
    auc = found["auc"]
    if isinstance(auc, dict):
        interval = f"95 % interval {number(auc['low'])} to {number(auc['high'])}"
        facts.append(Fact("A quick model", f"AUC {number(auc['value'])}, {interval} ({found['model']})"))
    return facts


def _headline(chosen: TargetLine | None, lines: list[TargetLine]) -> str:
    if chosen is None:
        return "Not checked yet" if not lines else "Nothing is chosen to be foretold here"
    if chosen.verdict is None:
        return f"{chosen.question} Not checked yet"
    if chosen.verdict is not Verdict.PREDICT:
        return f"{chosen.question} {chosen.verdict.label.capitalize()}"
    auc = chosen.row.evidence.get("auc")
    measured = f", AUC {number(auc['value'], 2)} on later cases" if isinstance(auc, dict) else ""
    return f"{chosen.question} It can be foreseen{measured}"


def _choices(task: Task) -> list[str]:
    """Targets one may ask for: next and later occurrence of every task, attributes, remaining time, volumes."""
    names = Task.objects.of(task.workspace).work().filter(process=task.process_id).exclude(activity="")
    activities = [str(name) for name in names.values_list("activity", flat=True)]
    log = EventLog.objects.of(task.workspace).in_use().filter(process=task.process_id).first()
    attributes = log.statistics.get("attributes", []) if log is not None else []
    at, named = task.activity, [str(name) for name in attributes if str(name).startswith("case:")]
    volumes = [TargetSpec.volume(task=at, period=period) for period in Period]
    targets = [
        *(TargetSpec.next_activity(task=at, positive=name) for name in activities),
        *(TargetSpec.later(task=at, activity=name) for name in activities),
        *(TargetSpec.attribute(task=at, column=name) for name in named),
        *([TargetSpec.remaining_time(task=at), *volumes] if log is None or log.tells_durations else []),
    ]
    return [target.text for target in targets if len(target.text) <= LONGEST_TEXT]


def _unfinished(task: Task) -> Run | None:
    """The check that is under way for this task or its process, None where there is none."""
    subjects = [f"task:{task.pk}", f"process:{task.process_id}"]
    runs = Run.objects.of(task.workspace).filter(kind="planner.screen", subject__in=subjects).order_by("-id")
    return next((run for run in runs[:5] if not run.is_over), None)
