"""The stages of a run: what each waits for, to which workflow it belongs, and what its result depends on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DATA, MODEL, CODE = "Data", "Model", "Code"


@dataclass(frozen=True)
class StageDefinition:
    """`after` are the stages whose files it reads; `config` the files of `config/` it reads; `modules` its code."""

    name: str
    label: str
    workflow: str
    after: tuple[str, ...]
    modules: tuple[str, ...]
    config: tuple[str, ...] = ("features.json",)
    asks: str = ""


BASE = ("__init__.py", "__main__.py", "problems.py", "project.py", "settings.py", "table.py")
STAGES: tuple[StageDefinition, ...] = (
    StageDefinition("ingest", "Ingest", DATA, (), (), asks="Is the table there, with all its columns?"),
    StageDefinition(
        "validate", "Validate", DATA, ("ingest",), ("schema.py",), asks="Does every row hold to the schema?"
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
        ("candidates.py", "model.py", "scores.py", "target.py", "stages/split.py"),
        asks="Which candidate foresees later cases best?",
    ),
    StageDefinition(
        "evaluate",
        "Evaluate",
        MODEL,
        ("ingest", "split", "baseline", "train"),
        ("impact.py", "judging.py", "model.py", "rule.py", "scores.py", "slices.py", "target.py"),
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
        ("ingest", "split", "train", "evaluate", "test"),
        ("card.py", "target.py"),
        ("features.json", "decision.json", "canvas.json"),
        asks="What exactly is shipped?",
    ),
    StageDefinition(
        "serve_smoke",
        "Serve and ask",
        CODE,
        ("split", "package"),
        ("model.py", "prediction_log.py", "service.py", "serving.py"),
        ("features.json", "decision.json"),
        asks="Does the running service answer as the model does?",
    ),
)
NAMES = tuple(stage.name for stage in STAGES)
BY_NAME: Mapping[str, StageDefinition] = {stage.name: stage for stage in STAGES}


def sources_of(stage: StageDefinition, package: str) -> tuple[str, ...]:
    """Paths whose bytes decide the stage's result, besides its inputs: code, configuration, lock; data for ingest.

    >>> "config/decision.json" in sources_of(BY_NAME["train"], "p")
    False
    """
    code = [f"src/{package}/{name}" for name in (*BASE, *stage.modules, f"stages/{stage.name}.py")]
    config = [f"config/{name}" for name in stage.config]
    return tuple(sorted({*code, *config, "requirements.lock"}))


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


def _ancestors(name: str, known: Mapping[str, StageDefinition]) -> set[str]:
    found: set[str] = set()
    waiting = list(known[name].after)
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting.extend(known[parent].after)
    return found
