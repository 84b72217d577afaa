"""All who die, of whatever side: the sum of the outcomes of each side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.outcomes.table import SIDES, TRUE, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

DEAD: Final = f"n_killed_all{TRUE}"
"""No outcome of a log: it is reckoned where results are shown."""

OF_SIDES: Final = tuple(f"n_killed_{side}{TRUE}" for side in SIDES)
"""The outcomes that it adds up."""

OF_DEAD: Final = (*OF_SIDES, f"n_coalition_deaths{TRUE}")
"""Whoever asks for one of these is shown all the dead too."""

ALL_DEAD: Final = Outcome(
    name=DEAD,
    label="dead on all sides",
    unit="persons",
    kind="count",
    meaning="all who die by any act, of whatever side",
    is_reported=False,
)


def all_dead(columns: Mapping[str, Any]) -> Any:
    """Return the dead of all sides, nan where undefined, from columns of each side.

    Examples
    --------
    >>> all_dead(dict.fromkeys(OF_SIDES, 2.0))
    10.0
    """
    return sum(columns[name] for name in OF_SIDES)
