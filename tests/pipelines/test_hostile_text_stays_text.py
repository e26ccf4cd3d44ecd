"""Whatever people type is data in every file: every output parses, and reads back as what went in."""

import ast
import json
import re
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.architecture import Architecture
from pipelines.domain.escaping import FILTERS, quoted
from pipelines.domain.identifiers import column_names, package_name
from pipelines.domain.text import text_clean
from pipelines.services.skeletons import templates_read
from tests.pipelines.projects import project_of, small_table, specification_of, with_rows

HOSTILE = [
    "say \"hi\" and 'bye'",
    "'''\n\"\"\"",
    "🙂👩‍💻 ünï",
    "line one\nline two\r\n\u2028three",
    "{{ 7 * 7 }} {% raw %} [[= project =]]",
    "${{ github.token }} $(id) `id` $HOME",
    "\x00\x07\x1b[31m\u202e\ud800",
    "# heading\n- list | table",
    "</script><script>alert(1)</script>",
    "\\N{BULLET} \\x41 \\u0041 %s {0}",
    "__import__('os').system('id')",
    "key: value\n- other: &anchor",
    "../../etc/passwd",
    "class",
    "con",
    "",
    "x" * 50_000,
    "=HYPERLINK(1)",
]
PLACES = ("value_proposition.end_user", "decisions.action", "monitoring.business_metrics", "prediction_task.entity")
TABLE = small_table()


def parsed(files):
    """Every file read by the parser of its format; raises where one cannot be."""
    for path, content in files.items():
        text = content.decode("utf-8")
        if path.endswith(".py"):
            ast.parse(text, path)
        elif path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)
    return {path: content.decode("utf-8") for path, content in files.items()}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_every_file_parses_and_the_story_reads_back(text):
    specification = specification_of(TABLE, title=text, texts=dict.fromkeys(PLACES, text))
    files = parsed(project_of(specification).files)
    told = json.loads(files["config/canvas.json"])["fields"]
    kept = [field["text"] for field in told if field["place"] in PLACES]
    assert kept == [text_clean(text)] * (len(PLACES) if text_clean(text) else 0)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_text_of_people_is_only_where_it_may_be(text):
    marker = f"zqxj {text} zqxj"
    files = project_of(specification_of(TABLE, texts={"decisions.action": marker})).files
    holders = {path for path, content in files.items() if b"zqxj" in content}
    assert holders <= {"README.md", "docs/canvas.md", "config/canvas.json", "pyproject.toml"}


def test_paths_come_from_a_fixed_list_whatever_the_title():
    plain = set(project_of(specification_of(TABLE, title="task")).files)
    for text in HOSTILE:
        specification = specification_of(TABLE, title=text)
        named = {path.replace(specification.package, "task_model") for path in project_of(specification).files}
        assert named == plain


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_one_quoting_is_right_for_python_and_toml(text):
    clean = text_clean(text)
    assert ast.literal_eval(quoted(clean)) == clean
    assert tomllib.loads(f"a = {quoted(clean)}")["a"] == clean


@given(st.lists(st.text(max_size=30), max_size=12))
def test_names_of_columns_are_identifiers_and_differ(titles):
    names = column_names(titles, taken=("row_id", "outcome"))
    assert len({*names, "row_id", "outcome"}) == len(titles) + 2
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@given(st.text(max_size=80))
def test_the_package_has_a_name_of_its_own(title):
    name = package_name(title)
    assert re.fullmatch(r"[a-z][a-z0-9_]*_model", name)
    assert name.isidentifier()


def test_outcomes_with_hostile_names_reach_data_and_configuration_alike():
    frame = TABLE.table.frame.copy()
    frame["channel"] = frame["channel"].replace({"web": 'we"b,\n{{ x }}'})
    made = type(TABLE)(type(TABLE.table)(**{**vars(TABLE.table), "frame": frame}), TABLE.truth)
    files = parsed(with_rows(made, specification_of(made)).files)
    assert '"we""b, {{ x }}"' in files["data/training.csv"]


def test_every_template_declares_a_filter_for_each_value():
    names = set(FILTERS)
    for path, source in templates_read(Architecture()).sources.items():
        for written in re.findall(r"\[\[=(.*?)=\]\]", source):
            assert written.rsplit("|", 1)[-1].strip() in names, f"{path}: {written}"
