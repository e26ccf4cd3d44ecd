"""What ships with the product: the sources of generated projects and the locks of their environments."""

from functools import cache
from pathlib import Path

APP = Path(__file__).resolve().parent.parent
TABULAR = "tabular"


@cache
def templates_read(name: str = TABULAR) -> dict[str, str]:
    """Path to template, of one kind of project."""
    root = APP / "skeletons" / name
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.j2"))}


@cache
def lock_read(name: str = TABULAR) -> bytes:
    """The hash-pinned requirements of one set of dependencies, copied verbatim into projects."""
    return lock_path(name).read_bytes()


def lock_path(name: str = TABULAR) -> Path:
    return APP / "environments" / f"{name}.lock"


def lock_names() -> list[str]:
    """Every set of dependencies that ships."""
    return sorted(path.stem for path in (APP / "environments").glob("*.lock"))
