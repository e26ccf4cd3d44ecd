"""What pipelines learn from: the choice of a canvas, its tables, what a person sees of one."""

from dataclasses import dataclass

from canvas.models import Canvas
from pipelines.domain.uploaded.profile import ColumnProfile, TableProfile
from pipelines.domain.uploaded.remarks import Remark, person_remark, remarks_of
from pipelines.domain.uploaded.roles import LEARNT_AS, REPLACED, RoleProblem, Roles, role_words, roles_check
from pipelines.domain.uploaded.screening import ColumnScore
from pipelines.models import RowsFrom, TrainingSource, TrainingUpload
from planner.models import DecisionTarget, EventLog, Task
from planner.selectors import chosen_target


@dataclass(frozen=True)
class TrainingChoice:
    """What a canvas learns from, whether a person chose it, and what else there is.

    `target` is the question the log answers, None where no log knows the task or nothing is chosen.
    """

    rows_from: RowsFrom
    by_person: bool
    upload: TrainingUpload | None
    log: EventLog | None
    uploads: tuple[TrainingUpload, ...]
    target: DecisionTarget | None


@dataclass(frozen=True)
class ColumnView:
    """One column of a table: its profile, what is odd about it, how much it tells of the target alone.

    `role` is "" for an input and for a column left out; `used_as` says in words what it is.
    """

    profile: ColumnProfile
    role: str
    used_as: str
    remarks: tuple[Remark, ...]
    score: ColumnScore | None

    @property
    def leaks(self) -> bool:
        return self.score is not None and self.score.leaks

    @property
    def names_people(self) -> bool:
        """Whether it seems to."""
        return self.profile.person is not None


@dataclass(frozen=True)
class UploadView:
    """A profiled table as people read it; `remarks` are those about all of it."""

    profile: TableProfile
    roles: Roles
    remarks: tuple[Remark, ...]
    columns: tuple[ColumnView, ...]
    problems: tuple[RoleProblem, ...]

    @property
    def leaking(self) -> list[ColumnView]:
        """Inputs that tell the target by themselves."""
        return [column for column in self.columns if column.leaks and column.profile.name in self.roles.kinds]

    @property
    def naming(self) -> list[str]:
        """Columns that seem to name people, whatever they are used for."""
        return [column.profile.name for column in self.columns if column.names_people]

    @property
    def exposing(self) -> list[str]:
        """Those of them whose values are kept as they stand."""
        kept = {name for name, kind in self.roles.kinds.items() if kind != REPLACED} | {self.roles.target}
        return [name for name in self.naming if name in kept]


def training_choice(canvas: Canvas) -> TrainingChoice:
    """The source of a canvas; the log without a choice, made-up rows where there is no log."""
    chosen = TrainingSource.objects.of(canvas.workspace).filter(canvas=canvas).select_related("upload").first()
    uploads = tuple(TrainingUpload.objects.of(canvas.workspace).of_canvas(canvas))
    log = training_log(canvas.task)
    rows_from, upload = _effective(chosen, log)
    target = chosen_target(canvas.task) if log is not None else None
    return TrainingChoice(rows_from, chosen is not None, upload, log, uploads, target)


def rows_from_of(canvas: Canvas) -> RowsFrom:
    """Where the rows of a canvas's pipeline come from."""
    return training_choice(canvas).rows_from


def upload_in_use(canvas: Canvas) -> TrainingUpload | None:
    """The table it learns from, None where it learns from something else."""
    return training_choice(canvas).upload


def training_log(task: Task) -> EventLog | None:
    """The log that knows the task; None where there is none."""
    if not task.activity:
        return None
    return EventLog.objects.of(task.workspace).in_use().filter(process=task.process_id).first()


def upload_view(upload: TrainingUpload) -> UploadView | None:
    """None until it is profiled."""
    if not upload.is_profiled:
        return None
    profile = TableProfile.from_json(upload.profile)
    roles = Roles.from_json(upload.roles)
    remarks = remarks_of(profile)
    scores = {score["name"]: ColumnScore(**score) for score in upload.scores}
    columns = tuple(_column(column, roles, remarks, scores) for column in profile.columns)
    own = {column.name for column in profile.columns}
    of_table = tuple(remark for remark in remarks if remark.column not in own)
    return UploadView(profile, roles, of_table, columns, tuple(roles_check(profile, roles)))


def _column(column: ColumnProfile, roles: Roles, remarks: list[Remark], scores: dict[str, ColumnScore]) -> ColumnView:
    own = tuple(remark for remark in remarks if remark.column == column.name)
    role = role_words(roles, column.name)
    learnt_as = roles.kinds.get(column.name, "")
    used_as = role or LEARNT_AS.get(learnt_as, "left out")
    person = person_remark(column, learnt_as, role)
    own = (person, *own) if person else own
    return ColumnView(column, role, used_as, own, scores.get(column.name))


def _effective(chosen: TrainingSource | None, log: EventLog | None) -> tuple[RowsFrom, TrainingUpload | None]:
    if chosen is not None and chosen.rows_from == RowsFrom.UPLOAD and chosen.upload is not None:
        return RowsFrom.UPLOAD, chosen.upload
    if chosen is not None and chosen.rows_from == RowsFrom.MADE_UP:
        return RowsFrom.MADE_UP, None
    return (RowsFrom.LOG if log is not None else RowsFrom.MADE_UP), None
