"""Writes the log of a run."""

from jobs.models import LogEntry, LogEvent, LogLevel, Run, Stage

LONGEST_TEXT = 8_000


def text_clean(text: str) -> str:
    """`text` as any database keeps it: no NUL, no lone surrogate, at most LONGEST_TEXT characters."""
    storable = text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return storable if len(storable) <= LONGEST_TEXT else f"{storable[:LONGEST_TEXT]} …"


def log_entry(
    stage: Stage, event: LogEvent, text: str = "", *, level: LogLevel = LogLevel.INFO, attempt: int | None = None
) -> LogEntry:
    """An entry about `stage`, not yet written."""
    return LogEntry(
        workspace_id=stage.workspace_id,
        run_id=stage.run_id,
        stage=stage,
        attempt=stage.attempt if attempt is None else attempt,
        event=event,
        level=level,
        text=text_clean(text),
    )


def stage_record(
    stage: Stage, event: LogEvent, text: str = "", *, level: LogLevel = LogLevel.INFO, attempt: int | None = None
) -> None:
    """Write an entry about `stage`."""
    log_entry(stage, event, text, level=level, attempt=attempt).save(force_insert=True)


def run_record(run: Run, event: LogEvent, text: str = "") -> None:
    """Write an entry about the whole run."""
    LogEntry.objects.create(workspace_id=run.workspace_id, run=run, event=event, text=text_clean(text))
