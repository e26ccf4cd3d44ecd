"""The stages of a run: what each waits for, to which workflow it belongs, and what its result depends on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DATA, MODEL, CODE = "Data", "Model", "Code"


@dataclass(frozen=True)
class StageDefinition:
    """`after` are the stages whose files it reads; `config` the files of `config/` it reads; `modules` its code.

    `whole` where it runs the package as a whole: every module then counts as its code.
    """

    name: str
    label: str
    workflow: str
    after: tuple[str, ...]
    modules: tuple[str, ...]
    config: tuple[str, ...] = ("features.json",)
    asks: str = ""
    whole: bool = False


BASE = (
    "__init__.py",
    "__main__.py",
    "commands.py",
    "durations.py",
    "lags.py",
    "problems.py",
    "project.py",
    "results.py",
    "settings.py",
    "table.py",
)
FILE = ("model_file.py", "predictor.py", "drawing.py", "graph.py", "trees.py")
"""What writes and reads the model's file, as far as a project has these modules."""
AHEAD = ("backtest.py", "series_table.py", "stepping.py")
"""What forecasts several periods, where a project does."""
STAGES: tuple[StageDefinition, ...] = (
    StageDefinition("ingest", "Ingest", DATA, (), (), asks="Is the table there, with all its columns?"),
    StageDefinition(
        "validate",
        "Validate",
        DATA,
        ("ingest",),
        ("schema.py", "series_schema.py", "series_table.py"),
        asks="Does every row hold to the schema?",
    ),
    StageDefinition("prepare", "Prepare", DATA, ("validate",), (), asks="Which rows can be learnt from?"),
    StageDefinition("split", "Split", DATA, ("ingest", "prepare"), (), asks="What was known when?"),
    StageDefinition(
        "baseline",
        "Rule to beat",
        MODEL,
        ("split",),
        ("rule.py", "scores.py", "target.py"),
        asks="How far does a simple rule get?",
    ),
    StageDefinition(
        "train",
        "Train",
        MODEL,
        ("split",),
        (
            "candidates.py",
            "fitting.py",
            "folds.py",
            "looking_back.py",
            "model.py",
            *FILE,
            "parity.py",
            "scores.py",
            "target.py",
            "stages/split.py",
            "tuning.py",
            *AHEAD,
        ),
        ("features.json", "training.json"),
        asks="Which candidate foresees later cases best?",
    ),
    StageDefinition(
        "evaluate",
        "Evaluate",
        MODEL,
        ("ingest", "split", "baseline", "train"),
        (
            "impact.py",
            "importance.py",
            "judging.py",
            "model.py",
            *FILE,
            "points.py",
            "rule.py",
            "scores.py",
            "series_scores.py",
            "slices.py",
            "target.py",
            *AHEAD,
        ),
        ("features.json", "decision.json"),
        asks="How good, where, and worth what?",
    ),
    StageDefinition(
        "test",
        "Accept",
        MODEL,
        ("evaluate",),
        ("acceptance.py",),
        ("features.json", "decision.json"),
        asks="Is it good enough to be used?",
    ),
    StageDefinition(
        "package",
        "Package",
        MODEL,
        ("ingest", "validate", "prepare", "split", "train", "evaluate", "test"),
        (
            "card.py",
            "datasheet.py",
            "forecast_example.py",
            "horizons.py",
            "model.py",
            *FILE,
            "parity.py",
            "reference.py",
            "run_record.py",
            "target.py",
            "tracking.py",
        ),
        ("features.json", "decision.json", "canvas.json"),
        asks="What exactly is shipped?",
    ),
    StageDefinition(
        "serve_smoke",
        "Serve and ask",
        CODE,
        ("split", "package"),
        (),
        ("features.json", "decision.json"),
        asks="Does what is served answer as the model does?",
        whole=True,
    ),
)
NAMES = tuple(stage.name for stage in STAGES)
BY_NAME: Mapping[str, StageDefinition] = {stage.name: stage for stage in STAGES}


def sources_of(stage: StageDefinition, package: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Which of a project's `paths` decide the stage's result, besides its inputs: code, configuration, lock.

    >>> "config/decision.json" in sources_of(BY_NAME["train"], "p", ["config/decision.json", "src/p/model.py"])
    False
    """
    code = {f"src/{package}/{name}" for name in (*BASE, *stage.modules, f"stages/{stage.name}.py")}
    named = code | {f"config/{name}" for name in stage.config} | {"requirements.lock", "params.json"}
    inside = f"src/{package}/" if stage.whole else "\0"
    return tuple(sorted(path for path in paths if path in named or path.startswith(inside)))


def drawn_edges(stages: Iterable[StageDefinition] = STAGES) -> tuple[tuple[str, str], ...]:
    """The edges a picture needs: those no longer path says already.

    >>> ("ingest", "split") in drawn_edges(), ("split", "train") in drawn_edges()
    (False, True)
    """
    known = {stage.name: stage for stage in stages}
    return tuple(
        (parent, stage.name)
        for stage in known.values()
        for parent in stage.after
        if not any(parent in _ancestors(other, known) for other in stage.after if other != parent)
    )


def ancestors(name: str) -> set[str]:
    """The stages a stage rests on, however far up.

    >>> sorted(ancestors("split"))
    ['ingest', 'prepare', 'validate']
    """
    return _ancestors(name, BY_NAME)


def descendants(name: str) -> set[str]:
    """The stages that rest on a stage, however far down.

    >>> sorted(descendants("test"))
    ['package', 'serve_smoke']
    """
    return {stage.name for stage in STAGES if name in _ancestors(stage.name, BY_NAME)}


def _ancestors(name: str, known: Mapping[str, StageDefinition]) -> set[str]:
    found: set[str] = set()
    waiting = list(known[name].after)
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting.extend(known[parent].after)
    return found
