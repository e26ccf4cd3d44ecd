"""Valuing and ranking tasks, side by side with squigglepy where PEER_PYTHON names a throw-away environment that has it.

`python -m benchmarks.valuation [TASKS]` values the same seeded tasks (8 uncertain inputs, a chance of production, 5
years) with both, repeats one of them with other random numbers to see how far its mean is off, and prints CPU seconds
and their ratio for the same standard error of the mean. Then it times a ranking with full results, one edit of it, and
a portfolio of 200 tasks. Nothing of the peer is imported here.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.outcome import Outcome, outcome_of_draws
from planner.domain.valuation.portfolio import Bounds, Candidate, SharedCost
from planner.domain.valuation.portfolio_budget import budget_curve
from planner.domain.valuation.portfolio_choice import portfolio_choose
from planner.domain.valuation.ranking import RankBy, chance_of_places, order, scores_of_each
from planner.domain.valuation.sampling import CommonNumbers
from planner.domain.valuation.simulation import simulate, simulations

PLAIN_DRAWS = 10_000
REPEATS = 200
KEYS = ("volume", "minutes_before", "coverage", "wage", "recapture", "person_days", "integration", "hosting")
CERTAIN = {
    "minutes_exception": "0.5",
    "minutes_review": "10",
    "day_rate": "720",
    "production": "85 %",
    "discount_rate": "8 %",
}
PEER = """
import json, sys, time
import numpy as np, squigglepy as sq
tasks, draws, repeats = json.load(sys.stdin)
def drawn(spec):
    kind, *numbers = spec
    if kind == "range":
        return sq.sample(sq.norm(*numbers), draws)
    if kind == "pert":
        return sq.sample(sq.pert(*numbers), draws)
    return sq.sample(sq.beta(*numbers), draws)
def npv(task):
    v, m, c, w, r, d, i, h = (drawn(spec) for spec in task)
    reached = sq.sample(sq.bernoulli(0.85), draws)
    benefit = v * (m - (c * 0.5 + (1 - c) * 10)) / 60 * w * r
    adopted = sum(a / 1.08 ** y for y, a in enumerate((0.4, 0.75, 0.9, 0.9, 0.9), 1))
    level = sum(1 / 1.08 ** y for y in range(1, 6))
    return reached * (benefit * adopted - h * level) - d * 720 - i
sq.set_seed(1)
npv(tasks[0])
start = time.process_time()
for task in tasks:
    npv(task).mean()
cpu = time.process_time() - start
means = [float(npv(tasks[0]).mean()) for _ in range(repeats)]
print(json.dumps({"cpu": cpu, "error": float(np.std(means)), "mean": float(np.mean(means))}))
"""

Spec = tuple[Any, ...]


def task_specs(count: int, rng: np.random.Generator) -> list[list[Spec]]:
    """Random tasks: for each of KEYS what is drawn, as both sides read it."""
    specs: list[list[Spec]] = []
    for _ in range(count):
        volume, minutes, days = rng.uniform(5000, 40_000), rng.uniform(9, 14), rng.uniform(60, 150)
        specs.append(
            [
                ("range", 0.9 * volume, 1.1 * volume),
                ("pert", 0.8 * minutes, minutes, minutes * rng.uniform(1.1, 1.8)),
                ("beta", float(rng.integers(5, 12)), 2.0),
                ("range", 32.0, 44.0),
                ("range", 0.5, 0.8),
                ("range", 0.8 * days, 1.3 * days),
                ("pert", 20_000.0, 30_000.0, float(rng.uniform(50_000, 120_000))),
                ("range", 5000.0, 9000.0),
            ]
        )
    return specs


def case_of(task: list[Spec]) -> Case:
    texts = {key: _text(spec) for key, spec in zip(KEYS, task, strict=True)} | CERTAIN
    return Case.of(Setting(5, (0.4, 0.75, 0.9)), {key: INPUTS[key].read(text) for key, text in texts.items()})


def _text(spec: Spec) -> str:
    kind, *numbers = spec
    written = [f"{number:.9g}" for number in numbers]
    return f"{written[0]} to {written[1]}" if kind == "range" else f"{kind}({', '.join(written)})"


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def full_results(cases: list[Case], common: CommonNumbers) -> tuple[list[Outcome], np.ndarray]:
    """Outcomes with everything in them, and the scores by NPV: shape (tasks, draws)."""
    outcomes: dict[int, Outcome] = {}
    scores = np.empty((len(cases), common.draws))
    for place, simulation in simulations([(case, common.of(str(number))) for number, case in enumerate(cases)]):
        outcomes[place] = outcome_of_draws(simulation)
        scores[place] = scores_of_each(simulation, RankBy.NPV)
    return [outcomes[place] for place in range(len(cases))], scores


def ranked(outcomes: list[Outcome], scores: np.ndarray) -> tuple[tuple[int, ...], np.ndarray]:
    """The order, and the chances of the first three places."""
    return order([found.figures for found in outcomes], RankBy.NPV), chance_of_places(scores, 3)


def rank_again(cases: list[Case], outcomes: list[Outcome], scores: np.ndarray, common: CommonNumbers) -> None:
    """One input of one task is edited: only this task is valued again."""
    inputs = {**cases[0].by_key, "wage": INPUTS["wage"].read("35 to 50")}
    changed, row = full_results([Case.of(cases[0].setting, inputs)], common)
    outcomes[0], scores[0] = changed[0], row[0]
    ranked(outcomes, scores)


def portfolio_problem(rng: np.random.Generator, count: int = 200) -> tuple[list[Candidate], Bounds, list[SharedCost]]:
    """200 tasks, every fourth with a prerequisite, 30 shared costs, a budget and person-days for about a third."""
    keys = [f"t{number}" for number in range(count)]
    candidates = [
        Candidate(
            key, float(rng.normal(40_000, 60_000)), float(rng.uniform(5e3, 9e4)), float(rng.uniform(10, 120)),
            frozenset({keys[int(rng.integers(count))]} - {key}) if number % 4 == 0 else frozenset(),
        )
        for number, key in enumerate(keys)
    ]  # fmt: skip
    shared = [
        SharedCost(f"s{number}", float(rng.uniform(5e3, 5e4)), frozenset(rng.choice(keys, 5).tolist()))
        for number in range(30)
    ]
    limits = Bounds(budget=sum(one.once for one in candidates) / 3, person_days=4000.0)
    return candidates, limits, shared


def beside_the_peer(specs: list[list[Spec]], cases: list[Case], common: CommonNumbers) -> None:
    """Time for the same standard error of the mean: half the error takes four times the draws."""
    _, cpu, _ = timed(lambda: [simulate(case, common.of("x")).npv.mean() for case in cases])
    means = [float(simulate(cases[0], common.of(f"repeat {number}")).npv.mean()) for number in range(REPEATS)]
    error, peer = float(np.std(means)), os.environ.get("PEER_PYTHON")
    print(f"{len(cases)} tasks, {common.draws} draws: {cpu:.2f} s of CPU, mean {np.mean(means):,.0f} ± {error:,.0f}")
    if peer:
        sent = json.dumps([specs, PLAIN_DRAWS, REPEATS])
        answer = subprocess.run([peer, "-c", PEER], input=sent, capture_output=True, text=True, check=True)
        found = json.loads(answer.stdout.splitlines()[-1])
        print(
            f"squigglepy, {PLAIN_DRAWS} draws: {found['cpu']:.2f} s, mean {found['mean']:,.0f} ± {found['error']:,.0f}"
        )
        ratio = found["cpu"] / cpu * (found["error"] / error) ** 2
        print(f"ratio: {found['cpu'] / cpu:.1f} times the CPU, {ratio:.1f} times for the same standard error")


def main() -> None:
    specs = task_specs(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, np.random.default_rng(7))
    cases, common = [case_of(task) for task in specs], CommonNumbers(np.random.default_rng(1))
    full_results(cases[:1], common)
    beside_the_peer(specs, [case_of(task) for task in specs], common)
    (outcomes, scores), cpu, wall = timed(lambda: full_results(cases, common))
    _, more, longer = timed(lambda: ranked(outcomes, scores))
    print(f"ranked with full results: {cpu + more:.2f} s of CPU, {wall + longer:.2f} s")
    _, cpu, wall = timed(lambda: rank_again(cases, outcomes, scores, common))
    print(f"one input edited, ranked again: {1000 * cpu:.0f} ms of CPU, {1000 * wall:.0f} ms")
    problem = portfolio_problem(np.random.default_rng(3))
    _, cpu, wall = timed(lambda: portfolio_choose(*problem))
    print(f"portfolio of 200 tasks: {1000 * cpu:.0f} ms of CPU, {1000 * wall:.0f} ms")
    curve, cpu, wall = timed(lambda: budget_curve(*problem))
    print(f"its worth against budget, {len(curve.steps)} exact steps: {cpu:.1f} s of CPU, {wall:.1f} s")


if __name__ == "__main__":
    main()
