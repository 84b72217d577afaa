"""``import``: event data that others coded, as the record of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, ScenarioError
from sim.verbs.answer import Answer

if TYPE_CHECKING:
    import os

    import pandas as pd

    from sim.importing.events import ImportedEvents


@dataclass(frozen=True, eq=False, repr=False)
class EventsAnswer(Answer):
    """Event data of others, in the columns of a record."""

    result: ImportedEvents

    def headline(self) -> str:
        """Return how many rows became incidents."""
        one = self.result
        return f"{len(one.events):,} of {one.n_rows:,} rows"

    def table(self) -> pd.DataFrame:
        """Return one row an incident, in the columns of a record; all are text."""
        import pandas as pd

        text = StringIO(self.result.text())
        return pd.read_csv(text, dtype=str, keep_default_na=False)

    def notes(self) -> list[str]:
        """Return what is to be known of what was left out, or taken as something."""
        return self.result.remarks()

    def data(self) -> dict[str, Any]:
        """Return the rows as plain data."""
        table: Any = self.table()
        return {"events": table.to_dict("records"), "remarks": self.notes()}

    def write(self, out: str | os.PathLike[str]) -> None:
        """Write the record that a scenario names."""
        self.result.write(Path(out))


def import_events(
    file: str | os.PathLike[str],
    map_file: str | os.PathLike[str],
    *,
    form: str = "acled",
    out: str | os.PathLike[str] | None = None,
    renew: bool = False,
) -> EventsAnswer:
    """Read event data that others coded into the rows of a record.

    Parameters
    ----------
    file
        The table of events, as ACLED exports it, or any table.
    map_file
        Who is who (``--map``); drafted from `file` where it is not there.
    form
        ``acled`` or ``csv``.
    out
        Where the record is written; None writes none.
    renew
        Whether to write over what is there.

    Returns
    -------
    EventsAnswer
        The incidents in the columns of a record, dates in local time, and remarks.

    Raises
    ------
    ScenarioError
        With every fault of either file, or if the record is there already.

    Examples
    --------
    >>> import sim
    >>> record = sim.import_events(
    ...     "docs/examples/reported.csv", "docs/examples/map.yaml", form="csv"
    ... )
    >>> record
    <Events: 3 of 3 rows>
    >>> record.table()["act"].tolist()
    ['rocket_attack', 'air_strike', 'threat']
    """
    from sim.importing.reader import import_events as read

    target = None if out is None else Path(out)
    if target is not None and target.exists() and not renew:
        message = "is there already; choose another name, or --renew writes over it"
        raise ScenarioError(str(target), [Fault(0, 0, "", message)])
    answer = EventsAnswer(read(Path(file), Path(map_file), form=form))
    if target is not None:
        answer.write(target)
    return answer
