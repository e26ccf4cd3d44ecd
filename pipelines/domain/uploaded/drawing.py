"""A fair draw of rows out of a stream of unknown length, in bounded memory, in the order they came."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

DRAWN = 10_000


class Drawing:
    """Each row gets a key by the dice; the rows with the smallest keys are kept."""

    def __init__(self, generator: np.random.Generator, most: int = DRAWN) -> None:
        self._generator, self._most, self._edge = generator, most, 1.0
        self._pieces: list[pa.Table] = []
        self._keys: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []

    def take(self, batch: pa.RecordBatch) -> None:
        """The next rows."""
        keys = self._generator.random(batch.num_rows)
        taken = keys < self._edge
        if not taken.any():
            return
        self._pieces.append(pa.Table.from_batches([batch.filter(pa.array(taken))]))
        self._keys.append(keys[taken])
        if sum(map(len, self._keys)) > 2 * self._most:
            self._shrink()

    def table(self, columns: Sequence[str]) -> pa.Table:
        """What was drawn; no rows where none came."""
        if not self._pieces:
            return pa.table({name: pa.array([], pa.string()) for name in columns})
        self._shrink()
        return self._pieces[0]

    def _shrink(self) -> None:
        keys, table = np.concatenate(self._keys), pa.concat_tables(self._pieces).combine_chunks()
        if len(keys) > self._most:
            edge = float(np.partition(keys, self._most)[self._most])
            kept = keys < edge
            keys, table, self._edge = keys[kept], table.filter(pa.array(kept)), edge
        self._pieces, self._keys = [table], [keys]
