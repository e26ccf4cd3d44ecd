"""Model-on-Demand: a project of queues passes its own tests, serves for real, loses nothing to killed processors."""

import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.access import Access
from accounts.models import Workspace
from jobs.domain.states import StageState
from jobs.services import run_drain
from pipelines.domain.architecture import Architecture, Serving
from pipelines.domain.generation import GeneratedProject
from pipelines.models import PipelineRun
from pipelines.services import pipeline_generate, pipeline_run_start
from pipelines.services.environments import environment_python
from pipelines.services.skeletons import lock_read, serving_lock_read
from planner.domain.foresight.targets import Problem, TargetSpec
from tests.generated.queue_house import Askers, Process, QueueHouse, ask, brokers, house_of, kill, wait_for
from tests.generated.unpacking import borrow_environment, make, unpacked
from tests.pipelines.claims_setup import triage_generated
from tests.pipelines.projects import project_of, small_table, specification_of

ON_DEMAND = Architecture(serving=Serving.ON_DEMAND)
REQUESTS, ASKERS, SERVICES, PROCESSORS = 10_000, 24, 2, 2
KILLS = 8
KILLS_IN_A_ROW = 7
Row = dict[str, Any]


def on_demand(problem: Problem = Problem.BINARY) -> GeneratedProject:
    return project_of(specification_of(small_table(problem), architecture=ON_DEMAND))


def smoke_of(root: Path) -> dict[str, Any]:
    smoke: dict[str, Any] = json.loads((root / "work/serve_smoke/smoke.json").read_text(encoding="utf-8"))
    return smoke


def test_a_project_of_queues_passes_its_own_tests_and_serves_through_a_broker(tmp_path: Path) -> None:
    root = unpacked(on_demand(), tmp_path)
    borrow_environment(root, ON_DEMAND)
    make(root, "lint")
    assert "passed" in make(root, "test")
    make(root, "pipeline")
    smoke = smoke_of(root)
    assert smoke["refused_bad_row"]
    assert smoke["taken_over"] >= 1
    assert smoke["logged"] >= smoke["rows"]


def test_every_variable_its_files_name_is_a_setting() -> None:
    files = {path: content.decode() for path, content in on_demand().files.items() if not path.startswith("data/")}
    known = {f"{prefix}{name.upper()}" for text in files.values() for prefix, name in _settings(text)}
    named = {name for text in files.values() for name in re.findall(r"\bMODEL_[A-Z_]*[A-Z]\b", text)}
    assert "MODEL_BROKER_URL" in named
    assert named <= known


def _settings(source: str) -> list[tuple[str, str]]:
    """Prefix and field of each setting a module declares."""
    prefix = re.search(r'env_prefix="(\w+)"', source)
    return (
        [] if prefix is None else [(prefix[1], name) for name in re.findall(r"^    ([a-z_]+): ", source, re.MULTILINE)]
    )


def test_the_broker_to_try_with_is_not_part_of_what_answers() -> None:
    assert b"\nfakeredis==" in lock_read(ON_DEMAND)
    assert b"\nfakeredis==" not in serving_lock_read(ON_DEMAND)


@pytest.mark.generated
@pytest.mark.parametrize("problem", [Problem.MULTICLASS, Problem.REGRESSION])
def test_every_kind_of_answer_comes_back_through_the_queues(problem: Problem, tmp_path: Path) -> None:
    root = unpacked(on_demand(problem), tmp_path)
    borrow_environment(root, ON_DEMAND)
    assert "passed" in make(root, "test", "pipeline")
    assert smoke_of(root)["taken_over"] >= 1


@pytest.mark.generated
def test_it_is_asked_at_the_end_of_a_run_of_the_product(transactional_db: None) -> None:
    access = Access.system(Workspace.objects.create(name="Acme", slug="acme"))
    first = triage_generated(access)
    canvas, target = first.pipeline.canvas, TargetSpec.from_json(first.target)
    job = pipeline_generate(access=access, canvas=canvas, target=target, include_rows=False, architecture=ON_DEMAND)
    run_drain(run_ids=[job.pk])
    generation = first.pipeline.generations.exclude(pk=first.pk).get()
    started = pipeline_run_start(access=access, generation=generation)
    run_drain(run_ids=[started.run_id])
    found = PipelineRun.objects.with_run().get(pk=started.pk)
    stages = list(found.run.stages.all())
    assert {stage.state_of for stage in stages} == {StageState.SUCCEEDED}, [stage.reason for stage in stages]
    assert found.smoke["refused_bad_row"]
    assert found.smoke["taken_over"] >= 1


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its model packaged."""
    root = unpacked(on_demand(), tmp_path_factory.mktemp("project"))
    borrow_environment(root, ON_DEMAND)
    make(root, "pipeline")
    return root


@pytest.fixture(params=brokers(), ids=lambda program: Path(program).name)
def house(request: pytest.FixtureRequest, packaged: Path, tmp_path: Path) -> Iterator[QueueHouse]:
    python = environment_python(lock_read(ON_DEMAND))
    with house_of(packaged, python, on_demand().slug.replace("-", "_"), tmp_path) as made:
        made.start_broker(request.param)
        yield made


@pytest.mark.generated
def test_killing_processors_among_ten_thousand_requests_gives_every_asker_exactly_one_answer(
    house: QueueHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [house.start_service() for _ in range(SERVICES)]
    processors = [house.start_processor() for _ in range(PROCESSORS)]
    rows = _rows(house.root)
    expected = _asked(addresses[0], rows)["predictions"]
    before = house.handed_back()
    began = time.monotonic()
    under_way = [house.start_askers(address, rows, REQUESTS // SERVICES, ASKERS) for address in addresses]
    kills = _kill_at_work(house, processors, under_way)
    answers = [answer for askers in under_way for answer in askers.answers()]
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\n{len(answers) / took:.0f} requests/s; killed with {kills} requests in hand\n")

    assert len(answers) == REQUESTS
    assert Counter(status for _, status, _ in answers) == {200: REQUESTS}, house.log()
    assert len({body["id"] for _, _, body in answers}) == REQUESTS, "two askers were given one answer"
    for place, _, body in answers:
        assert _same(body["predictions"], [expected[place]]), "somebody else's answer"
    assert house.handed_back() - before == REQUESTS, "an answer was handed back twice, or not at all"
    assert sum(1 for held in kills if held) >= 3, "too few processors were killed at work"
    state = house.health(addresses[0])
    assert (state["waiting"], state["pending"], state["dead"]) == (0, 0, 0)
    records = "".join(path.read_text() for path in house.folder.glob("predictions-*.jsonl"))
    recorded = {json.loads(line)["id"] for line in records.splitlines() if line.endswith("}")}
    assert {body["id"] for _, _, body in answers} <= recorded


@pytest.mark.generated
def test_processors_killed_as_soon_as_they_hold_something_give_no_asker_up(house: QueueHouse) -> None:
    address = house.start_service(MODEL_ANSWER_WITHIN_S="500")
    rows = _rows(house.root)
    under_way = house.start_askers(address, rows, 24, 8)
    endless = house.folder / "never-read"
    os.mkfifo(endless)  # who writes its record there waits for ever, with the requests in hand
    for _ in range(KILLS_IN_A_ROW):  # more than a request may end, and nothing is answered in between
        victim = house.start_processor(MODEL_PREDICTION_LOG=str(endless))
        wait_for(lambda victim=victim: house.held_by(victim) > 0)
        kill(victim)
    house.start_processor()
    answers = under_way.answers()
    assert Counter(status for _, status, _ in answers) == {200: 24}, house.log()
    assert len({body["id"] for _, _, body in answers}) == 24
    assert house.health(address)["dead"] == 0


@pytest.mark.generated
def test_a_broker_that_goes_and_comes_back_is_used_again(house: QueueHouse) -> None:
    address = house.start_service()
    house.start_processor()
    rows = _rows(house.root)
    wait_for(lambda: house.health(address).get("status") == "ok")
    broker, program = house.processes[0], house.program
    kill(broker)
    assert ask(f"{address}/predict", {"instances": rows})[0] == 503
    assert house.health(address)["status"] == "no broker"
    house.start_broker(program)
    wait_for(lambda: house.health(address).get("status") == "ok")
    assert len(_asked(address, rows)["predictions"]) == len(rows)


def _kill_at_work(house: QueueHouse, processors: list[Process], under_way: list[Askers]) -> list[int]:
    """One processor after the other, each at work (how many requests it held), replaced by a fresh one."""
    random.seed(5)
    kills: list[int] = []
    while len(kills) < KILLS:
        victim = processors[len(kills) % PROCESSORS]
        wait_for(lambda victim=victim: house.held_by(victim) > 0 or _over(under_way))
        time.sleep(random.uniform(0.05, 1))  # else it is always the oldest request that is hit
        if _over(under_way):
            break
        kill(victim)
        kills.append(house.held_by(victim))
        processors[(len(kills) - 1) % PROCESSORS] = house.start_processor()
    return kills


def _over(under_way: list[Askers]) -> bool:
    return all(askers.process.poll() is not None for askers in under_way)


def _asked(address: str, rows: list[Row]) -> dict[str, Any]:
    status, body = ask(f"{address}/predict", {"instances": rows})
    assert status == 200, body
    return body


def _rows(root: Path) -> list[Row]:
    """Questions that have different answers."""
    typical, plain = json.loads((root / "work/package/example_request.json").read_text())["instances"]
    numbers = [name for name, value in typical.items() if isinstance(value, float)]
    return [typical, plain, *({**typical, name: typical[name] * 3 + 7} for name in numbers)]


def _same(one: list[Row], other: list[Row]) -> bool:
    return [row["probability"] for row in one] == pytest.approx([row["probability"] for row in other], abs=1e-9)
