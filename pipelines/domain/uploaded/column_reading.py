"""What is found in one column while its cells pass by: what they can be, how many differ; in bounded memory."""

from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.domain.uploaded.cells import COMMA, GROUPED, NUMBER, PATTERNS, DateFormat, known, numbers_read, tidy

SKETCH = 8_192
"""Different values counted exactly; more are estimated from the smallest hashes, within about 1 %."""
COUNTED = 64
EXAMPLES = 3
Hashes = NDArray[np.uint64]


class ColumnReading:
    """One column. `take` is given its cells piece by piece, in the order of the rows."""

    def __init__(self) -> None:
        self.rows = self.known = 0
        self.plain = self.comma = self.comma_proofs = self.spaced = self.letters = 0
        self.dates: Counter[DateFormat] = Counter()
        self.day_proofs = self.month_proofs = 0
        self.low = self.high = float("nan")
        self.total = 0.0
        self.first_text = self.last_text = ""
        self.counts: Counter[str] | None = Counter()
        self.examples: list[str] = []
        self.odd: list[str] = []
        self.running = True
        self._hashes: Hashes = np.empty(0, dtype=np.uint64)
        self._full = False
        self._last = float("-inf")

    def take(self, texts: pa.Array) -> None:
        """The next cells, trimmed texts or null."""
        self.rows += len(texts)
        there = known(texts)
        if not len(there):
            return
        self.known += len(there)
        found = pc.value_counts(there)
        values, times = found.field(0), found.field(1).to_numpy(zero_copy_only=False)
        self._numbers(values, times, repeated=len(values) < len(there))
        self._dates(values, times)
        self._texts(values, times)
        self._count(values, times)
        self._sketch(values)

    @property
    def distinct(self) -> int:
        """How many different values there are; estimated above `SKETCH`."""
        if not self._full:
            return len(self._hashes)
        return round((SKETCH - 1) / (float(self._hashes[-1]) / 2.0**64))

    @property
    def distinct_is_exact(self) -> bool:
        return not self._full

    @property
    def decimal_comma(self) -> bool:
        """Whether decimals follow a comma: every text can be meant so, and one can mean nothing else."""
        return self.comma == self.known > 0 and self.comma_proofs > 0 and self.plain < self.known

    @property
    def mean(self) -> float:
        return self.total / self.plain if self.plain else float("nan")

    def _numbers(self, values: pa.Array, times: NDArray[np.int64], *, repeated: bool) -> None:
        plain = _matches(values, NUMBER)
        self.plain += int(times[plain].sum())
        if plain.any():
            self._range(values.filter(pa.array(plain)), times[plain])
        if not plain.all() and self.comma + int(times.sum()) == self.known:
            grouped = _matches(values, GROUPED)
            self.comma += int(times[grouped].sum())
            self.comma_proofs += int(times[_matches(values, COMMA)].sum())
        elif plain.all() and self.comma + int(times.sum()) == self.known:
            whole = _matches(values, r"^[+-]?\d+$")
            self.comma += int(times[whole].sum())
        self.running = self.running and not repeated and bool(plain.all()) and self._runs_on(values)
        if len(self.odd) < EXAMPLES and self.plain and not plain.all():
            self.odd += values.filter(pa.array(~plain)).to_pylist()[: EXAMPLES - len(self.odd)]

    def _range(self, values: pa.Array, times: NDArray[np.int64]) -> None:
        numbers = numbers_read(values.to_pandas(), comma=False)
        fine = np.isfinite(numbers)
        if fine.any():
            self.low, self.high = np.fmin(self.low, numbers[fine].min()), np.fmax(self.high, numbers[fine].max())
            self.total += float((numbers[fine] * times[fine]).sum())

    def _runs_on(self, values: pa.Array) -> bool:
        numbers = numbers_read(values.to_pandas(), comma=False)
        whole = bool(np.isfinite(numbers).all()) and bool((numbers == np.floor(numbers)).all())
        rises = whole and numbers[0] > self._last and bool((np.diff(numbers) > 0).all())
        self._last = float(numbers[-1])
        return rises

    def _dates(self, values: pa.Array, times: NDArray[np.int64]) -> None:
        if self.known > times.sum() and not self.dates:
            return  # no date among the cells before: these are none either
        for form, pattern in PATTERNS.items():
            fits = _matches(values, pattern)
            if not fits.any():
                continue
            self.dates[form] += int(times[fits].sum())
            if form is DateFormat.PARTS:
                parts = pc.extract_regex(values.filter(pa.array(fits)), pattern=pattern)
                self.day_proofs += int((pd.to_numeric(parts.field("first").to_pandas()) > 12).sum())
                self.month_proofs += int((pd.to_numeric(parts.field("second").to_pandas()) > 12).sum())

    def _texts(self, values: pa.Array, times: NDArray[np.int64]) -> None:
        lengths = pc.utf8_length(values).to_numpy(zero_copy_only=False)
        self.letters += int((lengths * times).sum())
        self.spaced += int(times[pc.count_substring(values, " ").to_numpy(zero_copy_only=False) >= 3].sum())
        ends = pc.min_max(values)
        low, high = str(ends["min"]), str(ends["max"])
        self.first_text = min(self.first_text, low) if self.first_text else low
        self.last_text = max(self.last_text, high)
        if len(self.examples) < EXAMPLES:
            fresh = [value for value in values.slice(0, 8).to_pylist() if value not in self.examples]
            self.examples += fresh[: EXAMPLES - len(self.examples)]

    def _count(self, values: pa.Array, times: NDArray[np.int64]) -> None:
        if self.counts is None:
            return
        if len(values) > COUNTED:
            self.counts = None
            return
        for value, number in zip(values.to_pylist(), times.tolist(), strict=True):
            self.counts[tidy(value)] += number
        if len(self.counts) > COUNTED:
            self.counts = None

    def _sketch(self, values: pa.Array) -> None:
        hashed = pd.util.hash_array(values.to_pandas().to_numpy(dtype=object), categorize=False).astype(np.uint64)
        if self._full:
            hashed = hashed[hashed < self._hashes[-1]]
        if len(hashed):
            merged = np.union1d(self._hashes, hashed)
            self._full = self._full or len(merged) > SKETCH
            self._hashes = merged[:SKETCH]


def _matches(values: pa.Array, pattern: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
    return found
