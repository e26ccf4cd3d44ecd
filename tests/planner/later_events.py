"""Rewrites everything in a log after a moment: what was known at it stays as it was."""

import numpy as np
import pandas as pd

SILENCE = pd.Timedelta(days=30)
"""How long a case is silent before its outcome is held to be known."""


def rewritten_after(frame: pd.DataFrame, cut: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    """The log with every event that ends after `cut` rewritten; what began before it keeps its activity and start.

    Of events that begin later, activities, people, attributes and times are shuffled among them and moved, some are
    left out and others added, in old cases and new ones. Attributes of cases that had not begun are shuffled. Outcomes
    (`case:outcome…`) change in every case that had never been silent for `SILENCE`: they are filled in by then.
    """
    out = frame.copy()
    later, running = (frame["start"] > cut).to_numpy(), ((frame["start"] <= cut) & (frame["end"] > cut)).to_numpy()
    told = ["resource", *(name for name in frame.columns if name.startswith("event:"))]
    for name in ("activity", *told):
        out.loc[later, name] = _shuffled(frame.loc[later, name], rng)
    for name in told:
        out.loc[running, name] = _shuffled(frame.loc[running, name], rng)
    moved = pd.to_timedelta(rng.integers(1, 90_000, len(out)), unit="min")
    length = (out["end"] - out["start"]).where(later)
    out.loc[later, "start"] = cut + (frame["start"] - cut) / 2 + moved
    out.loc[later, "end"] = out["start"] + length
    out.loc[running, "end"] = frame["end"] + moved
    _attributes(out, frame, cut, rng)
    out = out[~later | (rng.random(len(out)) < 0.7)]
    return pd.concat([out, _added(frame, cut, rng)], ignore_index=True)


def _shuffled(values: pd.Series, rng: np.random.Generator) -> np.ndarray:
    return values.to_numpy()[rng.permutation(len(values))]


def _attributes(out: pd.DataFrame, frame: pd.DataFrame, cut: pd.Timestamp, rng: np.random.Generator) -> None:
    begun = set(frame.loc[frame["start"] <= cut, "case"])
    ends = frame[frame["end"] <= cut].sort_values("end")
    gaps = (ends.groupby("case")["end"].shift(-1).fillna(cut) - ends["end"]) > SILENCE
    silent = set(ends.loc[gaps, "case"])
    for name in (name for name in frame.columns if name.startswith("case:")):
        fixed = silent if name.startswith("case:outcome") else begun
        by_case = frame.drop_duplicates("case").set_index("case")[name]
        free = [case for case in by_case.index if case not in fixed]
        by_case.loc[free] = _shuffled(by_case.loc[free], rng)
        out[name] = out["case"].map(by_case)


def _added(frame: pd.DataFrame, cut: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    copied = frame.sample(n=min(len(frame), 40), random_state=int(rng.integers(2**31)))
    again, strangers = copied.iloc[::2], copied.iloc[1::2]
    strangers = strangers.assign(case="new " + strangers["case"].astype(str))
    added = pd.concat([again, strangers])
    start = cut + pd.to_timedelta(rng.integers(1, 90_000, len(added)), unit="min")
    activity = rng.choice([*frame["activity"].unique(), "unheard of"], len(added))
    row = 10_000_000 + np.arange(len(added))
    return added.assign(start=start, end=start, activity=activity, resource="new", row=row)
