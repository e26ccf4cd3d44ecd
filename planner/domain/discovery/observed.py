"""A process as it really ran: everything discovered of a log besides its graph, and as JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from planner.domain.discovery.bottlenecks import ActivityTimes, Bottlenecks, FlowWait, WaitFacts, bottlenecks
from planner.domain.discovery.case_durations import CaseDurations, DurationBar, case_durations
from planner.domain.discovery.directly_follows import EndFacts, FollowsFacts, case_ends, directly_follows
from planner.domain.discovery.elapsed import Calendar
from planner.domain.discovery.handover import HandOverFacts, HandOvers, hand_overs
from planner.domain.discovery.resources import DoneFacts, ResourceFacts, Resources, resources
from planner.domain.discovery.rework import PingPong, RepeatFacts, Rework, rework
from planner.domain.discovery.traces import traces_of
from planner.domain.discovery.variants import VariantFacts, Variants, variants
from planner.domain.discovery.work_in_progress import Period, PeriodUnit, Queue, WorkInProgress, work_in_progress
from planner.domain.event_log.eventlog import Instances, TimeMeaning

FORMAT = 1


@dataclass(frozen=True)
class Observed:
    """What a log says of how its process ran. Times are hours, of the log and not a year; shares lie in 0 to 1.

    `on_calendar` says that durations count working time only.
    """

    activities: tuple[str, ...]
    cases: int
    instances: int
    has_start_times: bool
    on_calendar: bool
    follows: tuple[FollowsFacts, ...]
    ends: tuple[EndFacts, ...]
    variants: Variants
    rework: Rework
    resources: Resources
    hand_overs: HandOvers
    bottlenecks: Bottlenecks
    durations: CaseDurations
    over_time: WorkInProgress

    @property
    def tells_durations(self) -> bool:
        """Whether the times of the log say when things were done: plans say in which order, not how long."""
        return self.durations.median_hours is not None

    def of_plans(self) -> "Observed":
        """The same with every duration unknown: order, counts and people stay."""
        again, people, passed = self.rework, self.resources, self.hand_overs
        kept = tuple(replace(_untimed(each), pace=None, done=tuple(map(_untimed, each.done))) for each in people.kept)
        return replace(
            self,
            follows=tuple(map(_untimed, self.follows)),
            variants=replace(self.variants, kept=tuple(map(_untimed, self.variants.kept))),
            rework=replace(again, activities=tuple(map(_untimed, again.activities))),
            resources=replace(people, kept=kept),
            hand_overs=replace(_untimed(passed), pairs=tuple(map(_untimed, passed.pairs))),
            bottlenecks=Bottlenecks(activities=(), flows=(), handling=(), total_hours=0.0),
            durations=replace(_untimed(self.durations), working_share=None, idle_share=None, bars=()),
            over_time=replace(self.over_time, queues=()),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values; `observed_from` reads them."""
        return {"format": FORMAT, **asdict(self)}

    def summary(self) -> dict[str, Any]:
        """The few figures that lists and other pages show."""
        worst = next(iter(self.bottlenecks.activities), None)
        passing = self.hand_overs.passed / self.hand_overs.steps if self.hand_overs.steps else None
        return {
            "median_hours": self.durations.median_hours,
            "p90_hours": self.durations.p90_hours,
            "variants_for_most_cases": self.variants.for_most_cases,
            "cases_with_rework": self.rework.cases_repeating,
            "most_waiting": None if worst is None else {"activity": worst.activity, "share": worst.share},
            "steps_handed_over": passing,
            "open_cases": self.over_time.open_cases,
        }


def observe(instances: Instances, calendar: Calendar | None = None) -> Observed:
    """Measure the instances of a log (`pair_instances`). With a calendar every duration counts working time only.

    Where the times are plans, no duration is told.
    """
    traces = traces_of(instances.frame, calendar)
    follows = directly_follows(traces)
    waits = bottlenecks(traces, follows)
    found = Observed(
        activities=traces.activities,
        cases=traces.cases,
        instances=len(traces),
        has_start_times=bool(traces.started.any()),
        on_calendar=calendar is not None,
        follows=follows,
        ends=case_ends(traces),
        variants=variants(traces),
        rework=rework(traces),
        resources=resources(traces),
        hand_overs=hand_overs(traces),
        bottlenecks=waits,
        durations=case_durations(traces),
        over_time=work_in_progress(traces, tuple(each.activity for each in waits.activities)),
    )
    return found.of_plans() if instances.meaning is TimeMeaning.SCHEDULED else found


def observed_from(found: Mapping[str, Any]) -> Observed:
    """What `as_json` wrote. KeyError or TypeError for anything else."""
    variety, again, people = found["variants"], found["rework"], found["resources"]
    passed, waits, lasted, time = found["hand_overs"], found["bottlenecks"], found["durations"], found["over_time"]
    plain = ("cases", "instances", "has_start_times", "on_calendar")
    return Observed(
        **{name: found[name] for name in plain},
        activities=tuple(found["activities"]),
        follows=_each(FollowsFacts, found["follows"]),
        ends=_each(EndFacts, found["ends"]),
        variants=Variants(**variety | {"kept": tuple(_variant(each) for each in variety["kept"])}),
        rework=Rework(
            **again
            | {"activities": _each(RepeatFacts, again["activities"]), "ping_pong": _each(PingPong, again["ping_pong"])}
        ),
        resources=Resources(**people | {"kept": tuple(_resource(each) for each in people["kept"])}),
        hand_overs=HandOvers(
            **passed
            | {"pairs": _each(HandOverFacts, passed["pairs"]), "ping_pong": _each(PingPong, passed["ping_pong"])}
        ),
        bottlenecks=Bottlenecks(
            activities=_each(WaitFacts, waits["activities"]),
            flows=_each(FlowWait, waits["flows"]),
            handling=_each(ActivityTimes, waits["handling"]),
            total_hours=waits["total_hours"],
        ),
        durations=CaseDurations(**lasted | {"bars": _each(DurationBar, lasted["bars"])}),
        over_time=WorkInProgress(
            unit=PeriodUnit(time["unit"]),
            periods=_each(Period, time["periods"]),
            queues=tuple(Queue(**each | {"waiting": tuple(each["waiting"])}) for each in time["queues"]),
            open_cases=time["open_cases"],
        ),
    )


def _untimed(facts: Any) -> Any:
    """The facts with each of their figures in hours unknown."""
    return replace(facts, **{one.name: None for one in fields(facts) if one.name.endswith("_hours")})


def _each(kind: Any, rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**row) for row in rows)


def _variant(row: dict[str, Any]) -> VariantFacts:
    return VariantFacts(**row | {"sequence": tuple(row["sequence"])})


def _resource(row: dict[str, Any]) -> ResourceFacts:
    return ResourceFacts(**row | {"done": _each(DoneFacts, row["done"])})
