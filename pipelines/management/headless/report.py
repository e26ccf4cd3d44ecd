"""`report.md`: what a walk found, for somebody who was not there."""

from canvas.domain.rendering import markdown_of
from canvas.selectors import canvas_document
from pipelines.management.headless.findings import Findings, Plan
from pipelines.management.headless.tables import (
    aside_table,
    log_table,
    ranking_table,
    run_table,
    task_table,
    value_table,
)
from planner.models import Task


def report_of(findings: Findings) -> str:
    """The report in Markdown: the log, its tasks, the ranking, then each plan with its canvas and its run."""
    process = findings.process
    tasks = Task.objects.of(process.workspace).work().filter(process=process).order_by("position")
    aside = aside_table(findings)
    parts = [
        f"# {' '.join(process.name.split())}: which tasks are worth a model",
        *(f"> {note}" for note in findings.notes),
        log_table(findings).markdown(),
        task_table(list(tasks)).markdown(),
        ranking_table(findings).markdown(),
        *([aside.markdown()] if aside else []),
        *(part for plan in findings.plans for part in _plan(plan)),
    ]
    return "\n\n".join(parts) + "\n"


def verdict_sentence(plan: Plan) -> str:
    """What to do with the task, in words; after a run, what its measured errors say."""
    found = plan.valued
    when = "after the run" if plan.run is not None and plan.run.measured is not None else "before any run"
    if found.finding is None:
        return f"{found.task.name}, {when}: no verdict yet{f', {found.gap}' if found.gap else ''}."
    return f"{found.task.name}, {when}: {found.finding.verdict.label}. {found.finding.reason}"


def opening_sentence(plan: Plan) -> str:
    """What is generated, and that it is generated all the same where a model is not the advice."""
    name, question = plan.valued.task.name, "Which activity is next?"
    if plan.target is not None:
        question = plan.target.target.question
    sentence = f"Canvas of {name} drafted. {question}"
    finding = plan.valued.finding
    if finding is None or finding.verdict.wants_a_model:
        return sentence
    return (
        f"{sentence} The advice is “{finding.verdict.label}”; the project is generated all the same, to be looked at."
    )


def _plan(plan: Plan) -> list[str]:
    parts = [f"# Plan: {' '.join(plan.valued.task.name.split())}", verdict_sentence(plan)]
    if plan.target is not None:
        spec = plan.target.target
        parts.append(f"The model would answer: {spec.question} The label is an {spec.label_kind.value}.")
        parts.append(f"The quick check on the log, before any model was built: {plan.target.reason}")
    if plan.archive is not None and plan.generation is not None:
        made = plan.generation
        parts.append(f"The project is `{plan.archive.name}`: {len(made.tree)} files, digest `{made.digest}`.")
    if plan.stopped:
        parts.append(f"It stopped there: {plan.stopped}")
    if plan.run is not None:
        parts += [run_table(plan).markdown(), f"The acceptance test of the run: {plan.run.sentence}"]
    measured = value_table(plan)
    if measured is not None:
        parts.append(measured.markdown())
    if plan.canvas is not None:
        parts.append(markdown_of(canvas_document(plan.canvas)))
    return parts
