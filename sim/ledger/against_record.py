"""An ensemble against the record, with what knows less of it beside: null and prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.experiment.prior_predictive import beside_prior
from sim.ledger.matched_null import matched_null
from sim.outcomes import outcomes_for
from sim.record.table import (
    RecordRow,
    beside_null,
    count_sentence,
    record_markdown,
    record_rows_of,
)
from sim.record.targets import targets_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.workers import Workers


class AgainstRecord(NamedTuple):
    """Where each recorded value falls among replications; empty without a record."""

    rows: tuple[RecordRow, ...]
    notes: tuple[str, ...]
    """What is to be said of the rows: how many lie inside; null and prior."""

    def markdown(self) -> str:
        """Return the page ``record.md``: the table, and the notes."""
        return "\n\n".join((record_markdown(self.rows).rstrip(), *self.notes)) + "\n"


def columns_for(ensemble: Ensemble) -> dict[str, NDArray[np.float64]]:
    """Return the outcomes that the record speaks of, of what finished.

    Of a million replications only these columns are read, and of pandas, which takes
    longer to load than this, nothing.
    """
    known = outcomes_for(ensemble.scenario)
    targets = targets_for(ensemble.scenario, ensemble.until)
    return ensemble.finished_columns(
        target.outcome for target in targets if target.outcome in known
    )


def against_record(
    ensemble: Ensemble,
    columns: Mapping[str, NDArray[np.float64]],
    *,
    workers: Workers = 1,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
) -> AgainstRecord:
    """Hold an ensemble against the record of its scenario.

    The null is simulated for it, but for an ensemble under draws, which has none.

    Parameters
    ----------
    ensemble
        The replications.
    columns
        From `columns_for`.
    workers, engine, tell
        As in `sim.ledger.matched_null.matched_null`.
    """
    targets = targets_for(ensemble.scenario, ensemble.until)
    n_finished = len(ensemble.numbers) - len(ensemble.failed)
    rows = record_rows_of(columns, n_finished, targets)
    if not rows:
        return AgainstRecord((), ())
    rivals: list[str] = []
    if ensemble.draws is None:
        names = tuple(row.outcome for row in rows)
        null = matched_null(ensemble, names, workers=workers, engine=engine, tell=tell)
        rows = beside_null(rows, null.columns)
        rivals.append(null.sentence())
    fit, rows = beside_prior(ensemble.scenario, rows, targets)
    if fit:
        rivals.append(f"The prior is that of {fit}: its draws, each simulated once.")
    return AgainstRecord(rows, (count_sentence(rows), *rivals))
