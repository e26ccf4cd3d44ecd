"""The same specification gives the same bytes, and says so by its digest."""

import io
import json
import zipfile

from pipelines.domain.specification import Specification
from tests.pipelines.projects import project_of, small_table, specification_of, with_rows


def test_two_renderings_are_the_same_to_the_byte():
    made = small_table()
    specification = specification_of(made)
    first, second = with_rows(made, specification), with_rows(made, specification)
    assert first.archive() == second.archive()
    assert first.digest == second.digest


def test_a_specification_survives_json_and_renders_the_same():
    specification = specification_of(small_table())
    again = Specification.from_json(json.loads(json.dumps(specification.as_json())))
    assert again == specification
    assert project_of(again).digest == project_of(specification).digest


def test_one_changed_word_of_the_canvas_changes_the_digest():
    made = small_table()
    one = project_of(specification_of(made, texts={"decisions.action": "ask"}))
    other = project_of(specification_of(made, texts={"decisions.action": "tell"}))
    assert one.digest != other.digest


def test_the_archive_is_sorted_dated_and_in_one_folder():
    project = project_of(specification_of(small_table()))
    with zipfile.ZipFile(io.BytesIO(project.archive())) as archive:
        members = archive.infolist()
    assert [member.filename for member in members] == sorted(member.filename for member in members)
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {member.filename.split("/")[0] for member in members} == {project.slug}


def test_the_lock_is_copied_verbatim_and_pins_every_package_by_hash():
    lock = project_of(specification_of(small_table())).files["requirements.lock"].decode()
    pinned = [line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert len(pinned) > 30
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_real_rows_are_there_only_when_asked_for():
    made = small_table()
    specification = specification_of(made)
    without, with_them = project_of(specification), with_rows(made, specification)
    assert "data/training.csv" not in without.files
    assert "made up" in without.files["README.md"].decode()
    assert "data/training.csv" in with_them.files
    values = {str(value) for value in made.table.frame["amount"].dropna().head(40)}
    assert not any(value in without.files["data/sample.csv"].decode() for value in values)


def test_case_ids_of_the_log_are_in_no_file():
    made = small_table()
    project = with_rows(made, specification_of(made))
    assert not any(b"C-17" in content for path, content in project.files.items() if path.startswith("data/"))
