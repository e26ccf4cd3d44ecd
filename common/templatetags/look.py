"""Tags of the look: signs, the steps of a process, form fields with their class, querystrings."""

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from common.formatting import count
from common.icons import icon_svg
from common.steps import StepState, steps_of

register = template.Library()

SIGNS = {"ok": "check", "warn": "warn", "bad": "stop", "run": "run", "": "open", "plain": "dash"}


@register.simple_tag
def icon(name: str, size: int = 16, css: str = "", label: str = "") -> SafeString:
    """A sign: `{% icon "check" %}`, `{% icon step.sign 14 %}`."""
    return mark_safe(icon_svg(name, int(size), escape(css), escape(label)))  # noqa: S308 - the drawings are our own


@register.simple_tag
def term(key: str, words: str) -> SafeString:
    """A word that leads to its meaning: `{% term "npv" "Net present value" %}`; keys are those of the glossary."""
    return format_html('<a class="term" href="{}#{}">{}</a>', reverse("glossary"), key, words)


@register.filter
def sign_of(kind: str) -> str:
    """The sign that goes with a kind of tag when none is named."""
    return SIGNS.get(kind or "", "info")


@register.inclusion_tag("includes/_steps.html")
def process_steps(process: object, current: str = "", swap: bool = False) -> dict[str, object]:
    """The bar of eight steps of `process`, `current` underlined; `swap` puts it in the place of the one shown."""
    steps: list[StepState] = steps_of(process)
    shown = {"process": process, "steps": steps, "current": current, "swap": swap}
    return shown | {"home": steps[0].url, "words": words_of(process)}


def words_of(process: object) -> str:
    """What stands below the name: how many cases a year, when it is known."""
    cases = getattr(process, "cases_a_year", None)
    return f"process, {count(cases)} a year" if cases else "process"


@register.simple_tag
def widget(field: BoundField, css: str = "") -> SafeString:
    """The field's input with our class; Django adds aria-describedby and aria-invalid itself."""
    plain = isinstance(field.field.widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple)
    return field.as_widget(attrs={} if plain else {"class": f"input {css}".strip()})


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the field is one box to tick, which stands before its label."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    """Whether the field is a group of boxes, which needs a fieldset and a legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def initials(name: str) -> str:
    """Two letters for a person: of the first and last word, or of the address."""
    words = name.split("@", maxsplit=1)[0].replace(".", " ").replace("-", " ").split()
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "?"
