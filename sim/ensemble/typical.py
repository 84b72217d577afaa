"""Which replication to show when only one can be shown: the one nearest the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

TYPICAL_BY: Final = (
    "n_rocket_attacks",
    "longest_gap_days",
    "weekly_dispersion",
    "n_wounded_all",
    "n_coalition_deaths",
    "n_air_strikes",
    "n_raids",
    "n_persons_arrested",
    "n_thwarted",
    "n_shows_of_force",
    "peak_rung",
    "n_killed_militia_true",
)
"""The outcomes by which a replication is judged typical."""

UNDEFINED: Final = 1.0
"""Distance, in standard deviations, of an outcome that this replication does not have
and most others do; the same the other way round."""


def typical_replication(outcomes: pd.DataFrame) -> int:
    r"""Return the number of the replication nearest to the ensemble's medians.

    Parameters
    ----------
    outcomes
        One row a replication, indexed by its number; nan where undefined. A row
        without any outcome (a failed replication) is passed over. Outcomes of
        `TYPICAL_BY` that are missing or do not vary are passed over too.

    Returns
    -------
    int
        A number of the index: the same for the same table, whatever the row order.

    Notes
    -----
    Each outcome is standardised, :math:`z = (x - \mathrm{median}) / s`, with the
    standard deviation s of the replications; the distance is the mean of
    :math:`z^2` over outcomes. Where an outcome is undefined in this replication but
    defined in at least half of them, or the reverse, its z is 1. Ties go to the
    smallest number.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"n_raids": [0.0, 9.0, 2.0, 3.0, 1.0]})
    >>> typical_replication(frame)
    2
    """
    finished = outcomes.dropna(how="all").sort_index()
    columns = {name: finished[name].to_numpy(dtype=float) for name in finished.columns}
    return typical_number(finished.index.to_numpy(), columns)


def typical_number(
    numbers: NDArray[Any],
    columns: Mapping[str, NDArray[np.float64]],
) -> int:
    """Return what `typical_replication` does, of columns, in order, without failures.

    Parameters
    ----------
    numbers
        The replications' numbers, ascending, shape (replications,).
    columns
        One array an outcome, shape (replications,).
    """
    if not len(numbers):
        message = "no replication succeeded, so none is typical"
        raise StudyError(message)
    distance = np.zeros(len(numbers))
    for name in TYPICAL_BY:
        if name not in columns:
            continue
        values = columns[name]
        is_defined = np.isfinite(values)
        spread = float(values[is_defined].std()) if is_defined.any() else 0.0
        if is_defined.mean() < 0.5:
            distance += np.where(is_defined, UNDEFINED, 0.0)
        elif spread > 0.0:
            z = (values - np.median(values[is_defined])) / spread
            distance += np.where(is_defined, z * z, UNDEFINED)
    return int(numbers[int(np.argmin(distance))])
