"""Militias that do the same harm in five times as many attacks, in two ways.

The kind is the shipped militia; only what an attack does is changed, and never what an
answer to a strike does: there are not five times as many of those.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any, Final

from sim.rules.behaviour import Effect, Holdings, Setting, Uniforms
from sim.rules.inversion import lognormal
from sim.rules.militia import KIND
from sim.rules.militia.attack import salvo
from sim.rules.militia.state import MilitiaMemory, MilitiaParams, MilitiaView
from sim.rules.militia.state import view as militia_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.rules.behaviour import Kind, Operation

PIECES: Final = 5.0
WIDER: Final = sqrt(log(PIECES))
"""Log standard deviation of a factor with mean 1 and mean square `PIECES`."""
FIRST: Final = ("attack", "second_launch")


def view(
    params: MilitiaParams,
    memory: MilitiaMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> MilitiaView:
    """What the militia knows; here so that this module is the kind's home."""
    return militia_view(params, memory, holdings, other, now)


def scaled(
    params: MilitiaParams, view: MilitiaView, at: Setting, u: Uniforms, by: float
) -> Effect:
    """What a salvo does where `by` times as many are exposed."""
    there = Setting(
        at.presence,
        by * at.exposed_foreign,
        by * at.exposed_host,
        by * at.exposed_civilian,
        at.target_launchers,
        at.stake,
        at.defence,
        at.means,
        at.salvo_median,
        at.salvo_spread,
        at.malfunction_share,
        at.accuracy,
        at.killed_per_hit,
        at.wounded_per_hit,
        at.harm_spread,
    )
    return salvo(params, view, there, u)


def piece(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """A fifth of the harm on average, and of its mean square.

    Five times as often, the mean and variance of harm in a time are the same.
    """
    share = lognormal(u[11], exp(-0.5 * WIDER * WIDER), WIDER) / PIECES
    return scaled(params, view, setting, u, share)


def harmless(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """All of the harm in one attack of five, none in the others.

    Five times as often, harm in any time has the same distribution.
    """
    share = 1.0 if u[11] < 1.0 / PIECES else 0.0
    return scaled(params, view, setting, u, share)


def militia(effect: Callable[..., Effect]) -> Kind:
    """Return the shipped militia with another effect of its own attacks."""

    def changed(operation: Operation) -> Operation:
        is_first = operation.name in FIRST
        return operation._replace(effect=effect) if is_first else operation

    def each(entry: Any) -> Any:
        return entry._replace(operations=tuple(map(changed, entry.operations)))

    options = tuple(o._replace(operation=changed(o.operation)) for o in KIND.options)
    return KIND._replace(
        view=view, options=options, responses=tuple(map(each, KIND.responses))
    )


IN_PIECES: Final = militia(piece)
FOUR_IN_FIVE_HARMLESS: Final = militia(harmless)
