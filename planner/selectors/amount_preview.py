"""What a text means while it is typed: its mean, where nine in ten lie, a small drawing; or what is wrong with it."""

from dataclasses import dataclass

from common.formatting import count, number, share
from planner.charts.amount import AmountDrawing, draw_amount
from planner.domain.valuation.amounts import LONGEST
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS, read_text
from planner.domain.valuation.distributions import Distribution, is_certain, quantile


@dataclass(frozen=True)
class AmountPreview:
    """`words` says what was read, `problem` why nothing was; only one of them is filled. `drawing` is of an amount."""

    words: str = ""
    problem: str = ""
    drawing: AmountDrawing | None = None


def amount_preview(key: str, text: str, currency: str) -> AmountPreview:
    """How a text is read for an assumption; an empty one says nothing. KeyError where there is no such assumption."""
    if key not in INPUTS and key not in (ADOPTION, ERROR_FORM, HORIZON):
        raise KeyError(key)
    if not text.strip():
        return AmountPreview()
    try:
        found = read_text(key, text if key in INPUTS else text[: LONGEST + 1], currency)
    except ValueError as problem:
        return AmountPreview(problem=str(problem))
    if key not in INPUTS:
        return AmountPreview(words=_plain_words(found))
    distribution: Distribution = found  # type: ignore[assignment]
    spec = INPUTS[key]
    drawing = draw_amount(distribution, share=spec.is_share)
    unit = spec.unit.replace("{currency}", currency)
    return AmountPreview(amount_words(distribution, unit, percent=spec.is_share), drawing=drawing)


def amount_words(distribution: Distribution, unit: str = "", *, percent: bool = False) -> str:
    """
    >>> from planner.domain.valuation.amounts import read_amount
    >>> amount_words(read_amount("25 to 35"), "days"), amount_words(read_amount("12"))
    ('mean 30 days; nine times in ten between 25 and 35', 'exactly 12')
    """
    after = f" {unit}" if unit else ""
    if is_certain(distribution):
        return f"exactly {_figure(quantile(distribution, 0.5), percent=percent)}{after}"
    low, high = (_figure(quantile(distribution, edge), percent=percent) for edge in (0.05, 0.95))
    return f"mean {_figure(distribution.mean, percent=percent)}{after}; nine times in ten between {low} and {high}"


def _figure(value: float, *, percent: bool) -> str:
    return share(value, 1) if percent else number(value)


def _plain_words(found: object) -> str:
    if isinstance(found, tuple):
        years = [f"year {place} {share(each, 1)}" for place, each in enumerate(found, 1)]
        return f"{', '.join(years)}, and so on" if found else ""
    return f"{count(found)} years" if isinstance(found, int) else ""
