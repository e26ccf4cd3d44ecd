"""What the app itself shows of the tests of the ML Test Score. What nothing shows has no points."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_RUN = "No run has been recorded yet."
MADE_UP = "The last run learnt from made-up rows: its figures say nothing."
NO_REPORT = "Nothing was looked at in the last 31 days."


@dataclass(frozen=True)
class Evidence:
    """Points (0, 0.5 or 1), the reason in a sentence, and the page that shows it; empty where none does."""

    points: float
    words: str
    place: str = ""


@dataclass(frozen=True)
class ScoreFacts:
    """What is known of a pipeline. `results` are those of the last recorded run's stages by name, None before one.

    `trainings` maps what a training was made from to the digests of the models it gave, one for each time it ran.
    `report` is the latest of 31 days as {drift, performance, service}. `approved_by` is empty where nobody approved.
    """

    results: Mapping[str, Mapping[str, Any]] | None = None
    number: int = 0
    made_up: bool = False
    metrics: Mapping[str, Any] = field(default_factory=dict)
    acceptance: Mapping[str, Any] = field(default_factory=dict)
    smoke: Mapping[str, Any] = field(default_factory=dict)
    trainings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approved_version: int | None = None
    approved_by: str = ""
    served: int | None = None
    previous: int | None = None
    rolled_back: bool = False
    triggers: frozenset[str] = frozenset()
    report: Mapping[str, Mapping[str, Any]] | None = None


def evidence_of(facts: ScoreFacts) -> dict[str, Evidence]:
    """What is shown, by the key of the test. Tests no page here can show are not in it."""
    return {key: found(facts) for key, found in _FOUND.items()}


def _of_run(found: Callable[[ScoreFacts], Evidence]) -> Callable[[ScoreFacts], Evidence]:
    return lambda facts: Evidence(0, NO_RUN, "pipeline") if facts.results is None else found(facts)


def _of_figures(found: Callable[[ScoreFacts], Evidence]) -> Callable[[ScoreFacts], Evidence]:
    return _of_run(lambda facts: Evidence(0, MADE_UP, "run") if facts.made_up else found(facts))


def _of_report(found: Callable[[ScoreFacts], Evidence]) -> Callable[[ScoreFacts], Evidence]:
    return lambda facts: Evidence(0, NO_REPORT, "monitoring") if facts.report is None else found(facts)


def _result(facts: ScoreFacts, stage: str, name: str) -> Mapping[str, Any]:
    found = (facts.results or {}).get(stage, {}).get(name)
    return found if isinstance(found, Mapping) else {}


def _schema(facts: ScoreFacts) -> Evidence:
    if not _result(facts, "validate", "profile"):
        return Evidence(0, f"Run {facts.number} did not tell what its check of the rows found.", "run")
    return Evidence(
        1, f"Every run checks each row against the schema and stops at a fault; run {facts.number} did.", "run"
    )


def _beneficial(facts: ScoreFacts) -> Evidence:
    measured = _result(facts, "evaluate", "points").get("importance") or {}
    features = measured.get("features") or []
    if not features:
        return Evidence(0, f"Run {facts.number} did not measure what each feature adds.", "plots")
    useless = sum(1 for each in features if each["mean"] <= 0)
    return Evidence(
        0.5, f"Measured for {len(features)} features, {useless} of them add nothing; a person has to look.", "plots"
    )


def _reviewed(facts: ScoreFacts) -> Evidence:
    if facts.approved_version is None:
        return Evidence(0, "Nobody has approved the canvas yet.", "canvas")
    by = f" by {facts.approved_by}" if facts.approved_by else ""
    return Evidence(0.5, f"Version {facts.approved_version} of the canvas was approved{by}.", "canvas")


def _correlate(facts: ScoreFacts) -> Evidence:
    before, used = facts.metrics.get("model") or {}, (facts.report or {}).get("performance", {}).get("figures") or {}
    both = sorted(name for name in used if name in before)
    if not both or facts.made_up:
        return Evidence(0, "No figure is known both before use and in use.", "monitoring")
    name = both[0].replace("_", " ")
    words = f"{name}: {before[both[0]]:.2f} before use, {used[both[0]]['value']:.2f} in use; a person has to compare."
    return Evidence(0.5, words, "monitoring")


def _tuned(facts: ScoreFacts) -> Evidence:
    tried = [one for one in _result(facts, "train", "tuning").get("tried") or [] if one.get("result") == "finished"]
    if len(tried) < 2:
        return Evidence(0, f"Run {facts.number} did not compare settings.", "run")
    return Evidence(1, f"Every training compares settings on earlier cases: {len(tried)} in run {facts.number}.", "run")


def _staleness(facts: ScoreFacts) -> Evidence:
    months = (facts.report or {}).get("performance", {}).get("months") or {}
    known = sum(1 for figures in months.values() if figures)
    if known < 2:
        return Evidence(0, "Outcomes of two months of one model are needed to see what age does.", "monitoring")
    return Evidence(
        0.5, f"Figures of {known} months of one model stand side by side; a person has to judge.", "monitoring"
    )


def _simpler(facts: ScoreFacts) -> Evidence:
    if not facts.acceptance.get("beats_rule"):
        return Evidence(0, f"In run {facts.number} the model did not surely beat the simple rule.", "run")
    return Evidence(1, f"Every run holds the model against a simple rule; in run {facts.number} it was better.", "run")


def _slices(facts: ScoreFacts) -> Evidence:
    found = facts.metrics.get("slices") or []
    if not found:
        return Evidence(0, f"Run {facts.number} measured no groups apart.", "run")
    return Evidence(0.5, f"Run {facts.number} measured {len(found)} groups; a person has to judge them.", "run")


def _reproducible(facts: ScoreFacts) -> Evidence:
    repeated = [digests for digests in facts.trainings.values() if len(digests) > 1]
    if not repeated:
        return Evidence(0, "Nothing was trained twice from the same input: run it again from the training.", "again")
    if any(len(set(digests)) > 1 for digests in repeated):
        return Evidence(0, "Trained twice from the same input, the models differ.", "pipeline")
    times = max(len(digests) for digests in repeated)
    return Evidence(1, f"Trained {times} times from the same input, the model is the same to the byte.", "pipeline")


def _integration(facts: ScoreFacts) -> Evidence:
    if not facts.smoke:
        return Evidence(0, f"Run {facts.number} did not tell whether what it packaged answers.", "run")
    return Evidence(1, f"Every run goes from the rows to answers of the packaged model; run {facts.number} did.", "run")


def _validated(facts: ScoreFacts) -> Evidence:
    checks = facts.acceptance.get("checks") or []
    if not checks:
        return Evidence(0, f"Run {facts.number} held its model to no limit.", "run")
    held = sum(1 for check in checks if check["holds"])
    words = (
        f"Only a model that passes all checks can be put into use; run {facts.number} passed {held} of {len(checks)}."
    )
    return Evidence(1, words, "run")


def _canary(facts: ScoreFacts) -> Evidence:
    if facts.served is None:
        return Evidence(0, "No model is served here.", "models")
    words = f"Version {facts.served} took over once its service was healthy; it was not tried on part of the cases."
    return Evidence(0.5, words, "models")


def _roll_back(facts: ScoreFacts) -> Evidence:
    if facts.rolled_back:
        return Evidence(1, "Going back is one click, and was done here.", "models")
    if facts.previous is not None:
        return Evidence(0.5, f"One click goes back to version {facts.previous}; nobody has tried it yet.", "models")
    return Evidence(0, "There is no earlier model in use to go back to.", "models")


def _dependencies(facts: ScoreFacts) -> Evidence:
    watched = [name for name in ("data", "code") if name in facts.triggers]
    if not watched:
        return Evidence(0, "No trigger looks after new data or new code.", "triggers")
    return Evidence(
        len(watched) / 2, f"Triggers notice new {' and new '.join(watched)}, and tell of each change.", "triggers"
    )


def _invariants(facts: ScoreFacts) -> Evidence:
    drift = (facts.report or {}).get("drift") or {}
    if not drift:
        return Evidence(0, "The last report could not tell whether inputs moved.", "monitoring")
    return Evidence(
        1, f"{len(drift)} inputs are held against the rows learnt from every day, with a limit.", "monitoring"
    )


def _skew(facts: ScoreFacts) -> Evidence:
    rows = facts.smoke.get("rows")
    if not rows:
        return Evidence(0, f"Run {facts.number} did not compare what is served with the trained model.", "run")
    return Evidence(1, f"Every run asks what is served and compares: {rows} rows alike in run {facts.number}.", "run")


def _not_stale(facts: ScoreFacts) -> Evidence:
    if not facts.triggers & {"schedule", "model"}:
        return Evidence(0, "Neither a schedule nor a worse figure starts a new training.", "triggers")
    what = "a schedule" if "schedule" in facts.triggers else "a figure past its limit"
    return Evidence(1, f"{what.capitalize()} starts a new training by itself.", "triggers")


def _stable(facts: ScoreFacts) -> Evidence:
    figures = facts.metrics.get("model") or {}
    numbers = [value for value in figures.values() if isinstance(value, int | float)]
    if not numbers or not all(math.isfinite(value) for value in numbers):
        return Evidence(0, f"Figures of run {facts.number} are missing or no numbers.", "run")
    return Evidence(1, f"A run stops at a figure that is no number or endless; run {facts.number} had none.", "run")


def _limits(facts: ScoreFacts) -> set[str]:
    return {str(limit["metric"]) for limit in (facts.report or {}).get("service", {}).get("limits") or []}


def _compute(facts: ScoreFacts) -> Evidence:
    slowest = (facts.report or {}).get("service", {}).get("p95_ms")
    if slowest is None:
        return Evidence(0, "No times of answers were told.", "monitoring")
    if "latency_ms" in _limits(facts):
        return Evidence(1, "Times of answers are held to the canvas's limit every day.", "monitoring")
    return Evidence(0.5, "Times of answers are measured; the canvas sets no limit for them.", "monitoring")


def _quality(facts: ScoreFacts) -> Evidence:
    figures = (facts.report or {}).get("performance", {}).get("figures") or {}
    if not figures:
        return Evidence(0, "Too few outcomes are known to say how often it was right.", "monitoring")
    if _limits(facts) & set(figures):
        return Evidence(1, "Predictions are held against outcomes and the canvas's limit every day.", "monitoring")
    return Evidence(0.5, "Predictions are held against outcomes; the canvas sets no limit for them.", "monitoring")


_FOUND: Mapping[str, Callable[[ScoreFacts], Evidence]] = {
    "schema": _of_run(_schema),
    "beneficial": _of_figures(_beneficial),
    "reviewed": _reviewed,
    "correlate": _of_report(_correlate),
    "tuned": _of_figures(_tuned),
    "staleness": _of_report(_staleness),
    "simpler": _of_figures(_simpler),
    "slices": _of_figures(_slices),
    "reproducible": _of_run(_reproducible),
    "integration": _of_run(_integration),
    "validated": _of_figures(_validated),
    "canary": _canary,
    "roll_back": _roll_back,
    "dependencies": _dependencies,
    "invariants": _of_report(_invariants),
    "skew": _of_run(_skew),
    "not_stale": _not_stale,
    "stable": _of_run(_stable),
    "compute": _of_report(_compute),
    "quality": _of_report(_quality),
}
