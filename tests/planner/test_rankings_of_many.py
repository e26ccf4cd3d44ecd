"""Rankings in all their orders, narrowed, of many processes and of more tasks than are valued while a page waits."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Workspace
from jobs.models import Run
from jobs.services import run_drain
from planner.domain.valuation.ranking import RankBy
from planner.domain.valuation.sampling import Orders
from planner.models import EstimateResult, Process, StoredRanking, Task
from planner.selectors import value_outcome
from planner.selectors.value_ranking import ranking_of, ranking_order, ranking_read
from planner.selectors.value_results import forget_values
from planner.services import estimate_update, ranking_or_job
from tests.conftest import Cast
from tests.planner.called import called
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def second_process(workspace: Workspace) -> Process:
    process = claims_process(workspace, {"Sort mail": (90_000, 4.0), "File": (20_000, 3.0)})
    Process.objects.filter(pk=process.pk).update(name="Mail room")
    return Process.objects.get(pk=process.pk)


def page(cast: Cast, address: str) -> str:
    answer = cast.browser(cast.viewer).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> list[str]:
    """The tasks of the table, from first to last."""
    table = re.search(r'class="table cards rank">.*?</table>', text, re.DOTALL)
    return re.findall(r'<th scope="row" data-rank="\d+"><a [^>]*>(.*?)</a>', table[0]) if table else []


def test_processes_are_ranked_together_and_named_in_each_row(cast: Cast) -> None:
    claims_process(cast.workspace)
    second_process(cast.workspace)
    text = page(cast, "/w/acme/ranking/?by=npv")
    both = shown(text)
    assert set(both) == {"Triage", "Request documents", "Estimate damage", "Sort mail", "File"}
    assert text.count(">Mail room</a></small>") == 2
    body = called(cast, cast.viewer).get("/api/v1/ranking/?by=npv").json()
    assert [row["name"] for row in body["ranked"]] == both
    assert {row["process_name"] for row in body["ranked"]} == {"Claims", "Mail room"}
    assert body["process"] is None
    assert sum(row["first"] for row in body["ranked"]) == pytest.approx(1.0)


def test_the_ranking_of_all_asks_as_often_however_many_processes_there_are(cast: Cast) -> None:
    def queries() -> int:
        forget_values()
        with CaptureQueriesContext(connection) as caught:
            ranking_read(cast.workspace, None, RankBy.ROI)
        return len(caught)

    claims_process(cast.workspace)
    few = queries()
    for _ in range(6):
        second_process(cast.workspace)
    assert queries() == few <= 12


def test_a_task_is_worth_the_same_in_both_rankings(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    second_process(cast.workspace)
    alone = {row.valued.task.pk: row.figures for row in ranking_of(process).rows}
    together = {row.valued.task.pk: row.figures for row in ranking_read(cast.workspace, None, RankBy.ROI).rows}
    assert alone.items() <= together.items()


def test_the_chance_of_success_is_an_order(cast: Cast) -> None:
    rows = ranking_of(claims_process(cast.workspace), RankBy.CHANCE).rows
    chances = [1 - row.valued.brief.summary.loss_probability for row in rows if row.valued.brief]
    assert chances == sorted(chances, reverse=True) == [row.figures.chance for row in rows]


NARROWED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "lane=Office": lambda row: row["name"] == "Triage",
    "chance=50": lambda row: row["value"]["loss_probability"] <= 0.5,
    "chance=100": lambda row: row["value"]["loss_probability"] == 0,
    "defaults=no": lambda row: row["on_defaults"] == 0,
    "defaults=yes": lambda row: row["on_defaults"] > 0,
    "verdict=none": lambda row: row["verdict"] is None,
    "verdict=not_worth_it&lane=": lambda row: row["verdict"] is not None,
    "process=999": lambda row: False,
}


@pytest.mark.parametrize("query", list(NARROWED))
def test_filters_hide_rows_and_leave_ranks_and_chances(cast: Cast, query: str) -> None:
    process = claims_process(cast.workspace)
    Task.objects.filter(name="Triage").update(lane="Office")
    where = "/api/v1/ranking/" if query.startswith("process") else f"/api/v1/processes/{process.pk}/ranking/"
    whole = called(cast, cast.viewer).get(where).json()["ranked"]
    narrowed = called(cast, cast.viewer).get(f"{where}?{query}").json()["ranked"]
    assert len(whole) == 3
    assert narrowed == [row for row in whole if NARROWED[query](row)]
    text = page(cast, f"{where.replace('/api/v1/', '/w/acme/')}?{query}")
    assert shown(text) == [row["name"] for row in narrowed]


@pytest.mark.parametrize("query", ["verdict=blue", "chance=200", "chance=-1", "process=x", "defaults=perhaps"])
def test_a_filter_that_cannot_be_is_refused_by_its_name(cast: Cast, query: str) -> None:
    claims_process(cast.workspace)
    answer = called(cast, cast.viewer).get(f"/api/v1/ranking/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == query.partition("=")[0]
    assert shown(page(cast, f"/w/acme/ranking/?{query}"))


def test_links_to_other_orders_keep_the_filters(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    text = page(cast, f"/w/acme/processes/{process.pk}/ranking/?defaults=yes&first=2")
    assert "?by=npv&amp;first=2&amp;defaults=yes" in text
    assert "Of first 2" in text


def test_the_file_holds_the_rows_shown_and_no_formula(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    Task.objects.filter(name="Triage").update(name="=HYPERLINK(1)")
    Process.objects.update(name="+Claims")
    answer = cast.browser(cast.viewer).get(f"/w/acme/processes/{process.pk}/ranking.csv?by=npv")
    first, *rest = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert (first["rank"], first["task"], first["process"]) == ("1", "'=HYPERLINK(1)", "'+Claims")
    assert float(first["npv_mean"]) == ranking_of(process, RankBy.NPV).rows[0].figures.npv
    assert len(rest) == 2
    assert cast.browser(cast.viewer).get("/w/acme/ranking.csv?chance=100").content.count(b"\n") == 1


def test_where_roi_and_npv_disagree_the_page_warns(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    small, large = task_of(process, "Triage"), task_of(process, "Request documents")
    access = cast.access(cast.editor)
    free = ("person_days", "integration", "change_management", "hosting", "monitoring", "retrainings", "support")
    cheap = {key: {"text": "0"} for key in free} | {"discovery": {"text": "300"}, "volume": {"text": "20 k"}}
    estimate_update(access=access, task=small, changes=cheap, version=0)
    estimate_update(access=access, task=large, changes={"volume": {"text": "400 k"}}, version=0)
    text = page(cast, f"/w/acme/processes/{process.pk}/ranking/")
    assert "ROI and NPV disagree." in text
    assert "Triage returns more per unit of cost, Request documents brings more money" in text


MANY = 300


@pytest.fixture
def large(cast: Cast) -> Process:
    figures: dict[str, tuple[float | None, float | None]] = {
        f"Step {n}": (2_000.0 + 97 * n, 4.0 + n % 9) for n in range(MANY)
    }
    return claims_process(cast.workspace, figures)


def heavy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The identities of tasks that are drawn from here on."""
    drawn: list[str] = []
    common = value_outcome.common_numbers()

    class Counted:
        def of(self, identity: str) -> Orders:
            drawn.append(identity)
            return common.of(identity)

    monkeypatch.setattr(value_outcome, "common_numbers", Counted)
    return drawn


def drained(cast: Cast) -> None:
    runs = list(Run.objects.of(cast.workspace).filter(kind__in=["planner.value", "planner.work_out"]))
    run_drain(run_ids=[run.pk for run in runs if not run.is_over])


@pytest.mark.django_db(transaction=True)
@pytest.mark.second_leg
def test_a_large_ranking_is_computed_by_a_job_and_never_in_the_request(
    cast: Cast, large: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_values()
    drawn, where = heavy(monkeypatch), f"/w/acme/processes/{large.pk}/ranking/"
    text = page(cast, where)
    assert drawn == []
    assert "The ranking is being computed" in text
    assert "hx-get" in text
    assert shown(text) == []
    answer = called(cast, cast.viewer).get(f"/api/v1/processes/{large.pk}/ranking/")
    assert answer.status_code == 202
    assert answer.json()["ranked"] == []
    run = Run.objects.get()
    assert answer.json()["job"] == run.pk
    drained(cast)
    assert EstimateResult.objects.count() == MANY
    assert StoredRanking.objects.get().by == "page of the ranking"
    text = page(cast, where)
    assert drawn == []
    assert len(shown(text)) == 50
    last = shown(page(cast, f"{where}?page=6"))
    assert len(last) == 50
    assert set(last).isdisjoint(shown(text))
    body = called(cast, cast.viewer).get(f"/api/v1/processes/{large.pk}/ranking/?first=5").json()
    assert body["waiting"] == ""
    assert sum(row["first"] for row in body["ranked"]) == pytest.approx(1.0)
    assert sum(row["first_k"] for row in body["ranked"]) == pytest.approx(5.0)
    assert Run.objects.count() == 1


def test_ten_who_look_at_a_large_ranking_start_one_job(cast: Cast, large: Process) -> None:
    forget_values()
    viewer, where = cast.browser(cast.viewer), f"/w/acme/processes/{large.pk}/ranking"
    for _ in range(10):
        assert viewer.get(f"{where}/").status_code == 200
        assert viewer.get(f"{where}.csv").status_code == 409
    assert viewer.head(f"{where}/").status_code == 405
    assert Run.objects.count() == 1
    for _ in range(10):
        assert viewer.get(f"{where}/?by=npv").status_code == 200
    assert Run.objects.count() == 2, "another order is another job"


@pytest.mark.django_db(transaction=True)
def test_one_edit_of_many_draws_the_edited_task_alone(
    cast: Cast, large: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"/w/acme/processes/{large.pk}/ranking/?by=npv"
    page(cast, where)
    drained(cast)
    forget_values()
    drawn, last = heavy(monkeypatch), task_of(large, "Step 0")
    change = {"volume": {"text": "900 k"}}
    estimate_update(access=cast.access(cast.editor), task=last, changes=change, version=0)
    drawn.clear()
    assert "The ranking is being computed" in page(cast, where)
    assert ranking_order(large, RankBy.NPV, most=1).rows[0].valued.task == last
    assert drawn == [], "the others are kept, and that of the edit was kept with it"
    drained(cast)
    text = page(cast, where)
    assert shown(text)[0] == "Step 0"
    assert "Step 0 is first in" in text
    assert drawn == []


@pytest.mark.django_db(transaction=True)
def test_all_processes_of_many_tasks_are_ranked_by_a_job(cast: Cast, large: Process) -> None:
    second_process(cast.workspace)
    assert "The ranking is being computed" in page(cast, "/w/acme/ranking/?by=npv")
    drained(cast)
    text = page(cast, "/w/acme/ranking/?by=npv&process=" + str(Process.objects.get(name="Mail room").pk))
    assert set(shown(text)) == {"Sort mail", "File"}
    assert "2 of 302 valued tasks shown" in text or "two of 302 valued tasks shown" in text.lower()


@pytest.mark.django_db(transaction=True)
def test_the_chances_a_job_computed_are_those_computed_at_once(cast: Cast, large: Process) -> None:
    page(cast, f"/w/acme/processes/{large.pk}/ranking/")
    drained(cast)
    forget_values()
    process = Process.objects.select_related("workspace").get(pk=large.pk)
    kept, run = ranking_or_job(workspace=process.workspace, process=process, by=RankBy.ROI, k=4)
    assert run is None
    computed = ranking_of(large, RankBy.ROI, 4)
    assert [(row.valued.task.pk, row.first, row.first_k) for row in kept.rows] == [
        (row.valued.task.pk, row.first, row.first_k) for row in computed.rows
    ]
