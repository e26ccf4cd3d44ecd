"""The files of a project as a tree of folders, and one of them as lines to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.domain.highlighting import Piece, pieces_of

SHOWN_BYTES = 200_000
SHOWN_LINES = 400
FIRST_READ = "README.md"


@dataclass(frozen=True)
class File:
    name: str
    path: str
    size: int


@dataclass
class Folder:
    """A folder with its folders and files, both sorted by name."""

    name: str
    folders: "dict[str, Folder]" = field(default_factory=dict)
    files: list[File] = field(default_factory=list)

    @property
    def below(self) -> "list[Folder]":
        return list(self.folders.values())


def tree_of(entries: Iterable[Mapping[str, object]]) -> Folder:
    """Nested folders from {path, size} of every file.

    >>> tree_of([{"path": "a/b.py", "size": 3}, {"path": "c", "size": 1}]).below[0].files[0].path
    'a/b.py'
    """
    root = Folder("")
    for entry in sorted(entries, key=lambda entry: str(entry["path"])):
        path = str(entry["path"])
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            folder = folder.folders.setdefault(parent, Folder(parent))
        folder.files.append(File(name, path, int(str(entry["size"]))))
    return root


@dataclass(frozen=True)
class Shown:
    """The first lines of a file, each as coloured pieces; `cut` where there are more, `text` False where it is none."""

    path: str
    lines: tuple[tuple[Piece, ...], ...]
    size: int
    cut: bool
    text: bool = True


def shown(path: str, content: bytes) -> Shown:
    """At most 400 lines of at most 200 kB.

    >>> shown("a", b"x\\ny").lines, shown("b", b"\\xff\\x00").text
    (((('', 'x'),), (('', 'y'),)), False)
    """
    head = content[:SHOWN_BYTES]
    try:
        text = head.decode("utf-8", errors="strict" if len(content) <= SHOWN_BYTES else "ignore")
    except UnicodeDecodeError:
        return Shown(path, (), len(content), cut=False, text=False)
    lines = text.splitlines()
    return Shown(
        path, pieces_of(path, tuple(lines[:SHOWN_LINES])), len(content), cut=len(lines) > SHOWN_LINES or head != content
    )
