"""The inventory: processes written down, edited, sorted, compared and downloaded before one is broken down."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import InvalidInput
from planner.models import EstimateResult, Process, Source, Task
from planner.services import process_create, process_update
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

PAGE = "/w/acme/processes/"


def make(cast: Cast, name: str, **entries: object) -> Process:
    cases = entries.pop("cases_a_year", None)
    assert cases is None or isinstance(cases, int)
    return process_create(access=cast.access(cast.editor), name=name, cases_a_year=cases, entries=entries)


def names(content: bytes) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a></th>', content.decode())


def entry(process: Process) -> str:
    return reverse("planner:inventory_entry", args=["acme", process.pk])


def test_a_name_is_enough(cast: Cast) -> None:
    browser = cast.browser(cast.editor)
    assert "Import a log" in browser.get(PAGE).content.decode()
    browser.post(PAGE, {"name": "Invoices"})
    page = browser.get(PAGE).content.decode()
    assert "One process: 0 described, 0 broken down into tasks" in page
    assert "not broken down yet" in page
    assert "No such" not in browser.post(PAGE, {"name": " "}, follow=True).content.decode()
    assert Process.objects.count() == 1


def test_entries_are_saved_from_the_page_without_javascript(cast: Cast) -> None:
    process = make(cast, "Invoices")
    given = {
        "owner": "vera", "goal": "Pay on time", "pain": "Late fees", "ml_change": "Sort by due date",
        "cases_a_year": "42000", "cases_note": "ledger 2025", "version": process.version,
    }  # fmt: skip
    cast.browser(cast.editor).post(entry(process), given)
    process.refresh_from_db()
    assert (process.owner, process.goal, process.pain) == (cast.viewer, "Pay on time", "Late fees")
    assert (process.cases_a_year, process.cases_source, process.cases_note) == (42000, Source.USER, "ledger 2025")
    page = cast.browser(cast.viewer).get(reverse("planner:process", args=["acme", process.pk])).content.decode()
    assert "Late fees" in page
    assert "<form" not in page.split('id="inv-t"')[1].split("</section>")[0]


def test_one_cell_saves_alone_and_says_the_new_version(cast: Cast) -> None:
    process = make(cast, "Invoices", goal="Pay on time")
    browser = cast.browser(cast.editor)
    sent = {"pain": "Late fees", "version": process.version, "back": "table"}
    answer = browser.post(entry(process), sent, headers={"HX-Request": "true"})
    process.refresh_from_db()
    assert (process.goal, process.pain) == ("Pay on time", "Late fees")
    assert f'id="iv-{process.pk}" value="{process.version}"' in answer.content.decode()
    stale = browser.post(entry(process), sent | {"pain": "Other"}, headers={"HX-Request": "true"})
    assert stale.status_code == 422
    assert "was changed since you opened it" in stale.content.decode()
    wrong = browser.post(entry(process), {"cases_a_year": "many"}, headers={"HX-Request": "true"})
    assert "Cases a year: Enter a number." in wrong.content.decode()
    process.refresh_from_db()
    assert (process.pain, process.cases_a_year) == ("Late fees", None)


def test_the_owner_is_a_member_or_a_name(cast: Cast) -> None:
    process = make(cast, "Invoices")
    browser = cast.browser(cast.editor)
    browser.post(entry(process), {"owner": "olga@example.org"})
    process.refresh_from_db()
    assert (process.owner, process.owner_name) == (cast.owner, "")
    browser.post(entry(process), {"owner": "Head of finance"})
    process.refresh_from_db()
    assert (process.owner, process.owner_name) == (None, "Head of finance")
    with pytest.raises(InvalidInput) as refused:
        process_update(access=cast.access(cast.editor), process=process, entries={"owner": cast.stranger})
    assert refused.value.errors[0].path == "owner"


@pytest.mark.second_leg
def test_the_table_is_sorted_by_any_column_and_filtered_by_words(cast: Cast) -> None:
    make(cast, "Bills", cases_a_year=10, owner_name="Zoe", pain="slow")
    make(cast, "Claims", cases_a_year=900, owner_name="Ann")
    make(cast, "Archive")
    browser = cast.browser(cast.viewer)
    assert names(browser.get(PAGE, {"order": "name"}).content) == ["Archive", "Bills", "Claims"]
    assert names(browser.get(PAGE, {"order": "-cases"}).content) == ["Claims", "Bills", "Archive"]
    assert names(browser.get(PAGE, {"order": "cases"}).content) == ["Bills", "Claims", "Archive"]
    assert names(browser.get(PAGE, {"order": "owner"}).content) == ["Claims", "Bills", "Archive"]
    assert names(browser.get(PAGE, {"order": "nonsense"}).content) == ["Archive", "Claims", "Bills"]
    assert names(browser.get(PAGE, {"q": "SLOW bil"}).content) == ["Bills"]


def test_a_press_on_a_heading_turns_the_order_round(cast: Cast) -> None:
    make(cast, "Bills")
    browser = cast.browser(cast.viewer)
    assert "?order=-cost&" in browser.get(PAGE).content.decode()
    turned = browser.get(PAGE, {"order": "-cost"}).content.decode()
    assert "?order=cost&" in turned
    assert 'aria-sort="descending"' in turned


def test_what_is_known_so_far_stands_beside_what_is_written(cast: Cast) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    process = the_process(tasks)
    EstimateResult.objects.create(
        workspace=cast.workspace, task=tasks["Pay"], npv_mean=5e5, npv_p5=1e5, npv_p50=5e5, npv_p95=9e5,
        loss_probability=0.01, pv_costs=1e4, inputs={}, formula_version=1,
    )  # fmt: skip
    text = cast.browser(cast.viewer).get(PAGE).content.decode()
    assert "100 k to 900 k" in text
    assert reverse("planner:ranking", args=["acme", process.pk]) in text


def test_two_to_four_are_compared_side_by_side(cast: Cast) -> None:
    chosen = [make(cast, f"Process {n}", pain=f"pain {n}") for n in range(5)]
    browser = cast.browser(cast.viewer)
    page = browser.get(f"{PAGE}compare/", {"process": [one.pk for one in chosen[:3]]}).content.decode()
    assert "Three processes side by side" in page
    assert all(f"pain {n}" in page for n in range(3))
    assert "pain 3" not in page
    for few_or_many in (chosen[:1], chosen):
        answer = browser.get(f"{PAGE}compare/", {"process": [one.pk for one in few_or_many]}, follow=True)
        assert "Choose 2 to 4 processes" in answer.content.decode()


def test_the_inventory_downloads_without_formulas(cast: Cast) -> None:
    make(cast, "=1+1", pain="@sum", cases_a_year=3)
    answer = cast.browser(cast.viewer).get(reverse("planner:processes_csv", args=["acme"]))
    head, row = csv.reader(io.StringIO(answer.content.decode()))
    found = dict(zip(head, row, strict=True))
    assert (found["Process"], found["Pain"], found["Cases a year"]) == ("'=1+1", "'@sum", "3.0")


@pytest.mark.second_leg
def test_two_hundred_processes_cost_as_many_queries_as_two(cast: Cast) -> None:
    browser = cast.browser(cast.editor)
    make(cast, "First", owner_name="Ann")
    browser.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(PAGE)
    rows = [Process(workspace=cast.workspace, name=f"P {n}", owner=cast.owner) for n in range(200)]
    made = Process.objects.bulk_create(rows)
    Task.objects.bulk_create([Task(workspace=cast.workspace, process=one, name="Work") for one in made])
    for address in (PAGE, f"{PAGE}?edit=1", reverse("planner:processes_csv", args=["acme"])):
        with CaptureQueriesContext(connection) as many:
            assert browser.get(address).status_code == 200
        assert len(many) <= len(few) + ("edit" in address)


def test_viewers_read_and_change_nothing_and_strangers_find_nothing(cast: Cast) -> None:
    process = make(cast, "Invoices", goal="Pay on time")
    viewer = cast.browser(cast.viewer)
    assert viewer.post(entry(process), {"goal": "Mine"}).status_code == 403
    assert viewer.post(PAGE, {"name": "Mine"}).status_code == 403
    assert "Edit in the table" not in viewer.get(PAGE).content.decode()
    assert "<textarea" not in viewer.get(PAGE, {"edit": "1"}).content.decode()
    assert cast.browser(cast.stranger).post(entry(process), {"goal": "Mine"}).status_code == 404
    process.refresh_from_db()
    assert process.goal == "Pay on time"


def test_a_cell_sent_again_leaves_the_form_beside_it_fresh(cast: Cast) -> None:
    process = process_create(access=cast.access(cast.editor), name="Invoices", entries={"goal": "Pay on time"})
    browser, shown = cast.browser(cast.editor), process.version
    again = {"goal": "Pay on time", "version": str(shown)}
    browser.post(reverse("planner:inventory_entry", args=["acme", process.pk]), again, headers={"HX-Request": "true"})
    browser.post(reverse("planner:process", args=["acme", process.pk]), {"name": "Bills", "version": str(shown)})
    process.refresh_from_db()
    assert (process.name, process.version) == ("Bills", shown + 1)
