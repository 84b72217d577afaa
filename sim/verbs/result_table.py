"""The table of an answer: one of pandas that says which columns it has."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.errors import StudyError, nearest, one_of


class ColumnError(StudyError, KeyError):
    """A table has no such column."""

    __str__ = Exception.__str__


class ResultTable(pd.DataFrame):
    """A table; what is made of it is an ordinary one of pandas."""

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __getitem__(self, key: Any) -> Any:
        """Return a column, or what pandas returns; say which columns there are.

        Raises
        ------
        ColumnError
            Which is a `KeyError` too.

        Examples
        --------
        >>> table = ResultTable({"reference_mean": [1.0]}, index=["n_raids"])
        >>> table["mean"]
        Traceback (most recent call last):
        ...
        sim.verbs.result_table.ColumnError: no column 'mean'; it has reference_mean
        >>> table["n_raids"]
        Traceback (most recent call last):
        ...
        sim.verbs.result_table.ColumnError: 'n_raids' is a row: table.loc['n_raids']
        """
        frame: Any = super()
        try:
            return frame.__getitem__(key)
        except KeyError:
            if not isinstance(key, str):
                raise
        if key in self.index:
            message = f"{key!r} is a row: table.loc[{key!r}]"
            raise ColumnError(message) from None
        names = [str(name) for name in self.columns]
        message = f"no column {key!r}{nearest(key, names)}; it has {one_of(names)}"
        raise ColumnError(message) from None
