"""What is odd about a task graph: each finding with a sentence, what to do, and the fixes that are mechanical."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.process_graph.blocks import Blocks, blocks_of, dominators
from planner.domain.process_graph.case_flow import level_visits
from planner.domain.process_graph.flow import FlowError
from planner.domain.process_graph.level import Level, levels_of
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode

NEARLY = 0.005


class Fix(StrEnum):
    """What can be put right without asking: see `mending`."""

    NORMALISE = "normalise"
    CLEAR = "clear"
    GIVE_REST = "give-rest"
    CONNECT_END = "connect-end"
    DELETE = "delete"
    ADD_START = "add-start"
    ADD_END = "add-end"
    MERGE_STARTS = "merge-starts"
    SPLICE = "splice"
    ADD_JOIN = "add-join"
    ADD_MERGE = "add-merge"
    OPEN_JOIN = "open-join"
    AWAIT_TAKEN = "await-taken"
    MAKE_TASK = "make-task"

    @property
    def words(self) -> str:
        """What stands on its button."""
        return _WORDS[self]


_WORDS = {
    Fix.NORMALISE: "Scale them to 100 %",
    Fix.CLEAR: "Clear them",
    Fix.GIVE_REST: "Let the largest take the rest",
    Fix.CONNECT_END: "Connect it to the end",
    Fix.DELETE: "Delete it",
    Fix.ADD_START: "Add a start",
    Fix.ADD_END: "Add an end",
    Fix.MERGE_STARTS: "Make it one start",
    Fix.SPLICE: "Take it out",
    Fix.ADD_JOIN: "Join them where they meet",
    Fix.ADD_MERGE: "Merge them first",
    Fix.OPEN_JOIN: "Let each case pass",
    Fix.AWAIT_TAKEN: "Wait for those taken only",
    Fix.MAKE_TASK: "Make it a task",
}


@dataclass(frozen=True)
class Finding:
    """Something about the graph to look at: which node, what is the matter, what to do, and fixes to press."""

    key: str
    sentence: str
    advice: str
    fixes: tuple[Fix, ...] = ()


def findings_of(nodes: Sequence[TaskNode], flows: Sequence[TaskFlow]) -> list[Finding]:
    """Every finding, level by level: where cases begin and end, branches, gateways, blocks, circles."""
    found: list[Finding] = []
    names = {node.key: node.title for node in nodes}
    for level in levels_of(nodes, flows):
        if level.parent and not any(node.kind in {NodeKind.TASK, NodeKind.SUBPROCESS} for node in level.nodes):
            found.append(_empty(level.parent, names[level.parent]))
            continue
        blocks = blocks_of(level)
        for part in (_edges(level), _lone(level), _sums(level), _gateways(level), _blocks(level, blocks)):
            found.extend(part)
        found.extend(_circles(level, blocks))
    return found


def _empty(key: str, name: str) -> Finding:
    return Finding(key, f"“{name}” is a sub-process with no task inside.", "Add its tasks.", (Fix.MAKE_TASK,))


def _edges(level: Level) -> Iterator[Finding]:
    if not level.nodes:
        return
    first, where = level.nodes[0].key, " inside the sub-process" if level.parent else ""
    if not level.starts:
        yield Finding(first, f"Nothing says where cases begin{where}.", "Add a start.", (Fix.ADD_START,))
    if len(level.starts) > 1:
        sentence = f"Cases begin at {len(level.starts)} starts{where}; each is taken to be used alike."
        advice = "Make it one start with a choice behind it, and say the share of each."
        yield Finding(level.nodes[level.starts[0]].key, sentence, advice, (Fix.MERGE_STARTS,))
    if not level.finishes:
        fix = (Fix.ADD_END,) if not all(level.outgoing) else ()
        yield Finding(first, f"Nothing says where cases end{where}.", "Add an end.", fix)


def _lone(level: Level) -> Iterator[Finding]:
    ends = bool(level.finishes)
    for place, node in enumerate(level.nodes):
        if place not in level.reached:
            advice = "Draw a flow to it, or delete it."
            yield Finding(node.key, f"No case can reach “{node.title}”.", advice, (Fix.DELETE,))
        elif ends and node.kind is not NodeKind.END and not level.outgoing[place]:
            advice = "Draw a flow to what comes next, or to the end."
            yield Finding(node.key, f"Nothing follows “{node.title}”.", advice, (Fix.CONNECT_END,))


def _sums(level: Level) -> Iterator[Finding]:
    for place, node in enumerate(level.nodes):
        given = [level.flows[flow].probability for flow in level.outgoing[place]]
        if node.kind is NodeKind.PARALLEL:
            if any(share is not None and share < 1 for share in given):
                sentence = f"“{node.title}” sends every case along all of its flows: probabilities there do not count."
                yield Finding(node.key, sentence, "Clear them, or make it a choice.", (Fix.CLEAR,))
            continue
        if not given:
            continue
        found = _inclusive_sum(node, given) if node.kind is NodeKind.INCLUSIVE else _sum(node, given)
        if found:
            yield found


def _sum(node: TaskNode, given: Sequence[float | None]) -> Finding | None:
    known = [share for share in given if share is not None]
    total, all_given = sum(known), len(known) == len(given)
    if abs(total - 1) <= NEARLY or (total < 1 and not all_given):
        return None
    percent = f"{total * 100:.0f} %" if abs(total - 1) >= 0.01 else f"{total * 100:.1f} %"
    advice = "Correct one of them, or leave one empty to take the rest."
    scale = (Fix.NORMALISE,) if total > 0 else ()
    if not all_given:
        sentence = f"The branches out of “{node.title}” add up to {percent} and leave nothing for the others."
        return Finding(node.key, sentence, advice, scale)
    rest = (Fix.GIVE_REST,) if total - max(known) < 1 else ()
    sentence = f"The branches out of “{node.title}” add up to {percent}, not 100 %."
    return Finding(node.key, sentence, advice, scale + rest)


def _inclusive_sum(node: TaskNode, given: Sequence[float | None]) -> Finding | None:
    if given.count(None) > 1:
        sentence = (
            f"{given.count(None)} branches out of “{node.title}” have no probability: one is taken when no other is."
        )
        return Finding(node.key, sentence, "Give each the probability with which it is taken.")
    if None not in given and not any(given):
        return Finding(node.key, f"No branch out of “{node.title}” is ever taken.", "Give them probabilities.")
    return None


def _gateways(level: Level) -> Iterator[Finding]:
    for place, node in enumerate(level.nodes):
        if node.kind.is_gateway and len(level.incoming[place]) == len(level.outgoing[place]) == 1:
            sentence = f"“{node.title}” has one flow in and one out: it divides and joins nothing."
            yield Finding(node.key, sentence, "Draw its other flow, or take it out.", (Fix.SPLICE,))


def _blocks(level: Level, blocks: Blocks) -> Iterator[Finding]:
    yield from _open_splits(level, blocks)
    for place in sorted(blocks.lone):
        if not any(join == place for join in blocks.joins.values()):
            sentence = f"“{level.nodes[place].title}” waits for branches that no split sends at the same time."
            advice = "A case stands still there: let each case pass, or make the split before it parallel."
            yield Finding(level.nodes[place].key, sentence, advice, (Fix.OPEN_JOIN,))
    for split, join in blocks.joins.items():
        yield from _mismatch(level, blocks, split, join)
    for join in sorted(set(blocks.joins.values())):
        if _unmerged(level, blocks, join):
            sentence = f"“{level.nodes[join].title}” waits for every flow, but a choice before it takes one of several."
            yield Finding(level.nodes[join].key, sentence, "Merge what a choice divided first.", (Fix.ADD_MERGE,))
    for flow in blocks.crossing[:20]:
        source, target = (level.nodes[place] for place in level.ends[flow])
        sentence = f"The flow from “{source.title}” to “{target.title}” cuts across branches that run at the same time."
        advice = "Volumes behind it are approximate. Enter such branches at their split, leave them at their join."
        yield Finding(source.key, sentence, advice)


def _open_splits(level: Level, blocks: Blocks) -> Iterator[Finding]:
    split_places = [place for place in level.reached if level.splits(place) and place not in blocks.joins]
    after = dominators(level)[1] if split_places else {}
    for place in split_places:
        meeting = after.get(place)
        fix = (Fix.ADD_JOIN,) if meeting is not None and meeting >= 0 else ()
        node = level.nodes[place]
        sentence = f"“{node.title}” starts several branches and nothing joins them: what follows is done for each."
        yield Finding(node.key, sentence, "Put a gateway of the same kind where they meet.", fix)


def _mismatch(level: Level, blocks: Blocks, split: int, join: int) -> Iterator[Finding]:
    one, other = level.nodes[split], level.nodes[join]
    if one.kind is NodeKind.INCLUSIVE and other.kind is NodeKind.PARALLEL:
        sentence = f"“{other.title}” waits for every branch, but “{one.title}” may leave some out."
        yield Finding(other.key, sentence, "Make both of the same kind.", (Fix.AWAIT_TAKEN,))
    if split in blocks.escaped:
        sentence = f"A case can leave between “{one.title}” and “{other.title}”: the join then waits for ever."
        yield Finding(one.key, sentence, "Volumes behind it are approximate. Lead every branch to the join.")


def _unmerged(level: Level, blocks: Blocks, join: int) -> list[list[int]]:
    """Flows into a parallel join that come out of one branch, of which a case takes one: they must be merged first."""
    if level.nodes[join].kind is not NodeKind.PARALLEL:
        return []
    branches: dict[int, list[int]] = {}
    for flow in level.incoming[join]:
        if level.ends[flow][0] in level.reached:
            branches.setdefault(blocks.departure(level, flow), []).append(flow)
    return [flows for flows in branches.values() if len(flows) > 1]


def unmerged_flows(level: Level, join: int) -> list[list[int]]:
    """The places of the flows into a parallel join to be merged first, branch by branch."""
    return _unmerged(level, blocks_of(level), join)


def _circles(level: Level, blocks: Blocks) -> Iterator[Finding]:
    try:
        level_visits(level, blocks)
    except FlowError as problem:
        advice = "Lower one of its branch probabilities below 100 %, and draw a flow out of the circle."
        if "without end" in str(problem):
            advice = "Join branches before they lead back, or lower a probability."
        yield Finding(problem.where[0], str(problem), advice)
