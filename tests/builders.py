"""Scenarios to test with: built in Python from real kinds, or from kinds made here.

`scenario` builds the standard cast (militias, host government, sponsor, foreign power)
with any parameter replaced; `calm` and `hot` are two settings of it. `ticking` and
`self_exciting` build worlds whose mathematics is known: a constant hazard (Poisson) and
a linear self-exciting one (Hawkes). All of them pickle, so they run in processes too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

from sim.ladder import Act
from sim.rules import foreign_power, host_government, militia, sponsor
from sim.rules.behaviour import (
    Effect,
    Holdings,
    Kind,
    Operation,
    Option,
    Percept,
    Range,
    Role,
    Side,
)
from sim.rules.decay import faded
from sim.scenario.scenario import (
    ROCKET,
    Actor,
    History,
    Means,
    Recorded,
    Scenario,
    Site,
)
from sim.units import Dimension

MILITIAS: Final = ("kataib", "asaib", "usbat")
REACH: Final = {"green_zone": 3.0, "taji": 1.0, "airport": 1.0}
SITES: Final = ("green_zone", "taji", "balad", "airport")

Overrides = Mapping[str, float]

PARAMS: Final[Mapping[str, Any]] = {
    "militia": militia.MilitiaParams(),
    "host_government": host_government.HostGovernmentParams(
        will_memory=60.0, breach_tolerance=0.5
    ),
    "sponsor": sponsor.SponsorParams(),
    "foreign_power": foreign_power.ForeignPowerParams(),
}
"""Parameters by kind: their defaults, but for a host that protests at breaches."""


def site(name: str, **fields: Any) -> Site:
    """Return a site where 500 of the foreign power are, equally exposed to all else."""
    settings: dict[str, Any] = {
        "label": name.replace("_", " "),
        "latitude": 33.3,
        "longitude": 44.4,
        "presence": {"united_states": 500.0},
        "exposed_foreign": 1.0,
        "exposed_host": 1.0,
        "exposed_civilian": 1.0,
    }
    return Site(name, **(settings | fields))


def rockets(**numbers: float) -> Means:
    """Return rockets as they are by default, with some numbers of their own."""
    floats = {name: float(value) for name, value in numbers.items()}
    return replace(ROCKET, params=ROCKET.params._replace(**floats))


def bombs(**numbers: float) -> Means:
    """Return bombs on the road, which nobody sees before they go off."""
    usual = {"salvo_median": 1.0, "salvo_spread": 0.0, "visibility": 0.0} | numbers
    params = ROCKET.params._replace(exposed_foreign=0.0, exposed_civilian=0.0, **usual)
    return Means("roadside_bomb", "roadside bombs", Act.CONVOY_BOMB, params)


def scenario(
    *,
    militia_params: Overrides | None = None,
    host_params: Overrides | None = None,
    sponsor_params: Overrides | None = None,
    foreign_params: Overrides | None = None,
    means_params: Overrides | None = None,
    militias: Sequence[str] = MILITIAS,
    each: Mapping[str, Overrides] | None = None,
    **fields: Any,
) -> Scenario:
    """Return a scenario of the four kinds that ship, each as `PARAMS` has it.

    `militia_params` and its like replace parameters of a kind, `means_params` numbers
    of rockets, `each` those of one actor by name; any other keyword is a field of
    `Scenario`.
    """
    own = each or {}
    names = tuple(militias)

    def actor(
        name: str,
        kind: Kind,
        example: Any,
        more: Overrides | None,
        **rest: Any,
    ) -> Actor:
        replaced = {**(more or {}), **own.get(name, {})}
        floats = {field: float(value) for field, value in replaced.items()}
        return Actor(name, name, kind, example._replace(**floats), **rest)

    actors = [
        actor(
            name,
            militia.KIND,
            PARAMS["militia"],
            militia_params,
            roles={"adversaries": ("united_states",)},
            reach=dict(REACH),
        )
        for name in names
    ]
    actors += [
        actor(
            "iraq",
            host_government.KIND,
            PARAMS["host_government"],
            host_params,
            roles={"policed": names, "suspects": names},
        ),
        actor(
            "iran",
            sponsor.KIND,
            PARAMS["sponsor"],
            sponsor_params,
            roles={"clients": names},
        ),
        actor(
            "united_states",
            foreign_power.KIND,
            PARAMS["foreign_power"],
            foreign_params,
            roles={"hosts": ("iraq",), "suspects": names},
        ),
    ]
    settings: dict[str, Any] = {
        "name": "test",
        "title": "A test",
        "status": "provisional",
        "start": date(2019, 10, 28),
        "horizon": 252.0,
        "utc_offset_hours": 3.0,
        "actors": tuple(actors),
        "sites": tuple(site(name) for name in SITES),
        "means": (rockets(**(means_params or {})),),
    }
    return Scenario(**(settings | fields))


def calm(**kwargs: Any) -> Scenario:
    """Return the standard scenario with few attacks and a restrained foreign power."""
    kwargs.setdefault("militia_params", {"base_rate": 0.01})
    kwargs.setdefault("means_params", {"killed_per_hit": 0.003})
    kwargs.setdefault("foreign_params", {"tolerance": 3.0})
    return scenario(**kwargs)


def hot(**kwargs: Any) -> Scenario:
    """Return the standard scenario with many deadly attacks and sure strikes.

    It stays below a branching ratio of 1.
    """
    kwargs.setdefault(
        "militia_params",
        {"base_rate": 0.12, "retaliation_share": 0.3},
    )
    kwargs.setdefault("means_params", {"killed_per_hit": 0.05})
    kwargs.setdefault("foreign_params", {"tolerance": 0.3})
    kwargs["host_params"] = {"raid_rate": 0.5, "will": -0.5} | kwargs.get(
        "host_params", {}
    )
    return scenario(**kwargs)


# What the kinds made here have in common.


def by_somebody(n_rows: int, **rates: float) -> Scenario:
    """Return a scenario whose record has attacks that nobody is known to have done.

    `rates` gives the calm rate of each militia, 1/day. The first of them attacks two
    foreign powers, the others one. One attack is recorded a day, and nothing that
    happens moves a hazard.
    """
    chosen = scenario(
        militias=tuple(rates),
        militia_params={"swing": 0.0},
        each={name: {"base_rate": rate} for name, rate in rates.items()},
        horizon=n_rows + 1.0,
        history=History(
            record="a_record",
            since=n_rows + 1.0,
            rows=tuple(
                Recorded(
                    identity=f"row_{number}",
                    time=number + 0.5,
                    act=Act.ROCKET_ATTACK,
                    actor="",
                    target="united_states",
                    is_target_unknown=False,
                    site=SITES[0],
                    effect=Effect(),
                    cause="",
                )
                for number in range(n_rows)
            ),
            acts=(Act.ROCKET_ATTACK,),
        ),
    )
    first, *others, america = chosen.actors
    ally = replace(america, name="united_kingdom", label="united_kingdom")
    first = replace(first, roles={"adversaries": ("united_states", ally.name)})
    return replace(chosen, actors=(first, *others, america, ally))


def no_news_delay(params: Any, u: float) -> float:
    """Days until it learns of another's act: it heeds nobody's."""
    return 0.01 + 0.01 * u


def sure(params: Any) -> float:
    """Every covert act is known for what it is."""
    return 1.0


def unseen(params: Any, view: Any) -> float:
    """No stage is noticed."""
    return 0.0


class NoMemory(NamedTuple):
    """The view of a kind that knows nothing."""


@dataclass(slots=True)
class Blank:
    """The memory of a kind that remembers nothing."""


def sees_nothing(
    params: Any, memory: Any, holdings: Holdings, other: int, now: float
) -> NoMemory:
    """Return the empty view."""
    return NoMemory()


def ignores(params: Any, memory: Any, percept: Percept, now: float) -> None:
    """Remember nothing."""


class BystanderParams(NamedTuple):
    """A bystander has no parameters."""


BYSTANDER = Kind(
    name="bystander",
    side=Side.FOREIGN,
    params=BystanderParams,
    memory=Blank,
    view=sees_nothing,
    notice=ignores,
    heeds=(),
    heeds_own=(),
    news_delay=no_news_delay,
    evidence=sure,
    detection=unseen,
)
"""It does nothing; it is there to be threatened."""


# A constant hazard: a Poisson process of threats.

THREAT = Operation("threat", Act.THREAT)


class TickerParams(NamedTuple):
    """The one number of a Poisson process."""

    rate: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Threats."""
    ceiling: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Highest legal rate."""


def constant(params: TickerParams, view: NoMemory) -> float:
    """The rate, whatever happens, 1/day."""
    return params.rate


def ceiling(params: Any) -> float:
    """The declared ceiling, 1/day."""
    return params.ceiling


TICKER = Kind(
    name="ticker",
    side=Side.MILITIA,
    params=TickerParams,
    memory=Blank,
    view=sees_nothing,
    notice=ignores,
    heeds=(),
    heeds_own=(),
    news_delay=no_news_delay,
    evidence=sure,
    detection=unseen,
    roles=(Role("others", "whom it threatens", ("bystander",)),),
    options=(Option(THREAT, "others", constant, ceiling),),
)


def ticking(
    rates: Mapping[str, float] | float = 0.5,
    *,
    ceiling_per_day: float | None = None,
    **fields: Any,
) -> Scenario:
    """Return a scenario of actors that threaten a bystander at constant rates, 1/day.

    Each actor's incidents are a Poisson process; several are competing hazards.
    """
    named = {"ticker": float(rates)} if isinstance(rates, float | int) else dict(rates)
    actors = [
        Actor(
            name,
            name,
            TICKER,
            TickerParams(rate, rate if ceiling_per_day is None else ceiling_per_day),
            {"others": ("bystander",)},
        )
        for name, rate in named.items()
    ]
    return _bare(actors, fields)


# A linear self-exciting hazard: the Hawkes process with an exponential kernel.


class HawkesParams(NamedTuple):
    """A Hawkes process with kernel ``jump * exp(-t / memory_days)``."""

    base_rate: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Threats."""
    jump: Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
    """Rise of the rate per own threat."""
    memory_days: Annotated[float, Range(Dimension.DURATION, 0.01, 1000.0)]
    """Time to fall to 1/e."""
    ceiling: Annotated[float, Range(Dimension.RATE, 0.0, 1000.0)]
    """Highest legal rate."""


@dataclass(slots=True)
class HawkesMemory:
    """How far its own acts have raised its rate."""

    level: float = 0.0
    """When last set, 1/day."""
    since: float = 0.0


class HawkesView(NamedTuple):
    """What is left of that rise."""

    level: float


def hawkes_view(
    params: HawkesParams,
    memory: HawkesMemory,
    holdings: Holdings,
    other: int,
    now: float,
) -> HawkesView:
    """Return the rise as it has faded until now."""
    return HawkesView(faded(memory.level, memory.since, now, params.memory_days))


def hawkes_notice(
    params: HawkesParams, memory: HawkesMemory, percept: Percept, now: float
) -> None:
    """Add the jump of its own act."""
    memory.level = params.jump + faded(
        memory.level, memory.since, now, params.memory_days
    )
    memory.since = now


def hawkes_hazard(params: HawkesParams, view: HawkesView) -> float:
    """Return the base rate and what its own acts have added, 1/day."""
    return params.base_rate + view.level


HAWKES = Kind(
    name="hawkes",
    side=Side.MILITIA,
    params=HawkesParams,
    memory=HawkesMemory,
    view=hawkes_view,
    notice=hawkes_notice,
    heeds=(),
    heeds_own=(Act.THREAT,),
    news_delay=no_news_delay,
    evidence=sure,
    detection=unseen,
    roles=(Role("others", "whom it threatens", ("bystander",)),),
    options=(Option(THREAT, "others", hawkes_hazard, ceiling),),
)


def self_exciting(
    *,
    base_rate: float = 0.2,
    branching_ratio: float = 0.5,
    memory_days: float = 5.0,
    ceiling_per_day: float = 16.0,
    **fields: Any,
) -> Scenario:
    """Return a scenario of one linear Hawkes process of threats.

    Its branching ratio is ``jump * memory_days``; its stationary rate is ``base_rate /
    (1 - branching_ratio)`` per day. It starts from calm, not from the stationary state.
    """
    jump = branching_ratio / memory_days
    params = HawkesParams(base_rate, jump, memory_days, ceiling_per_day)
    actor = Actor("hawkes", "hawkes", HAWKES, params, {"others": ("bystander",)})
    return _bare([actor], fields)


def _bare(actors: Sequence[Actor], fields: Mapping[str, Any]) -> Scenario:
    """Return a scenario of the actors and one bystander, without sites."""
    bystander = Actor("bystander", "bystander", BYSTANDER, BystanderParams())
    settings: dict[str, Any] = {
        "name": "test",
        "title": "A test",
        "status": "provisional",
        "start": date(2019, 10, 28),
        "horizon": 252.0,
        "utc_offset_hours": 0.0,
        "actors": (*actors, bystander),
        "sites": (),
    }
    return Scenario(**(settings | dict(fields)))
