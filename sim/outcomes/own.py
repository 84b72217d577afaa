"""Outcomes of the user's own: functions over incidents, measured beside those here.

One is a plain function from a `sim.outcomes.View` to a float. It is measured as the
press reported and, with the suffix ``_true``, as it happened. What numba compiles is
compiled with the others; one that it does not leaves all of them to Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.outcomes.incidents import View
from sim.outcomes.table import TRUE, outcomes_for
from sim.reading.structure import NAME

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

OwnOutcome = Callable[[View], float]


def with_outcomes(scenario: Scenario, own: Mapping[str, OwnOutcome]) -> Scenario:
    """Return a scenario whose replications are measured by one's own outcomes too.

    Parameters
    ----------
    scenario
        The scenario; outcomes that it has already are kept.
    own
        By name, in lower case, as ``dead_in_raids``. With several workers the functions
        must be importable by name.

    Raises
    ------
    StudyError
        If a name is taken, or is none, or what it names is no function.

    Examples
    --------
    >>> import sim
    >>> def dead_in_raids(view):
    ...     dead = 0.0
    ...     for place in view.raids:
    ...         dead += view.incidents[place].killed_militia
    ...     return dead
    >>> scenario = sim.load("iraq_2019_2020")
    >>> measured = with_outcomes(scenario, {"dead_in_raids": dead_in_raids})
    >>> [name for name in outcomes_for(measured) if name not in outcomes_for(scenario)]
    ['dead_in_raids', 'dead_in_raids_true']
    """
    known = outcomes_for(scenario)
    for name, measure in own.items():
        if not re.fullmatch(NAME, name) or name.endswith(TRUE):
            message = (
                f"outcome {name!r}: a name has lower-case letters, digits and _, "
                f"begins with a letter and does not end in {TRUE}"
            )
            raise StudyError(message)
        if name in known or name + TRUE in known:
            message = f"outcome {name!r}: there is one of this name already"
            raise StudyError(message)
        if not callable(measure):
            message = f"outcome {name!r} is {measure!r}, not a function of a View"
            raise StudyError(message)
    return replace(scenario, own_outcomes={**scenario.own_outcomes, **own})
