"""A kind whose delays are all constant, so that many records fall on the same moment.

Drummers threaten each other at random moments; every threat is heard one day later by
all, answered one day after that by operations of one-day stages, and stopped by others
of one day. Two numbers let it break what a driver must refuse: `excess` lifts its
hazard above the ceiling, `crowd` starts operations that take ever so long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Consequence,
    Effect,
    Holdings,
    Kind,
    Operation,
    Option,
    PerActor,
    Percept,
    Range,
    Response,
    Role,
    Setting,
    Share,
    Side,
    Stage,
    Toward,
)
from sim.rules.decay import faded
from sim.rules.effects import effect_with
from sim.scenario.scenario import Actor, Change, Given, Scenario
from sim.units import Dimension

ONE_DAY: Final = 1.0
EVER_SO_LONG: Final = 10_000.0


class DrummerParams(NamedTuple):
    """How often, how ready to answer, and how wrong."""

    rate: Annotated[float, Range(Dimension.RATE, 0.0, 1000.0)]
    """Threats when calm."""
    answering: Share
    """Answers to a threat."""
    stopping: Share
    """Drums that it stops."""
    excess: Annotated[float, Range(Dimension.NUMBER, -1000.0, 1000.0)]
    """Added to the hazard only, 1/day."""
    crowd: Share
    """Endless drums per threat."""


@dataclass(slots=True)
class DrummerMemory:
    """Threats heard, fading."""

    heat: PerActor
    heat_since: PerActor


class DrummerView(NamedTuple):
    """How many threats by the other it remembers."""

    heat: float


def view(
    params: DrummerParams,
    memory: DrummerMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> DrummerView:
    """Return what is left of the threats heard."""
    return DrummerView(faded(memory.heat[other], memory.heat_since[other], now, 10.0))


def notice(
    params: DrummerParams, memory: DrummerMemory, percept: Percept, now: float
) -> None:
    """Count a threat against its author."""
    if percept.act == Act.THREAT:
        author = percept.author
        heat = faded(memory.heat[author], memory.heat_since[author], now, 10.0)
        memory.heat[author] = min(3.0, heat + 1.0)
        memory.heat_since[author] = now


def hazard(params: DrummerParams, view: DrummerView) -> float:
    """Return the rate, up to doubled by heat, 1/day."""
    return params.rate * (1.0 + view.heat / 3.0) + params.excess


def ceiling(params: DrummerParams) -> float:
    """Return the highest rate without the excess, 1/day."""
    return 2.0 * params.rate


def a_day(params: DrummerParams, view: DrummerView, u: float) -> float:
    """Return one day, whatever happens."""
    return ONE_DAY


def ever_so_long(params: DrummerParams, view: DrummerView, u: float) -> float:
    """Return longer than any horizon, days."""
    return EVER_SO_LONG


def news_after_a_day(params: DrummerParams, u: float) -> float:
    """Return one day."""
    return ONE_DAY


def evidence(params: DrummerParams) -> float:
    """Half of what it hears is true."""
    return 0.5


def detection(params: DrummerParams, view: DrummerView) -> float:
    """Half of the exposed stages are seen."""
    return 0.5


def answers(
    params: DrummerParams, view: DrummerView, percept: Percept, u: float
) -> int:
    """Choose a drum (1), an endless one (2) or nothing (0)."""
    if u < params.answering:
        return 1
    if u < params.answering + params.crowd:
        return 2
    return 0


def stops(params: DrummerParams, view: DrummerView, percept: Percept, u: float) -> int:
    """Choose to stop what was heard or seen (1) or not (0)."""
    if u < params.stopping:
        return 1
    return 0


def stopping(
    params: DrummerParams, view: DrummerView, setting: Setting, u: tuple[float, ...]
) -> Effect:
    """Stop each drum with probability one half, and take in somebody or nobody."""
    return effect_with(interdiction=0.5, persons=float(int(3.0 * u[0])))


THREAT = Operation("threat", Act.THREAT)
DRUM = Operation(
    "drum",
    Act.DEMONSTRATION,
    stages=(
        Stage("calling", a_day, is_exposed=True),
        Stage("gathering", a_day, is_exposed=True),
    ),
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
)
ENDLESS = Operation("endless", Act.DEMONSTRATION, stages=(Stage("on", ever_so_long),))
STOP = Operation(
    "stop",
    Act.RAID,
    effect=stopping,
    consequences=(Consequence(Act.ARREST, persons=True),),
    breaks=Breaks.TARGETS,
)
SILENCE = Operation("silence", Act.NONE, breaks=Breaks.NOTICED, effect=stopping)

DRUMMER = Kind(
    name="drummer",
    side=Side.MILITIA,
    params=DrummerParams,
    memory=DrummerMemory,
    view=view,
    notice=notice,
    heeds=(Act.THREAT, Act.DEMONSTRATION),
    heeds_own=(Act.THREAT,),
    news_delay=news_after_a_day,
    evidence=evidence,
    detection=detection,
    roles=(Role("others", "whom it threatens and watches", ("drummer",)),),
    options=(Option(THREAT, "others", hazard, ceiling),),
    responses=(
        Response("answer", (Act.THREAT,), (DRUM, ENDLESS), answers, a_day,
                 toward=Toward.ROLE, role="others"),
        Response("stop", (Act.DEMONSTRATION,), (STOP,), stops, a_day),
        Response("silence", (Act.DEMONSTRATION,), (SILENCE,), stops, a_day,
                 to_stage=True),
    ),
    suspects_role="others",
    watches_role="others",
)  # fmt: skip


def drumming(
    n_actors: int = 3,
    *,
    rate: float = 0.05,
    answering: float = 0.3,
    stopping: float = 0.5,
    excess: float = 0.0,
    crowd: float = 0.0,
    **fields: Any,
) -> Scenario:
    """Return a scenario of drummers that threaten, answer and stop each other."""
    params = DrummerParams(rate, answering, stopping, excess, crowd)
    names = [f"drummer_{number}" for number in range(n_actors)]
    actors = [
        Actor(name, name, DRUMMER, params, _others(names, name)) for name in names
    ]
    settings: dict[str, Any] = {
        "name": "drumming",
        "title": "Constant delays",
        "status": "provisional",
        "start": date(2019, 10, 28),
        "horizon": 60.0,
        "utc_offset_hours": 0.0,
        "actors": tuple(actors),
        "sites": (),
    }
    return Scenario(**(settings | fields))


def tied(**fields: Any) -> Scenario:
    """Return drummers who are all set off at the same moments, from outside."""
    days = [float(day) for day in range(1, 40, 3) for _ in range(2)]
    given = tuple(
        Given(f"given_{n}", day, day, Act.THREAT, f"drummer_{n % 3}",
              f"drummer_{(n + 1) % 3}", "", Effect())
        for n, day in enumerate(days)
    )  # fmt: skip
    changes = (
        Change("louder", 13.0, 13.0, "drummer_0", "rate", "scale", 2.0),
        Change("softer", 13.0, 13.0, "drummer_1", "rate", "set", 0.01),
    )
    return drumming(given=given, changes=changes, **fields)


def _others(names: list[str], name: str) -> dict[str, tuple[str, ...]]:
    return {"others": tuple(other for other in names if other != name)}
