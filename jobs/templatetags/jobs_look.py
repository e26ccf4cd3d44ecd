"""Tags that show a run: `{% run_picture run as picture %}`, signs and words of states and log levels."""

from collections.abc import Mapping

from django import template
from django.utils import timezone

from common.formatting import number
from jobs.domain.log_text import marked, visible
from jobs.domain.states import RunState, StageState
from jobs.models import LogEntry, LogEvent, Run, Stage
from jobs.selectors import RunPicture, words_of
from jobs.selectors import run_picture as picture_of
from jobs.services import BrokerState, broker_state

register = template.Library()
SIGNS = {
    "succeeded": "check", "cached": "same", "failed": "stop", "running": "run", "waiting": "wait",
    "cancelled": "dash", "upstream_failed": "dash",
}  # fmt: skip
EVENTS: dict[str, str] = {
    LogEvent.SUBMITTED: "asked for", LogEvent.READY: "queued", LogEvent.CACHED: "unchanged, not run again",
    LogEvent.CLAIMED: "begun", LogEvent.SUCCEEDED: "done", LogEvent.REAPED: "taken back",
    LogEvent.UPSTREAM_FAILED: "not run, what it waits for failed", LogEvent.WAITING: "waits for a person",
    LogEvent.POSTPONED: "put off",
}  # fmt: skip
LEVELS = {"warning": "warn", "error": "bad"}


@register.simple_tag
def run_picture(run: Run) -> RunPicture:
    """The run as it is now."""
    return picture_of(run, now=timezone.now())


@register.filter
def state_sign(state: RunState | StageState) -> str:
    """The icon of a state."""
    return SIGNS.get(state.value, "open")


@register.filter
def stage_words(name: str) -> str:
    """A stage's name for people."""
    return words_of(name)


@register.filter
def level_kind(level: str) -> str:
    """`warn` or `bad` for the lines that should be seen, else nothing."""
    return LEVELS.get(level, "")


@register.filter
def entry_words(entry: LogEntry) -> str:
    """What an entry says; an event without a text of its own says what happened."""
    text = visible(entry.text)
    if text and entry.event in {LogEvent.MESSAGE, LogEvent.METRIC}:
        return text
    word = EVENTS.get(entry.event, entry.event.replace("_", " "))
    tried = f" (attempt {entry.attempt})" if entry.attempt > 1 and entry.event == LogEvent.CLAIMED else ""
    return f"{word}{tried}: {text}" if text else f"{word}{tried}"


@register.filter
def pieces(text: str, query: str) -> list[tuple[str, bool]]:
    """The words of a line in pieces, those that were looked for marked."""
    return marked(text, query)


@register.simple_tag
def stage_seconds(stage: Stage) -> float | None:
    """How long the stage has taken, or takes so far."""
    if stage.started_at is None:
        return None
    return ((stage.finished_at or timezone.now()) - stage.started_at).total_seconds()


@register.simple_tag
def broker_is_down() -> bool:
    """Whether queued work waits for the broker to come back."""
    return broker_state() is BrokerState.DOWN


@register.filter
def plain_metrics(metrics: Mapping[str, object]) -> str:
    """The figures and words a stage reported, in a line; tables among them stand on pages of their own."""
    told = {name: value for name, value in metrics.items() if isinstance(value, str | int | float)}
    return ", ".join(f"{name} {number(value) if isinstance(value, float) else value}" for name, value in told.items())
