"""Campaigns: a militia's readiness to attack, a ladder of three levels.

The level is quiet (0), harassment (1) or surge (2), and there is one toward each
adversary. It moves up and down at random moments; whatever orders, blows, raids, talks
and hand-overs do to it they do through one lean, which fades. A ladder is bounded, so
nothing feeds on itself without end, and a truce is a level that is held at 0. Nobody
else sees a level: others see attacks, and what is announced.
"""

from __future__ import annotations

from math import exp
from typing import Final

from sim.ladder import Act
from sim.rules.behaviour import Percept
from sim.rules.militia.parameters import MilitiaParams
from sim.rules.militia.state import MilitiaView, is_still

MOST_LEAN: Final = 4.0
"""Bound on the lean, either way: it moves both rates by a factor of 7.4 at most."""


def intensity(params: MilitiaParams, level: float) -> float:
    """Attack rate at a level over the mean of the three levels, > 0.

    ``exp(swing * (level - 1)) / M`` with M the mean of the three factors: the mean rate
    does not hang on the swing where no level is more likely than another.

    Examples
    --------
    >>> params = MilitiaParams(swing=0.7)
    >>> round(sum(intensity(params, level) for level in (0.0, 1.0, 2.0)), 12)
    3.0
    """
    up = exp(params.swing)
    down = 1.0 / up
    return exp(params.swing * (level - 1.0)) * 3.0 / (down + 1.0 + up)


def lean(view: MilitiaView) -> float:
    """Log odds of a move up against one down, within `MOST_LEAN`."""
    return min(MOST_LEAN, max(-MOST_LEAN, view.lean))


def rise_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    r"""Rate of moves to the next level up, 1/day.

    Notes
    -----
    :math:`e^{b/2}/\tau` with the lean b and the persistence :math:`\tau`, and
    :math:`e^{-b/2}/\tau` for moves down (`calm_hazard`): the levels of a lasting lean
    are in the proportions :math:`1 : e^b : e^{2b}`, and without one an excess fades as
    :math:`e^{-t/\tau}`. None from the highest level, none in a truce that it keeps
    or while it holds its fire, and none without a swing, since levels then differ in
    nothing. The form is ours.
    """
    if view.level >= 2.0 or is_still(view) or params.swing <= 0.0:
        return 0.0
    return exp(0.5 * lean(view)) / params.persistence


def calm_hazard(params: MilitiaParams, view: MilitiaView) -> float:
    """Rate of moves to the next level down, 1/day; none from the lowest."""
    if view.level <= 0.0 or params.swing <= 0.0:
        return 0.0
    return exp(-0.5 * lean(view)) / params.persistence


def move_ceiling(params: MilitiaParams) -> float:
    """Upper bound of both rates of moves, 1/day."""
    if params.swing <= 0.0:
        return 0.0
    return exp(0.5 * MOST_LEAN) / params.persistence


def announces(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """What it announces of a move of its own: 1 a campaign, 2 a suspension, 0 nothing.

    A campaign once it has risen to a surge, a suspension once it has fallen quiet, and
    neither again before the other, or for a suspension before an attack of its own.
    """
    if percept.is_mine == 0 or u >= params.announce_share:
        return 0
    if percept.act == Act.READINESS_RAISED:
        return 1 if surges(params, view) else 0
    return 2 if view.level <= 0.0 else 0


QUIET_DAYS: Final = 1.0
"""Days after an attack of its own, a strike that it hears of, an order that it ignored
or one to attack that it obeyed, in which it does not say that it suspends its attacks.
Assumed."""


def surges(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it is at the highest level still, fires, and has not said so."""
    return view.level >= 2.0 and view.announced <= 0.0 and not is_still(view)


def is_quiet(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it is at the lowest level still, at rest, and has not said so."""
    rests = view.since_engaged >= QUIET_DAYS
    return view.level <= 0.0 and view.announced >= 0.0 and rests


def days_on_a_level(params: MilitiaParams, act: int) -> float:
    """Days in which a move is undone by others, without a lean: its persistence."""
    if act == Act.READINESS_RAISED or act == Act.READINESS_LOWERED:
        return params.persistence
    return 0.0
