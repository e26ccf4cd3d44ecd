"""What people say about the blocks of a canvas, and who was mentioned there and has not answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Membership, User, Workspace
from accounts.selectors import members_of
from canvas.domain.blocks import SHEET
from canvas.domain.mentions import Handles, Piece, handles_of, pieces
from canvas.domain.sheet import MARKS
from canvas.models import Canvas, CanvasComment, CanvasMention


@dataclass(frozen=True, eq=False)
class Said:
    """One comment, its text in stretches so that those who are mentioned stand out."""

    comment: CanvasComment
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, eq=False)
class BlockTalk:
    """What is said about one block: the open comments, oldest first, and those that are resolved."""

    key: str
    mark: str
    title: str
    open: tuple[Said, ...]
    resolved: tuple[Said, ...]

    @property
    def every(self) -> list[Said]:
        """Open and resolved ones as they were said."""
        return sorted((*self.open, *self.resolved), key=lambda said: (said.comment.at, said.comment.pk))


@dataclass(frozen=True, eq=False)
class CanvasTalk:
    """What is said about a canvas. `blocks` by key in the order of the sheet, `stamp` differs after any change."""

    blocks: dict[str, BlockTalk]
    members: Sequence[Membership]
    stamp: str

    @property
    def open(self) -> int:
        return sum(len(block.open) for block in self.blocks.values())

    def changed_since(self, stamp: str) -> list[str]:
        """Titles of blocks in which something was said or changed after `stamp`."""
        latest = stamp.partition("-")[2]
        return [block.title for block in self.blocks.values() if any(_time(one) > latest for one in block.every)]


def _time(said: Said) -> str:
    return _moment(said.comment.changed_at)


def _moment(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def comments_of(canvas: Canvas) -> QuerySet[CanvasComment]:
    """The comments of a canvas, oldest first, with who wrote and who resolved them."""
    found = CanvasComment.objects.of(canvas.workspace).filter(canvas=canvas)
    return found.select_related("author", "resolved_by")


def canvas_talk(canvas: Canvas, *, upto: int | None = None) -> CanvasTalk:
    """What is said about each block; with `upto` only what was said by that version. Two queries."""
    comments, members = list(comments_of(canvas)), members_of(canvas.workspace)
    handles = member_handles(members)
    latest = max((_moment(one.changed_at) for one in comments), default="")
    told = [
        Said(one, tuple(pieces(one.text, handles))) for one in comments if upto is None or one.canvas_version <= upto
    ]
    blocks = {}
    for block in SHEET:
        here = [said for said in told if said.comment.block == block.key]
        still = tuple(said for said in here if said.comment.resolved_at is None)
        settled = tuple(said for said in here if said.comment.resolved_at is not None)
        blocks[block.key] = BlockTalk(block.key, MARKS[block.key], block.title, still, settled)
    return CanvasTalk(blocks, members, f"{len(comments)}-{latest}")


def talk_path(canvas: Canvas, block: str) -> str:
    """The address of the sheet with the comments of a block unfolded."""
    sheet = reverse("canvas:sheet", args=[canvas.workspace.slug, canvas.task_id])
    return f"{sheet}?at={block}&talk={block}#talk-{MARKS[block]}"


def member_handles(members: Sequence[Membership]) -> Handles:
    """By which names the members of a workspace are mentioned."""
    return handles_of({one.user.pk: (one.user.name, one.user.email) for one in members if one.user.is_active})


def mentions_waiting(workspace: Workspace, user: User | None) -> QuerySet[CanvasMention]:
    """Where somebody was mentioned and has not answered, the latest first; what is resolved waits for nobody."""
    found = CanvasMention.objects.of(workspace).filter(
        user=user, answered_at=None, comment__resolved_at=None, comment__canvas__task__removed_at=None
    )
    return found.select_related("comment__author", "comment__canvas__task", "comment__canvas__workspace").order_by(
        "-comment__at", "-pk"
    )
