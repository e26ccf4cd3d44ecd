"""Specifications whose every text is hostile or a reserved word, and the same with plain text."""

import keyword
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from pipelines.domain.architecture import Architecture, Problem
from pipelines.domain.designing import CanvasFacts, CanvasField, TableFacts, TableFeature, specification_make
from pipelines.domain.identifiers import RESERVED
from pipelines.domain.specification import Choice, PlannedValue, Series, Specification

CANARY = "hostile_text_was_executed"
HOSTILE = [
    "say \"hi\" and 'bye'",
    "'''\n\"\"\"",
    "🙂👩‍💻 ünï",
    "line one\nline two\r\n\u2028three",
    "{{ 7 * 7 }} {% raw %} [[= project =]] [[% endif %]]",
    "${{ github.token }} $(id) `id` $HOME",
    f"$(touch {CANARY}) `touch {CANARY}`; touch {CANARY} && touch {CANARY}",
    "\x00\x07\x1b[31m\u202e\ud800",
    "# heading\n- list | table\n| a | b |\n|---|---|",
    "</script><script>alert(1)</script><!-- ]]> -->",
    "\\N{BULLET} \\x41 \\u0041 %s {0} {title!r}",
    f"__import__('os').system('touch {CANARY}')",
    f'"; import os; os.system("touch {CANARY}"); "',
    "key: value\n- other: &anchor *anchor !!python/object:os.system",
    "../../etc/passwd",
    "FROM scratch\nRUN id\nUSER root",
    "all:\n\ttouch x\n$(shell id) $$(id)",
    "[tool.ruff]\nselect = []",
    "=HYPERLINK(1)",
    "-rf / --no-preserve-root",
    "x" * 5_000,
    "null",
    "~",
    "yes",
    "0x10",
    "1e3",
    "NaN",
]
MEANT_ELSEWHERE = ("FROM", "ADD", "include", "export", "exec", "on", "off", "define", "endef")
WORDS = [*sorted(RESERVED), *keyword.kwlist, *MEANT_ELSEWHERE]
SERIES = Series("day", 7, "UTC", "2023-01-02", tuple(range(7)), ())
LAGS = (
    "lag_1",
    "lag_2",
    "lag_3",
    "season_1",
    "season_2",
    "mean_7",
    "mean_28",
    "day_of_month",
    "closed_before",
    "trend",
)
PLACES = (
    "value_proposition.end_user",
    "value_proposition.objective",
    "decisions.action",
    "decisions.decision_rule",
    "decisions.human_in_loop",
    "prediction_task.entity",
    "prediction_task.baseline_heuristic",
    "making_predictions.mode",
    "making_predictions.schedule",
    "data_collection.strategy",
    "features.sources",
    "building_models.retrain_trigger",
    "monitoring.business_metrics",
)


def hostile_specification(problem: Problem, architecture: Architecture, texts: Sequence[str]) -> Specification:
    """Every field that holds text of people has one of `texts`, taken in turn."""
    turn = _turn(texts)
    features = [_feature(problem, place, next(turn), turn) for place in range(12)]
    if problem is Problem.FORECASTING:
        features = [TableFeature(name, next(turn), "number", next(turn), next(turn), next(turn), True) for name in LAGS]
        features += [TableFeature(name, next(turn), "category", required=True) for name in ("weekday", "month")]
    classes = {Problem.BINARY: 2, Problem.MULTICLASS: 3}.get(problem, 0)
    names = [f"{place} {next(turn)}" for place in range(classes)]
    table = TableFacts(
        features=features,
        question=next(turn),
        task=str(problem),
        classes=names,
        positive=names[0] if problem is Problem.BINARY else "",
        label_kind="outcome",
        rows=400,
        unit=next(turn) if not classes else "",
        excluded=[(next(turn), 3)],
        series=SERIES if problem is Problem.FORECASTING else None,
        choices=[Choice("Rows", next(turn), next(turn), "data_collection.strategy")],
    )
    fields = [_field(place, turn) for place in PLACES]
    canvas = CanvasFacts(next(turn), next(turn), fields, 3, next(turn))
    planned = PlannedValue(148000.0, 21000.0, 290000.0, 1.9, 14.0, 0.08, "EUR", 5)
    return specification_make(canvas, table, planned=planned, architecture=architecture, lock_digest="0" * 64)


def plainly(specification: Specification) -> Specification:
    """The same names of package and columns, every text of people another, harmless one."""
    numbers = count()

    def plain() -> str:
        return f"plain text {next(numbers)}"

    label = specification.label
    classes = tuple(f"class {place}" for place in range(len(label.classes)))
    positive = classes[label.classes.index(label.positive)] if label.positive else ""
    return replace(
        specification,
        title=plain(),
        process=plain(),
        story=tuple(replace(part, block=plain(), name=plain(), text=plain()) for part in specification.story),
        label=replace(label, title=plain(), classes=classes, positive=positive, unit=plain() if label.unit else ""),
        features=tuple(
            replace(feature, title=plain(), unit=plain(), source=plain(), description=plain())
            for feature in specification.features
        ),
        values=replace(specification.values, currency="EUR"),
        choices=tuple(replace(choice, value=plain(), reason=plain()) for choice in specification.choices),
        excluded=tuple((plain(), number) for _, number in specification.excluded),
        unread=plain(),
    )


def turned(place: int) -> list[str]:
    """The texts of the combination at that place: another beginning for each, so that every text meets every field."""
    texts = [*HOSTILE, *WORDS[place::29]]
    start = place * 5 % len(texts)
    return texts[start:] + texts[:start]


def _turn(texts: Sequence[str]) -> Iterator[str]:
    while True:
        yield from texts


def _feature(problem: Problem, place: int, name: str, turn: Iterator[str]) -> TableFeature:
    kind = ("number", "category", "flag")[place % 3]
    return TableFeature(name, next(turn), kind, next(turn), next(turn), next(turn), required=place < 2)


def _field(place: str, turn: Iterator[str]) -> CanvasField:
    block, key = place.split(".")
    return CanvasField(block, key, next(turn), next(turn), next(turn))
