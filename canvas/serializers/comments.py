"""The shapes of comments on canvases in the API."""

from typing import Any

from rest_framework import serializers

from canvas.domain.blocks import SHEET
from canvas.domain.mentions import LONGEST_COMMENT
from canvas.models import CanvasComment, CanvasMention
from common.api import KnownFields

BLOCK_CHOICES = [(block.key, block.title) for block in SHEET]


class CanvasCommentSerializer(serializers.ModelSerializer[CanvasComment]):
    """What somebody said about a block."""

    author = serializers.CharField(help_text="Who wrote it; empty when they left.")
    resolved_by = serializers.CharField(help_text="Who resolved it.")
    canvas_version = serializers.IntegerField(help_text="The version of the canvas it was written on.")
    version = serializers.IntegerField(help_text="Counts the changes of the comment; its ETag holds it.")
    mentions = serializers.SerializerMethodField(help_text="Members it mentions.")

    class Meta:
        model = CanvasComment
        fields = (
            *("id", "canvas", "block", "author", "text", "mentions", "canvas_version", "version"),
            *("at", "edited_at", "resolved_at", "resolved_by"),
        )
        read_only_fields = fields

    def get_mentions(self, comment: CanvasComment) -> list[str]:
        return [str(each.user) for each in comment.mentions.all()]

    def to_representation(self, instance: CanvasComment) -> dict[str, Any]:
        people = {"author": str(instance.author or ""), "resolved_by": str(instance.resolved_by or "")}
        return {**super().to_representation(instance), **people}


class CommentFilterSerializer(serializers.Serializer[Any]):
    block = serializers.ChoiceField(required=False, choices=BLOCK_CHOICES, help_text="Only comments on this block.")
    open = serializers.BooleanField(required=False, help_text="Only those that are open, or only those resolved.")


class CommentCreateSerializer(KnownFields):
    """A comment on a block. `@` and the name or address of a member mentions them."""

    block = serializers.ChoiceField(choices=BLOCK_CHOICES, help_text="The block it is about.")
    text = serializers.CharField(max_length=LONGEST_COMMENT, help_text="Plain text.")


class CommentChangeSerializer(KnownFields):
    """The comment anew."""

    text = serializers.CharField(max_length=LONGEST_COMMENT, help_text="Plain text.")


class CommentResolveSerializer(KnownFields):
    """Whether a comment is dealt with."""

    resolved = serializers.BooleanField(help_text="True resolves it, false opens it again.")


class MentionSerializer(serializers.ModelSerializer[CanvasMention]):
    """Where the caller is mentioned and has not answered."""

    comment = CanvasCommentSerializer()
    task = serializers.IntegerField(source="comment.canvas.task_id")
    task_name = serializers.CharField(source="comment.canvas.task.name")

    class Meta:
        model = CanvasMention
        fields = ("id", "task", "task_name", "comment")
        read_only_fields = fields
