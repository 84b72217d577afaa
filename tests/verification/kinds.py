"""Kinds of actor whose mathematics is known in closed form, to verify the engine by.

Each acts alone against a bystander. What they are is in their hazards; what they
remember they learn from their own acts, through the engine's own perception.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Operation, Option, Percept, Range, Role, Stage
from sim.rules.inversion import exponential, lognormal
from sim.scenario.scenario import Actor, Scenario
from sim.units import Dimension
from tests.builders import BYSTANDER, TICKER, BystanderParams, ticking

if TYPE_CHECKING:
    from sim.rules.behaviour import Holdings, Kind

Rate = Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
Time = Annotated[float, Range(Dimension.DURATION, 0.001, 1000.0)]
Number = Annotated[float, Range(Dimension.NUMBER, 0.0, 100.0)]

ROLES = (Role("others", "whom it acts against", ("bystander",)),)
SHOW = Operation("show", Act.SHOW_OF_FORCE)
THREAT = Operation("threat", Act.THREAT)
TALKS = Operation("talks", Act.TALKS)


def alone(kind: Kind, params: Any, horizon: float) -> Scenario:
    """Return a scenario of one actor and a bystander."""
    actor = Actor("one", "one", kind, params, {"others": ("bystander",)})
    bystander = Actor("bystander", "bystander", BYSTANDER, BystanderParams())
    model = ticking()
    return Scenario(
        "verification",
        "Verification",
        model.status,
        model.start,
        horizon,
        model.utc_offset_hours,
        (actor, bystander),
        (),
        path="verification",
    )


# A rate that swings with time.


class SwingParams(NamedTuple):
    """A rate that swings as a sine, by a share of itself."""

    rate: Rate
    share: Number
    period: Time
    lag: Time


class SwingView(NamedTuple):
    """Where in its period it is, -1 to 1."""

    season: float


def season(
    params: SwingParams, memory: Any, holdings: Holdings, other: int, now: float
) -> SwingView:
    """Read the calendar; the lag is 0 but in a planted fault."""
    return SwingView(sin(2.0 * pi * (now - params.lag) / params.period))


def swinging(params: SwingParams, view: SwingView) -> float:
    """Rate now, 1/day."""
    return params.rate * (1.0 + params.share * view.season)


def swing_ceiling(params: SwingParams) -> float:
    """Highest rate, 1/day."""
    return params.rate * (1.0 + params.share)


SWING = TICKER._replace(
    name="swing",
    params=SwingParams,
    view=season,
    options=(Option(THREAT, "others", swinging, swing_ceiling),),
)


# A number of grievances: they arrive, multiply and fade one by one.


class TensionParams(NamedTuple):
    """Immigration, birth and death."""

    arrival: Rate
    echo: Rate
    """Each unit brings another at this rate."""
    fading: Rate
    """Each unit goes at this rate."""
    most: Number
    """Units up to which the ceilings reach."""


@dataclass(slots=True)
class Units:
    """How many there are, or how high it stands."""

    number: float = 0.0


class UnitsView(NamedTuple):
    """The same, as it is known."""

    number: float


def units_view(
    params: Any, memory: Units, holdings: Holdings, other: int, now: float
) -> UnitsView:
    """Return how many there are."""
    return UnitsView(memory.number)


def count_units(params: Any, memory: Units, percept: Percept, now: float) -> None:
    """Count one more for an arrival or an echo, one less for a fading."""
    memory.number += -1.0 if percept.act == Act.TALKS else 1.0


TENSION = TICKER._replace(
    name="tension",
    params=TensionParams,
    memory=Units,
    view=units_view,
    notice=count_units,
    heeds_own=(Act.SHOW_OF_FORCE, Act.THREAT, Act.TALKS),
    options=(
        Option(SHOW, "others", lambda p, v: p.arrival, lambda p: p.arrival),
        Option(
            THREAT, "others", lambda p, v: p.echo * v.number, lambda p: p.echo * p.most
        ),
        Option(
            TALKS,
            "others",
            lambda p, v: p.fading * v.number,
            lambda p: p.fading * p.most,
        ),
    ),
)


# A ladder of three rungs above the ground; at the top the climb begins anew.


class LadderParams(NamedTuple):
    """Rates up and down from each rung."""

    up_0: Rate
    up_1: Rate
    up_2: Rate
    down_1: Rate
    down_2: Rate


def up(params: LadderParams, view: UnitsView) -> float:
    """Rate of climbing from the present rung, 1/day."""
    if view.number == 0.0:
        return params.up_0
    return params.up_1 if view.number == 1.0 else params.up_2


def down(params: LadderParams, view: UnitsView) -> float:
    """Rate of coming down from the present rung, 1/day."""
    if view.number == 0.0:
        return 0.0
    return params.down_1 if view.number == 1.0 else params.down_2


def climb(params: LadderParams, memory: Units, percept: Percept, now: float) -> None:
    """Go up on a threat and down on talks; from the top, start again."""
    memory.number += 1.0 if percept.act == Act.THREAT else -1.0
    if memory.number == 3.0:
        memory.number = 0.0


LADDER = TICKER._replace(
    name="ladder",
    params=LadderParams,
    memory=Units,
    view=units_view,
    notice=climb,
    heeds_own=(Act.THREAT, Act.TALKS),
    options=(
        Option(THREAT, "others", up, lambda p: max(p.up_0, p.up_1, p.up_2)),
        Option(TALKS, "others", down, lambda p: max(p.down_1, p.down_2)),
    ),
)


# An operation in stages.


class StagedParams(NamedTuple):
    """How often it starts and how long its stages take."""

    rate: Rate
    median: Time
    spread: Number
    mean: Time


STAGED = TICKER._replace(
    name="staged",
    params=StagedParams,
    roles=ROLES,
    options=(
        Option(
            Operation(
                "plan",
                Act.THREAT,
                stages=(
                    Stage("decide", lambda p, v, u: exponential(u, 0.1)),
                    Stage("prepare", lambda p, v, u: lognormal(u, p.median, p.spread)),
                    Stage("wait", lambda p, v, u: exponential(u, p.mean)),
                ),
            ),
            "others",
            lambda p, v: p.rate,
            lambda p: p.rate,
        ),
    ),
)
