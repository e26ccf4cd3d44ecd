"""What each page of the valuation costs, by the number of tasks of its process.

    python -m benchmarks.pages [TASKS …]    # 100, 600 and 2,000 unless told

Makes a workspace of its own for each size in a folder that is thrown away: one process whose tasks all have figures of
their own. Every page is asked for three times, each in a process of its own that has shown it for a process of three
tasks only: before anything of it was valued ("new"), when all values are kept but none is at hand ("cold"), and once
more right after that ("warm"). Printed are milliseconds of CPU, the lowest of RUNS, since others use the machine too;
above what a page may take with a star. PAGE=scenarios measures only the pages whose name holds that.
"""

import itertools
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = (100, 600, 2000)
RUNS = 2
LIMIT_MS = 200
PAGES = {
    "home": "",
    "processes": "processes/",
    "processes beside each other": "processes/compare/?process={process}&process={other}",
    "tasks": "processes/{process}/tasks/",
    "suitability": "processes/{process}/suitability/",
    "values": "processes/{process}/values/",
    "value of a task": "tasks/{task}/value/",
    "defaults": "processes/{process}/assumptions/",
    "estimates as a file": "processes/{process}/estimates/",
    "ranking and map": "processes/{process}/ranking/",
    "ranking of all processes": "ranking/",
    "ranking as CSV": "processes/{process}/ranking.csv",
    "scenarios": "processes/{process}/scenarios/",
    "a new scenario": "processes/{process}/scenarios/new/",
    "effect": "processes/{process}/effect/",
    "effect of five": "processes/{process}/effect/?chosen=1&{five}",
    "portfolios": "portfolios/",
    "portfolio": "portfolios/{plan}/",
    "reports": "processes/{process}/reports/",
    "canvases": "processes/{process}/canvases/",
    "pipelines": "processes/{process}/pipelines/",
}


def main() -> None:
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    pages = [page for page in PAGES if os.environ.get("PAGE", "") in page]
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        Path(folder, "static").mkdir()
        from config.wsgi import application  # noqa: F401, PLC0415

        _forked(lambda: _made((3, *sizes)))
        new = {(page, size): _lowest(page, size)[0] for page in pages for size in sizes}
        _forked(_valued)
        print("| page | " + " | ".join(f"{size:,} tasks" for size in sizes) + " |")
        print("|---" * (1 + len(sizes)) + "|")
        for page in pages:
            each = ((new[page, size], *_lowest(page, size)) for size in sizes)
            cells = [", ".join(f"{ms:.0f}{'*' * (ms > LIMIT_MS)}" for ms in found) for found in each]
            print(f"| {page} | {' | '.join(cells)} |", flush=True)


def _lowest(page: str, size: int) -> tuple[float, ...]:
    """Milliseconds of CPU: the first time in a process, and the second."""
    runs = [_forked(lambda: _asked(page, size)) for _ in range(RUNS)]
    return tuple(map(min, *runs))


def _forked(work: Callable[[], list[float]]) -> list[float]:
    """What `work` gives in a process of its own, whose caches are empty."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reading)
            os.write(writing, ",".join(map(str, work())).encode())
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit("It failed: see above.")
    return [float(part) for part in text.split(",") if part]


def _made(sizes: tuple[int, ...]) -> list[float]:
    from django.core.management import call_command  # noqa: PLC0415

    from accounts.models import Membership, Role, User, Workspace  # noqa: PLC0415
    from planner.models import PortfolioPlan  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    user = User.objects.create(email="measured@example.org", name="Measured")
    for size in sizes:
        workspace = Workspace.objects.create(name=f"Of {size}", slug=f"of-{size}")
        Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
        _process(workspace, user, size)
        _process(workspace, user, 2)
        PortfolioPlan.objects.create(workspace=workspace, name="Next year")
    return []


def _process(workspace: Any, user: Any, many: int) -> None:
    """A chain of tasks, now and then one may be skipped or repeated."""
    from accounts.access import Access  # noqa: PLC0415
    from accounts.models import Role  # noqa: PLC0415
    from planner.domain.process_graph.graph import NodeKind, TaskFlow, TaskGraph, TaskNode  # noqa: PLC0415
    from planner.services import graph_replace, process_create  # noqa: PLC0415

    access = Access(user=user, workspace=workspace, role=Role.OWNER)
    process = process_create(access=access, name=f"Of {many} tasks", cases_a_year=20_000)
    keys = ["s", *(f"t{n}" for n in range(many)), "e"]
    nodes = [TaskNode("s", "Start", NodeKind.START), TaskNode("e", "End", NodeKind.END)]
    nodes += [TaskNode(f"t{n}", f"Task {n:04}", handling_minutes=3.0 + 0.01 * n) for n in range(many)]
    flows = {pair: TaskFlow(*pair) for pair in itertools.pairwise(keys)}
    for n in range(0, many - 2, 7):
        flows[f"t{n}", f"t{n + 1}"] = TaskFlow(f"t{n}", f"t{n + 1}", 0.7)
        flows[f"t{n}", f"t{n + 2}"] = TaskFlow(f"t{n}", f"t{n + 2}", 0.3)
    graph_replace(access=access, process=process, graph=TaskGraph(tuple(nodes), tuple(flows.values())))


def _valued() -> list[float]:
    """Run the jobs that were asked for, and have portfolio and ranking computed."""
    from accounts.access import Access  # noqa: PLC0415
    from accounts.models import Workspace  # noqa: PLC0415
    from jobs.models import Run  # noqa: PLC0415
    from jobs.services import run_drain  # noqa: PLC0415
    from planner.domain.valuation.ranking import RankBy  # noqa: PLC0415
    from planner.models import PortfolioPlan, Process  # noqa: PLC0415
    from planner.selectors.value_ranking import ranking_read  # noqa: PLC0415
    from planner.services import portfolio_choose_start  # noqa: PLC0415
    from planner.services.values import ranking_start, values_start  # noqa: PLC0415

    for workspace in Workspace.objects.all():
        values_start(access=Access.system(workspace))
        _drained(run_drain, Run)
        for process in (*Process.objects.of(workspace), None):
            found = ranking_read(workspace, process, RankBy.ROI)
            if found.waiting or process is None:
                ranking_start(ranking=found)
        for plan in PortfolioPlan.objects.of(workspace):
            portfolio_choose_start(access=Access.system(workspace), plan=plan)
        _drained(run_drain, Run)
        client = _client()
        for page in PAGES:
            client.get(_address(page, workspace.slug))
        _drained(run_drain, Run)
    return []


def _drained(run_drain: Callable[..., object], runs: Any) -> None:
    run_drain(run_ids=list(runs.objects.under_way().values_list("pk", flat=True)))


def _asked(page: str, size: int) -> list[float]:
    """CPU milliseconds of the first time and of the second."""
    client = _client()
    small, large = (_address(page, f"of-{each}") for each in (3, size))
    client.get(small)
    return [_taken(client, large) for _ in range(2)]


def _client() -> Any:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _address(page: str, slug: str) -> str:
    from planner.models import PortfolioPlan, Process, Task  # noqa: PLC0415

    process, other = Process.objects.filter(workspace__slug=slug).order_by("pk")
    tasks = Task.objects.filter(process=process).work().values_list("pk", flat=True)[:5]
    plan = PortfolioPlan.objects.filter(workspace__slug=slug).get()
    five = "&".join(f"tasks={pk}" for pk in tasks)
    return f"/w/{slug}/" + PAGES[page].format(
        process=process.pk, other=other.pk, task=tasks[0], plan=plan.pk, five=five
    )


def _taken(client: Any, address: str) -> float:
    with _cpu() as taken:
        answer = client.get(address)
    if answer.status_code not in (200, 409):
        raise SystemExit(f"{address}: {answer.status_code}")
    return 1000 * taken[0]


@contextmanager
def _cpu() -> Iterator[list[float]]:
    taken, begun = [0.0], time.process_time()
    yield taken
    taken[0] = time.process_time() - begun


if __name__ == "__main__":
    main()
