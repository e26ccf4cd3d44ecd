"""Runs of a pipeline side by side: parameters, data, code, figures, outcome and times; what differs first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.errors import FieldProblem, InvalidInput
from common.formatting import count, listed, money
from jobs.domain.states import StageState
from jobs.models import Stage
from pipelines.domain.comparison import (
    FEWEST_RUNS,
    MOST_RUNS,
    Cell,
    Row,
    Section,
    figures_section,
    spread_words,
    texts_section,
)
from pipelines.domain.run_picture import DRAWN
from pipelines.models import Pipeline, PipelineRun
from pipelines.selectors.evaluations import EVALUATE

LONGEST_ID = 15
SHOWN_DIGITS = 16
PARTS = ("parameters", "data", "code", "configuration", "packages")


@dataclass(frozen=True)
class Comparison:
    """Two to four runs, oldest first, and what is compared of them."""

    pipeline: Pipeline
    runs: tuple[PipelineRun, ...]
    sections: tuple[Section, ...]

    @property
    def ordered(self) -> list[Section]:
        """Those with a difference first."""
        return sorted(self.sections, key=lambda section: not section.different)

    @property
    def headline(self) -> str:
        """In what the runs differ."""
        causes = [title.lower() for title in spread_words(self.sections) if title in CAUSES]
        if not causes:
            return "Nothing differs in what these runs rest on"
        return f"These runs differ in {listed(causes)}"


CAUSES = ("Parameters", "Data", "Code", "Packages")


def runs_asked(pipeline: Pipeline, asked: Sequence[str]) -> list[PipelineRun]:
    """The runs of these ids, oldest first; InvalidInput unless they are two to four different ones of the pipeline."""
    texts = [text for text in dict.fromkeys(asked) if text]
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID]
    if not FEWEST_RUNS <= len(texts) <= MOST_RUNS:
        raise _refused(f"Choose {FEWEST_RUNS} to {MOST_RUNS} different runs; these are {len(texts)}.")
    known = PipelineRun.objects.of(pipeline.workspace).filter(pipeline=pipeline, pk__in=ids).with_run()
    found = sorted(known.select_related("generation__data", "measured__measured"), key=lambda each: each.number)
    if len(found) != len(texts):
        raise _refused("Not all of these are runs of this pipeline.")
    return found


def _refused(words: str) -> InvalidInput:
    return InvalidInput("These runs cannot be compared.", errors=[FieldProblem("run", words)])


def runs_comparison(pipeline: Pipeline, runs: Sequence[PipelineRun]) -> Comparison:
    """The comparison, in two queries however many runs there are."""
    stages = Stage.objects.of(pipeline.workspace).filter(run__in=[found.run_id for found in runs])
    by_run: dict[int, list[Stage]] = {found.run_id: [] for found in runs}
    for stage in stages.defer("output"):
        by_run[stage.run_id].append(stage)
    outputs = dict(stages.filter(name=EVALUATE).values_list("run_id", "output"))
    metrics = [outputs.get(found.run_id, {}).get("results", {}).get("metrics", found.metrics) for found in runs]
    parts = [_parts(by_run[found.run_id]) for found in runs]
    return Comparison(
        pipeline,
        tuple(runs),
        (
            texts_section("Parameters", [each["parameters"] for each in parts]),
            texts_section("Data", [_data(found) for found in runs]),
            _code(runs, parts),
            texts_section("Packages", [each["packages"] for each in parts]),
            figures_section("Figures", metrics),
            texts_section("Outcome", [_outcome(found) for found in runs]),
            _times([by_run[found.run_id] for found in runs]),
        ),
    )


def _parts(stages: Sequence[Stage]) -> dict[str, dict[str, str]]:
    """What all stages of a run rested on, by kind."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in PARTS}
    for stage in stages:
        for kind in PARTS:
            found[kind] |= stage.fingerprint_parts.get(kind, {})
    return {kind: dict(sorted(known.items())) for kind, known in found.items()}


def _data(found: PipelineRun) -> dict[str, str]:
    generation = found.generation
    return {
        "Rows": f"{count(generation.rows)}, made up for trying" if generation.is_made_up else count(generation.rows),
        "Digest": generation.data.digest[:SHOWN_DIGITS],
        "Tested from": generation.split_moment or "the last quarter",
    }


def _code(runs: Sequence[PipelineRun], parts: Sequence[Mapping[str, Mapping[str, str]]]) -> Section:
    """Generation, canvas and the digest of the project; of its files those that differ."""
    named = [
        {
            "Generation": str(found.generation.number),
            "Canvas version": str(found.generation.canvas_version),
            "Digest of the project": found.generation.digest[:SHOWN_DIGITS],
        }
        for found in runs
    ]
    files = [{**each["code"], **each["configuration"]} for each in parts]
    changed = texts_section("", files, only_different=True)
    return Section("Code", (*texts_section("", named).rows, *changed.rows))


def _outcome(found: PipelineRun) -> dict[str, str]:
    value = found.measured.measured if found.measured else None
    accepted = {True: "accepted", False: "not accepted", None: found.run.state_of.word}
    return {
        "Verdict": accepted[found.accepted],
        "Value with the errors measured": money(value.npv_mean, found.workspace.currency) if value else "",
        "What it found": found.sentence,
    }


def _times(runs: Sequence[Sequence[Stage]]) -> Section:
    """Seconds of each stage; one that was linked took none."""
    by_name = [{stage.name: stage for stage in stages} for stages in runs]
    rows = [
        Row(definition.label, tuple(_time(known.get(definition.name)) for known in by_name)) for definition in DRAWN
    ]
    return Section("Times", tuple(row for row in rows if any(cell != Cell() for cell in row.cells)))


def _time(stage: Stage | None) -> Cell:
    if stage is None:
        return Cell()
    if stage.started_at is None or stage.finished_at is None or stage.state_of is StageState.CACHED:
        return Cell(stage.state_of.word)
    return Cell(f"{(stage.finished_at - stage.started_at).total_seconds():.1f} s")
