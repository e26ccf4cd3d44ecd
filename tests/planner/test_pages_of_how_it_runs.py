"""The pages of how a process really runs: what they answer, filter, sort, download, and teach when there is nothing."""

import csv
import io
import json
import re
from html import unescape

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from jobs.services import blob_open
from planner.models import EventLog, Process, Task
from planner.selectors.observed import observed_log
from planner.services import process_create
from tests.conftest import Cast
from tests.planner.logs import csv_log, naive_counts
from tests.planner.measured_claims import ROWS, claims_measured, imported

pytestmark = pytest.mark.django_db(transaction=True)

TABS = ("overview", "variants", "rework", "resources", "times")


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_measured(cast)


def get(cast: Cast, process: Process, **asked: str) -> str:
    answer = cast.browser(cast.viewer).get(reverse("planner:observed", args=["acme", process.pk]), asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def headline(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text, re.S)
    assert found
    return found[1]


def download(cast: Cast, process: Process, **asked: str) -> list[list[str]]:
    answer = cast.browser(cast.viewer).get(reverse("planner:observed_csv", args=["acme", process.pk]), asked)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_the_import_keeps_what_was_found_beside_the_events(cast: Cast, process: Process) -> None:
    log = EventLog.objects.get()
    assert log.observed is not None
    with blob_open(log.observed) as source:
        kept = json.load(source)
    pairs, variants = naive_counts((case, name, 0) for case, name, *_ in ROWS)
    assert {(each["source"], each["target"]): each["count"] for each in kept["follows"]} == dict(pairs)
    assert [each["cases"] for each in kept["variants"]["kept"]] == [count for _, count in variants.most_common()]
    assert log.statistics["observed"]["cases_with_rework"] == 10
    assert log.statistics["observed"]["most_waiting"]["activity"] == "=Pay"


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("overview", "Half of all cases take 6.3 h or less; 96 % of all waiting is before “=Pay”"),
        ("variants", "2 ways cover 80 % of cases, of 2 there are"),
        ("rework", "25 % of cases repeat something: "),
        ("resources", "Work changes hands in 100 % of steps"),
        ("times", "96 % of all waiting is before “=Pay”, "),
    ],
)
def test_each_tab_answers_its_question_with_a_number(cast: Cast, process: Process, tab: str, words: str) -> None:
    assert headline(get(cast, process, tab=tab)).startswith(words)


def test_a_page_costs_the_same_few_queries_on_every_tab(
    cast: Cast, process: Process, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, page = cast.browser(cast.viewer), reverse("planner:observed", args=["acme", process.pk])
    browser.get(page)
    for tab in TABS:
        with django_assert_max_num_queries(16):
            browser.get(page, {"tab": tab})


def test_variants_are_rows_of_named_steps_with_repeats_marked(cast: Cast, process: Process) -> None:
    text = get(cast, process, tab="variants")
    rows = re.findall(r'<ol class="chevrons">(.*?)</ol>', text, re.S)
    steps = [re.findall(r'<li class="seq-\d">(.*?)</li>', row, re.S) for row in rows]
    assert steps[0] == ["Register", "Check", "=Pay"]
    assert [re.sub(r"<i>(.*?)</i>", r" (\1)", step) for step in steps[1]] == [
        *("Register", "Check", "Ask", "Check (again)", "=Pay")
    ]


def test_what_is_looked_at_stands_in_the_address(cast: Cast, process: Process) -> None:
    text = get(cast, process, tab="variants", activity="Ask")
    assert len(re.findall(r'<ol class="chevrons">', text)) == 1
    assert '<option value="Ask" selected>' in text
    assert "tab=times&activity=Ask" in text, "other tabs look at the same"
    only = get(cast, process, tab="times", activity="Ask")
    assert "Handling of each activity" in only
    assert re.findall(r'<th scope="row"><a[^>]*>(.*?)</a>', only)[0] == "Ask"


def test_tables_are_sorted_by_the_address_and_unknown_words_in_it_change_nothing(cast: Cast, process: Process) -> None:
    text = get(cast, process, tab="times", sort="waits.waits")
    first = re.findall(
        r'aria-label="Rows: Waiting before each activity".*?<th scope="row"><a[^>]*>(.*?)</a>', text, re.S
    )
    assert first == ["Check"], "fifty waits"
    assert headline(get(cast, process, tab="nonsense", sort="waits.nonsense")).startswith("Half of all cases")


def test_downloads_hold_no_formula_and_no_name_of_a_person(cast: Cast, process: Process) -> None:
    waits = download(cast, process, table="waits")
    assert waits[1][0] == "'=Pay"
    assert float(waits[1][4]) == pytest.approx(30 * (370 - 30) / 60 + 10 * (370 - 70) / 60)
    for table in ("resources", "done", "hand-overs", "people-ping-pong"):
        rows = download(cast, process, table=table)
        assert len(rows) > 1
        assert not {"Ann", "Kim", "Bo"} & {cell for row in rows for cell in row}
    people = {row[0] for row in download(cast, process, table="resources")[1:]}
    assert {row[1] for row in download(cast, process, table="hand-overs")[1:]} <= people, "one person, one stand-in"
    assert download(cast, process, table="variants")[1][-1] == "Register → Check → =Pay"


def test_the_page_of_a_task_and_the_table_lead_here(cast: Cast, process: Process) -> None:
    browser = cast.browser(cast.viewer)
    task = Task.objects.get(activity="=Pay")
    text = unescape(browser.get(reverse("planner:task", args=["acme", task.pk])).content.decode())
    assert "Waits 5.7 h, the longest in the process" in text
    assert "?tab=times&activity=%3DPay" in text
    table = browser.get(reverse("planner:tasks", args=["acme", process.pk])).content.decode()
    assert table.count(">the longest<") == 1


def test_a_log_without_starts_and_people_says_what_is_missing(cast: Cast) -> None:
    bare = csv_log([(case, name, end) for case, name, _, end, _ in ROWS])
    process = imported(cast, bare)
    times = get(cast, process, tab="times")
    assert "This log has no start times." in times
    assert "92 % of all time between steps is before" in headline(times)
    people = get(cast, process, tab="resources")
    assert headline(people) == "The log does not say who did the work"
    assert "org:resource" in people
    assert "What the repeats cost is not known." in get(cast, process, tab="rework")


def test_a_process_without_a_log_teaches_what_one_is(cast: Cast) -> None:
    process = process_create(access=cast.access(cast.editor), name="Drawn")
    assert observed_log(process) is None
    text = get(cast, process)
    assert "one line for each step of each case" in text
    assert download(cast, process, table="waits") == []


def test_every_chart_has_a_title_that_states_a_finding(cast: Cast, process: Process) -> None:
    drawn = {tab: re.findall(r'data-figure="([\w-]+)"', get(cast, process, tab=tab)) for tab in TABS}
    assert drawn == {
        "overview": ["over-time"],
        "variants": [],
        "rework": ["repeated"],
        "resources": [],
        "times": ["waiting", "durations", "queues"],
    }
    assert "Up to 4 cases waited at once for “=Pay”" in get(cast, process, tab="times")
