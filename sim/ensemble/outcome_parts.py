"""The outcomes of an ensemble, read column by column from its parts.

A million replications with some 240 outcomes are 2 GB, one outcome is 8 MB. So what is
asked of all replications is asked of a few columns at a time, and memory does not grow
with the number of outcomes; quantiles are exact, since each column is there in full.
Parts are opened one after another: a data set of ten thousand files that is opened
at once holds the metadata of all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.ensemble.archive import OUTCOME_PARTS, RunDirectory, parts_of, read_table
from sim.ensemble.arrow import values_of
from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.frames import Table

BUDGET: Final = 2**28
"""Bytes of columns that are read at once: 33 outcomes of a million replications."""

ABOUT: Final = ("replication", "error", "repeat")
"""Columns of a part that are no outcomes."""


class OutcomeParts:
    """The outcomes of some replications, in memory or in a run directory."""

    def __init__(self, numbers: range, source: RunDirectory | list[Table]) -> None:
        self.numbers = numbers
        self._source = source

    def columns(self, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Return some outcomes by name, each of every replication in order."""
        whole = {name: np.empty(len(self.numbers)) for name in names}
        at = 0
        for table in self._tables(names):
            for name in names:
                whole[name][at : at + len(table)] = values_of(table[name])
            at += len(table)
        return whole

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return some outcomes as a frame, indexed by the replication's number."""
        import pandas as pd

        index = pd.Index(np.array(self.numbers), name="replication")
        return pd.DataFrame(self.columns(names), index=index, copy=False)

    def failures(self) -> list[tuple[int, str, str]]:
        """Return the failed replications: number, error, command to repeat it."""
        rows: list[tuple[int, str, str]] = []
        for table in self._tables(ABOUT):
            errors = table["error"].to_pylist()
            if any(errors):
                number, repeat = (
                    table[n].to_pylist() for n in ("replication", "repeat")
                )
                entries = zip(number, errors, repeat, strict=True)
                rows += [row for row in entries if row[1]]
        return rows

    def n_at_once(self) -> int:
        """Return how many columns the budget has room for."""
        return max(1, BUDGET // (8 * len(self.numbers)))

    def _tables(self, names: Sequence[str]) -> Iterator[Table]:
        """Yield some columns of each part, cut to the replications asked for."""
        source: Any = self._source
        whole = source if isinstance(source, list) else self._read(source, names)
        for part, table in zip(parts_of(self.numbers), whole, strict=True):
            start = part.replications.start - int(table["replication"][0].as_py())
            if start < 0 or len(table) - start < len(part.replications):
                wanted = f"{part.replications.start} to {part.replications.stop - 1}"
                where = "" if isinstance(source, list) else f"{source.path}: "
                message = (
                    f"{where}replications: {wanted} are asked for, and the parts hold "
                    "others"
                )
                raise StudyError(message)
            yield table.slice(start, len(part.replications))

    def _read(self, directory: RunDirectory, names: Sequence[str]) -> Iterator[Table]:
        """Yield some columns of each part of a directory."""
        columns = list(dict.fromkeys(("replication", *names)))
        for part in parts_of(self.numbers):
            yield read_table(directory.file(OUTCOME_PARTS, part), columns)
