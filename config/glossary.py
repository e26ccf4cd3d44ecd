"""The words of the product in plain terms, one page for everybody: linked from where they appear, the foot and Ctrl K.

The formulas are in docs/formulas.md; here a process owner reads what a figure means, in one or two sentences.
"""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.domain.suitability.suitability import QUESTIONS
from planner.domain.suitability.verdicts import Verdict


@dataclass(frozen=True)
class Term:
    """A word, what it means, and the anchor it is linked by."""

    key: str
    name: str
    words: str


@dataclass(frozen=True)
class Group:
    """Terms that belong together."""

    key: str
    title: str
    terms: tuple[Term, ...]


PROCESS: Final = (
    Term(
        "process",
        "Process",
        "Work that comes again and again and goes through the same kinds of steps: claims, orders, loans.",
    ),
    Term(
        "event-log",
        "Event log",
        "A table with a row for each thing that was done: in which case, what, when and by whom.",
    ),
    Term("case", "Case", "One run of the process from its start to its end: one claim, one order."),
    Term(
        "task",
        "Task",
        "A step of the process. A task is a set of decisions; a decision is a prediction, a judgment and an action.",
    ),
    Term("volume", "Volume", "How often a task is done in a year: cases a year times visits a case."),
    Term("visits", "Visits a case", "How often a case comes to the task on average. Above 1 when cases come back."),
    Term(
        "handling", "Handling time", "The minutes a person works on one visit, without the time the case lies waiting."
    ),
    Term("waiting", "Waiting time", "The hours a case lies before somebody begins the task."),
    Term("rework", "Rework", "Visits of a task in a case that has been there before."),
)
VALUE: Final = (
    Term(
        "npv",
        "NPV, net present value",
        "All that a model brings in minus all that it costs over the years, in today’s money: a sum that comes later "
        "is worth less, by the discount rate of the workspace. Above zero it gains.",
    ),
    Term(
        "roi",
        "ROI, return on investment",
        "Net present value divided by the costs: 50 % means that a euro spent brings itself back and half a euro more. "
        "It favours small projects, so NPV always stands beside it.",
    ),
    Term(
        "irr",
        "IRR, internal rate of return",
        "The discount rate at which the project would neither gain nor lose. Some projects have none, or several; that "
        "is said then.",
    ),
    Term(
        "npv_per_once",
        "NPV per one-off",
        "Net present value for each unit of money paid once: the order to take when the budget is short.",
    ),
    Term(
        "payback",
        "Payback",
        "After how many months the money spent is back. “Never” where it does not come back within the years counted.",
    ),
    Term(
        "chance",
        "Chance of success",
        "In how many of 100 draws the model reaches production and brings more than it costs.",
    ),
    Term(
        "present-value",
        "Present value",
        "What sums of later years are worth today: each divided by one plus the discount rate, once for every year.",
    ),
    Term(
        "interval",
        "90 % interval",
        "Nothing is known exactly, so the value is drawn 2,048 times from your ranges. Nine in ten draws lie "
        "between the two numbers, one in twenty below, one in twenty above.",
    ),
    Term("loss", "Chance of a loss", "In how many of 100 draws the costs are higher than what comes back."),
    Term(
        "information",
        "Worth to know first",
        "The most that measuring an uncertain figure before deciding can be worth (expected value of perfect "
        "information). Do not pay more than this to find out.",
    ),
    Term(
        "coverage",
        "Coverage",
        "The share of visits that the model decides alone. The others go to a person, with the model’s proposal.",
    ),
    Term(
        "adoption",
        "Adoption",
        "The share of visits that go through the model at all: people and systems take it up over the first years.",
    ),
    Term(
        "recapture",
        "Recapture",
        "The share of freed time that is really saved. Minutes come free in pieces; not every piece can be used.",
    ),
    Term(
        "production",
        "Reaches production",
        "The chance that the model goes live. Where it does not, the money paid once is spent and nothing comes back.",
    ),
    Term("one-off", "One-off costs", "What is paid once: finding out, data, building, connecting, training people."),
    Term(
        "default",
        "Default",
        "A figure nobody has set yet, so a usual one is taken. A ranking that rests on defaults says so.",
    ),
)
FORESIGHT: Final = (
    Term(
        "target",
        "Target",
        "The one question a model answers at a task: which activity follows, whether something happens later, a field, "
        "or the time that is left.",
    ),
    Term(
        "outcome",
        "Outcome",
        "An answer that shows itself later, whoever decided: the loan was repaid, the claim was fraud. A model that "
        "learns outcomes can be better than people.",
    ),
    Term(
        "imitation",
        "Imitation",
        "The answer in the log is what a person decided. A model learns to decide alike; who was right where the two "
        "differ, the log cannot tell. It gains time, not better decisions.",
    ),
    Term(
        "auc",
        "AUC",
        "How well a model tells two kinds of cases apart: of one of each, how often it gives the right one the higher "
        "score. 0.5 is a coin, 1 is perfect. Always measured on later cases than it learnt from.",
    ),
    Term(
        "psi",
        "PSI, population stability index",
        "How far the values of an input have moved from those the model learnt from; 0 where nothing moved. By custom "
        "0.1 is a small shift and 0.2 a large one.",
    ),
    Term(
        "rule-to-beat",
        "Rule to beat, baseline heuristic",
        "The simplest thing that could decide instead, such as “always yes” or one limit on one field. A model that is "
        "no better than it is not worth building.",
    ),
    Term(
        "log-loss",
        "Log loss",
        "How far off the probabilities are; 0 is perfect. It punishes being sure and wrong.",
    ),
    Term(
        "confusion",
        "Right and wrong decisions",
        "Found: acted, rightly. Missed: should have acted. Needless: acted, but it was not so. Rightly left: the rest "
        "(the confusion matrix).",
    ),
    Term(
        "suitability",
        "Suitability",
        "Eight questions about a task, each answered from 0 (speaks against a model) to 5 (speaks for one). The log "
        "answers what it can; a person’s answer wins.",
    ),
)
BUILDING: Final = (
    Term(
        "canvas",
        "Machine Learning Canvas",
        "One sheet in ten blocks on which people agree what to build: who uses the prediction, what is decided with "
        "it, what right and wrong are worth, where the data comes from. By Louis Dorard, ownml.co.",
    ),
    Term(
        "pipeline",
        "Pipeline",
        "A project that takes data to a trained, tested and packaged model, and can do so again.",
    ),
    Term(
        "training-table",
        "Training table",
        "One row for each case that came to the task, with what was known at that moment, and the answer. Nothing from "
        "after the moment is in it.",
    ),
    Term("run", "Run", "One pass through the stages of a pipeline, from reading the data to a packaged model."),
    Term(
        "workflow",
        "Form of workflow",
        "When a model learns (at times, or all along) and when it answers (in batches, or at once). The four "
        "combinations: forecast, web service, AutoML, online learning.",
    ),
    Term(
        "serving-pattern",
        "Serving pattern",
        "How an application gets at the answers of a model; the five usual ones follow.",
    ),
    Term("as-service", "Model-as-Service", "A web service of its own holds the model; applications ask it."),
    Term("as-dependency", "Model-as-Dependency", "The model ships inside the application, which asks it directly."),
    Term(
        "precompute", "Precompute", "Answers are computed in advance into a database, where applications look them up."
    ),
    Term(
        "on-demand",
        "Model-on-Demand",
        "Questions wait in a queue, the model takes them as it can, and the answers come back through another.",
    ),
    Term("hybrid", "Hybrid, federated", "A model for each user learns on the device; only what it learnt is shared."),
    Term(
        "model-version",
        "Version of a model",
        "What one finished run made: the model with its figures, its card and what it was made from. It never changes.",
    ),
    Term("champion", "Champion", "The version that is in use: it answers, and is what monitoring looks at."),
    Term(
        "candidate",
        "Candidate",
        "A version that would replace the champion: its run passed the acceptance test, but it is not in use yet.",
    ),
    Term(
        "previous",
        "Previous",
        "The version that was in use before the champion, kept so that one click brings it back.",
    ),
    Term(
        "promotion",
        "Promotion",
        "Putting a version into use. Where the workspace asks for it, a second person approves it first.",
    ),
    Term("roll-back", "Roll-back", "Putting the previous version into use again, at once and without a new run."),
    Term(
        "lineage",
        "Lineage",
        "What a model was made from (log or table, generation, run) and what came of it, down to its predictions.",
    ),
    Term(
        "trigger",
        "Trigger",
        "What starts a run by itself: new data, new code, a model that got worse, or a schedule. One change, one run.",
    ),
    Term(
        "quiet-period",
        "Quiet period",
        "How long a trigger waits for further changes before it starts: those of that time are one run together.",
    ),
    Term("stale", "Stale", "A model in use of which a figure is past the limit that its canvas names."),
    Term(
        "generation",
        "Generation",
        "One rendering of a project from its canvas. The same canvas, options and rows give the same bytes.",
    ),
    Term(
        "acceptance-test",
        "Acceptance test",
        "What a model has to reach on later cases before it may be put into use, as the canvas says.",
    ),
    Term(
        "drift", "Drift", "Later cases no longer look like those the model learnt from. It is told by its PSI figure."
    ),
)


def glossary_groups() -> tuple[Group, ...]:
    """All terms; verdicts and questions are those the product itself uses."""
    verdicts = tuple(Term(one.value.replace("_", "-"), one.label.capitalize(), one.sentence) for one in Verdict)
    questions = tuple(Term(f"question-{one.key}", one.text, one.meaning) for one in QUESTIONS)
    return (
        Group("the-process", "The process", PROCESS),
        Group("the-value", "What a model is worth", VALUE),
        Group("the-verdicts", "The verdicts on a task", verdicts),
        Group("the-foresight", "What can be foreseen", FORESIGHT),
        Group("the-questions", "The questions on suitability", questions),
        Group("the-building", "Building and running", BUILDING),
    )


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """One page, open to everybody; every term has an anchor."""
    return render(request, "glossary.html", {"groups": glossary_groups()})
