"""What is past its limit: the canvas's alert thresholds, read as figures, held against what was found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from canvas.domain.metrics import metric_key
from pipelines.domain.acceptance import METRICS_OF_THE_CANVAS
from pipelines.domain.monitoring.drift import FeatureDrift
from pipelines.domain.monitoring.performance import Estimate

PSI = "drift_psi"
LATENCY = "latency_ms"
USUAL_PSI = 0.2


@dataclass(frozen=True)
class Alert:
    """Alarm where the figure `metric` is below (`<`) or above (`>`) `level`; `who` is told."""

    metric: str
    below: bool
    level: float
    who: str = ""


@dataclass(frozen=True)
class Breach:
    """One figure past its limit. `what` names it, for it to be told once."""

    what: str
    value: float
    limit: float
    words: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def alerts_read(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Alert], list[str]]:
    """Alerts of the canvas's limits ({metric, comparison, value, note}), and those on figures nobody measures.

    Without one on drift, a PSI above 0.2 alarms.

    >>> alerts, _ = alerts_read([{"metric": "recall", "comparison": "<", "value": 0.55, "note": "data team"}])
    >>> [(alert.metric, alert.below, alert.level) for alert in alerts]
    [('recall', True, 0.55), ('drift_psi', False, 0.2)]
    """
    alerts: list[Alert] = []
    unread: list[str] = []
    for row in rows:
        key = metric_key(str(row["metric"]))
        name = key if key in (PSI, LATENCY) else METRICS_OF_THE_CANVAS.get(key or "")
        if name is None:
            unread.append(f"{row['metric']} {row['comparison']} {row['value']:g}")
        else:
            alerts.append(Alert(name, "<" in str(row["comparison"]), float(row["value"]), str(row.get("note") or "")))
    if not any(alert.metric == PSI for alert in alerts):
        alerts.append(Alert(PSI, below=False, level=USUAL_PSI))
    return alerts, unread


def breaches_of(
    alerts: Sequence[Alert], *, drift: Sequence[FeatureDrift], figures: Mapping[str, Estimate], latency_ms: float | None
) -> list[Breach]:
    """What is past its limit. A figure is past it when its whole interval is: chance alone is no alarm."""
    found: list[Breach] = []
    for alert in alerts:
        if alert.metric == PSI:
            found += [_drifted(one, alert) for one in drift if one.psi > alert.level]
        elif alert.metric == LATENCY:
            found += _slow(latency_ms, alert)
        elif alert.metric in figures:
            found += _worse(alert, figures[alert.metric])
    return found


def _drifted(one: FeatureDrift, alert: Alert) -> Breach:
    words = f"{one.name} has moved: PSI {one.psi:.2f}, at most {alert.level:g}."
    return Breach(f"psi:{one.name}", one.psi, alert.level, words)


def _slow(latency_ms: float | None, alert: Alert) -> list[Breach]:
    if latency_ms is None or (latency_ms >= alert.level if alert.below else latency_ms <= alert.level):
        return []
    words = f"Answers take {latency_ms:.0f} ms (95 in 100 are faster), at most {alert.level:g}."
    return [Breach("latency", latency_ms, alert.level, words)]


def _worse(alert: Alert, estimate: Estimate) -> list[Breach]:
    past = estimate.high < alert.level if alert.below else estimate.low > alert.level
    if not past:
        return []
    bound, side = ("at least", "below") if alert.below else ("at most", "above")
    name = alert.metric.replace("_", " ")
    found = f"{name} is {estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f} in {estimate.count} cases)"
    words = f"{found}, {side} its limit: {bound} {alert.level:g}."
    return [Breach(f"figure:{alert.metric}", estimate.value, alert.level, words[:1].upper() + words[1:])]
