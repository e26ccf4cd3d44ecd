"""What differs between two generations of a pipeline."""

from dataclasses import dataclass

from common.formatting import listed
from pipelines.domain.project_difference import (
    FileDifference,
    change_counts,
    change_reasons,
    changed_paths,
    file_difference,
)
from pipelines.models import Generation
from pipelines.selectors.generation_files import generation_files

MOST_FILES = 60


@dataclass(frozen=True)
class ProjectDifference:
    """`files` by path, at most 60; `more` is how many further ones differ. `before` is None for the first.

    `counts` are files added, removed and changed; `reasons` what of the specification differs.
    """

    before: Generation | None
    after: Generation
    files: tuple[FileDifference, ...]
    more: int
    counts: tuple[int, int, int] = (0, 0, 0)
    reasons: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """What the change comes from, in words."""
        reasons = [*self.reasons]
        if self.before and self.before.with_rows != self.after.with_rows:
            reasons.append("the real rows are in it" if self.after.with_rows else "the real rows are not in it")
        return listed(reasons) if reasons else "other rows, or newer templates of Taskworth"

    @property
    def count(self) -> int:
        return len(self.files) + self.more


def difference_of(generation: Generation) -> ProjectDifference:
    """Against the one before it; nothing where it is the first."""
    before = generation_before(generation)
    return project_difference(before, generation) if before else ProjectDifference(None, generation, (), 0)


def generation_before(generation: Generation) -> Generation | None:
    """The one before it, of the same pipeline."""
    found = Generation.objects.of(generation.workspace).filter(pipeline=generation.pipeline)
    return found.filter(number__lt=generation.number).select_related("archive").order_by("-number").first()


def project_difference(before: Generation, after: Generation) -> ProjectDifference:
    """Every file that was added, removed or changed, and its lines."""
    paths = changed_paths(before.tree, after.tree)
    old, new = (generation_files(generation) if paths else {} for generation in (before, after))
    files = tuple(file_difference(path, old.get(path), new.get(path)) for path in paths[:MOST_FILES])
    counts, reasons = change_counts(before.tree, after.tree), change_reasons(before.specification, after.specification)
    return ProjectDifference(before, after, files, len(paths) - len(files), counts, reasons)
