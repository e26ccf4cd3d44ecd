"""What is the same in many projects is compiled and packed once, and is the same to the byte as done anew."""

import io
import os
import zipfile

import pytest

from pipelines.domain.architecture import Architecture
from pipelines.domain.archive import DATE, LEVEL, MODE, Constant, archive_write, files_digest
from pipelines.domain.rendering import Templates, UnsafeTemplate, compiled_of, sources_key
from pipelines.services.compiled_templates import CompiledTemplates
from pipelines.services.skeletons import lock_read
from tests.pipelines.projects import project_of, small_table, specification_of

SOURCES = {
    "plain.txt.j2": "nothing but text\n",
    "name.py.j2": "import [[= project.package | ident =]]\n",
    "value.py.j2": "[[% include '_parts/a.py.j2' %]]x = [[= x | quoted =]]\n",
    "_parts/a.py.j2": "# a part\n",
}


class Named:
    package = "x_model"


def rendered(templates):
    return templates.rendered(package="x_model", values={"project": Named, "x": "y"})


@pytest.fixture
def kept(tmp_path):
    return CompiledTemplates(tmp_path)


def test_what_was_kept_renders_as_what_was_compiled(kept):
    plain = rendered(Templates(SOURCES))
    assert plain == {
        "plain.txt": b"nothing but text\n",
        "name.py": b"import x_model\n",
        "value.py": b'# a part\nx = "y"\n',
    }
    kept.store("key", compiled_of(SOURCES))
    assert rendered(Templates(SOURCES, kept.load("key"))) == plain


@pytest.mark.parametrize(
    "damage", [lambda body: body[:-3], lambda body: b"", lambda body: body[:80] + b"x" + body[81:]]
)
def test_a_damaged_file_counts_as_none(kept, damage):
    kept.store("key", compiled_of(SOURCES))
    (place,) = kept.folder.iterdir()
    place.write_bytes(damage(place.read_bytes()))
    assert kept.load("key") is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    missing = CompiledTemplates(tmp_path / "missing")
    missing.store("key", compiled_of(SOURCES))
    assert missing.load("key") is None


def test_an_unsafe_template_is_refused_before_anything_is_kept():
    with pytest.raises(UnsafeTemplate):
        compiled_of(SOURCES | {"bad.md.j2": "[[= project.package =]]"})


def test_a_changed_source_is_another_key():
    changed = SOURCES | {"plain.txt.j2": "other\n"}
    moved = {"plainX.txt.j2" if name == "plain.txt.j2" else name: text for name, text in SOURCES.items()}
    assert len({sources_key(each) for each in (SOURCES, changed, moved)}) == 3


def test_a_file_without_values_is_the_same_one_in_every_project():
    one, other = (specification_of(small_table(), title=title) for title in ("Triage claim", "Settle claim"))
    path = "src/{}/model.py"
    first, second = project_of(one).files, project_of(other).files
    assert isinstance(first[path.format(one.package)], Constant)
    assert first[path.format(one.package)] is second[path.format(other.package)]
    assert first["requirements.lock"] is second["requirements.lock"] is lock_read(Architecture())
    assert first["README.md"] != second["README.md"]


@pytest.mark.parametrize("folder", ["", "a-folder"])
def test_an_archive_is_what_the_standard_library_writes(folder):
    files = {"b": b"x" * 5000, "a/ü.txt": b"", "z": os.urandom(3000), "k": Constant(b"again" * 99)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(f"{folder}/{path}" if folder else path, DATE)
            member.external_attr, member.create_system, member.compress_type = MODE << 16, 3, zipfile.ZIP_DEFLATED
            archive.writestr(member, files[path], compresslevel=LEVEL)
    assert archive_write(files, folder=folder) == stream.getvalue()
    assert archive_write({name: bytes(content) for name, content in files.items()}, folder=folder) == stream.getvalue()


def test_a_constant_content_has_the_digest_of_its_bytes():
    assert files_digest({"a": Constant(b"1"), "b": b"2"}) == files_digest({"a": b"1", "b": b"2"})
