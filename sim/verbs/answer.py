"""What a verb answers: one line to print, a table, figures, and plain data."""

from __future__ import annotations

from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from sim.pictures.style import Figure, Pictures

MOST_ROWS: Final = 16
"""Rows of a table in a notebook; `table()` has all."""


def _telling(table: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    @wraps(table)
    def answered(self: Answer, *args: Any, **kwargs: Any) -> pd.DataFrame:
        from sim.verbs.result_table import ResultTable

        frame = table(self, *args, **kwargs)
        result = ResultTable(frame)
        result.attrs.update(frame.attrs)
        return result

    return answered


class Answer:
    """What a verb answers, the same whether the command or Python asked.

    In a notebook it shows as a heading, its table and what is to be minded. Nothing of
    it is written but into the folder that the verb was given.
    """

    def __init_subclass__(cls) -> None:
        """Let the table of every answer say which columns it has."""
        if "table" in vars(cls):
            cls.table = _telling(cls.table)

    def headline(self) -> str:
        """Return in one line what was asked, of how much."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """Return the answer as a table, with named columns."""
        raise NotImplementedError

    def notes(self) -> Sequence[str]:
        """Return what is to be minded, in sentences."""
        return ()

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        raise NotImplementedError

    def pictures(self) -> Pictures:
        """Return what plots each picture of the answer, by name."""
        return {}

    def figures(self) -> dict[str, Figure]:
        """Plot the pictures; return them by name, to be shown, changed or saved."""
        from sim.pictures.style import house_style

        with house_style():
            return {name: plot() for name, plot in self.pictures().items()}

    def html(self, table: pd.DataFrame) -> str:
        """Return heading, a table and the notes as HTML."""
        from sim.verbs.arguments import in_python

        frame: Any = table
        shown = frame.to_html(
            max_rows=MOST_ROWS, border=0, float_format="{:.4g}".format
        )
        notes = "".join(f"<li>{escape(in_python(text))}</li>" for text in self.notes())
        below = f"<ul>{notes}</ul>" if notes else ""
        return f"<p><b>{escape(self.headline())}</b></p>{shown}{below}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__.removesuffix('Answer')}: {self.headline()}>"

    def _repr_html_(self) -> str:
        return self.html(self.table())
