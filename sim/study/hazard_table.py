"""A hazard rule at very many views, as fast as it can be had.

Where numba is installed the rule is compiled as it stands, as the compiled engine does
it; without numba it is called in Python, some thirty times as slowly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.choice import has_numba

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.rules.behaviour import Hazard, Kind

Floats = np.ndarray[Any, np.dtype[np.float64]]


class HazardTable:
    """A hazard at fixed views, for any parameters.

    Parameters
    ----------
    kind
        The kind whose rule it is.
    hazard
        The rule.
    views
        Views of one type, all of them numbers.
    """

    def __init__(self, kind: Kind, hazard: Hazard, views: Sequence[Any]) -> None:
        self.hazard, self.views = hazard, views
        self._numbers = np.array([tuple(view) for view in views], np.float64)
        self._fill: Any = None
        if views and has_numba():
            self._fill = _compiled(kind, hazard, type(views[0]))

    def __call__(self, params: Any, first: int = 0, last: int | None = None) -> Floats:
        """Return the hazard at the views from `first` up to `last`, 1/day."""
        if self._fill is None:
            part = self.views[first:last]
            return np.array([self.hazard(params, view) for view in part], np.float64)
        part = self._numbers[first:last]
        found = np.empty(len(part))
        self._fill(params, part, found)
        return found


@lru_cache(maxsize=32)
def _compiled(kind: Kind, hazard: Hazard, view: type[Any]) -> Callable[..., None]:
    """Compile a loop over views around a rule, once a process."""
    from numba import njit
    from numba.np.unsafe import ndarray as unsafe

    from sim.engine.compiled.dispatch import register

    register((kind,))
    n_fields = len(view._fields)
    to_tuple: Any = unsafe.to_fixed_tuple

    def fill(params: Any, views: Floats, found: Floats) -> None:
        for place in range(len(views)):
            found[place] = hazard(params, view(*to_tuple(views[place], n_fields)))

    return njit(fill)
