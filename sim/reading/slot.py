"""Every place in a scenario file where a number stands, and what may stand there.

One list serves the checks, the resolving, the schema and the editing by path: a number
that is not in it does not exist.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from sim.ladder import Act, name_of
from sim.rules.behaviour import Kind, Parameter, parameter_table
from sim.rules.means import DEFENCE, MEANS, OPPORTUNITY
from sim.units import Dimension

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sim.reading.tree import Keys, Plain

_WHOLE = 1e6
LIMITS: Final[dict[str, Parameter]] = {
    "rung_window": Parameter(
        Dimension.DURATION,
        0.01,
        365.0,
        "time an act holds a dyad on its rung",
        14.0,
        usual=(7.0, 30.0),
    ),
    "exchange_window": Parameter(
        Dimension.DURATION,
        0.01,
        365.0,
        "window in which direct strikes make an exchange",
        14.0,
        usual=(7.0, 30.0),
    ),
    "exchange_strikes": Parameter(
        Dimension.COUNT,
        1.0,
        1000.0,
        "direct strikes that make an exchange",
        3.0,
        usual=(2.0, 6.0),
    ),
    "max_incidents": Parameter(
        Dimension.COUNT,
        1.0,
        1e7,
        "incidents at which a replication fails",
        20000.0,
        usual=(1000.0, 100000.0),
    ),
}
PRESENCE: Final = Parameter(
    Dimension.COUNT,
    0.0,
    _WHOLE,
    "persons of the actor at the site at the start",
    usual=(0.0, 5000.0),
)
EXPOSED: Final[dict[str, Parameter]] = {
    name: Parameter(
        Dimension.NUMBER,
        0.0,
        10.0,
        f"weight of {whom} among those a round may hit",
        default,
        usual=(0.0, 1.0),
    )
    for name, whom, default in (
        ("exposed_foreign", "foreign personnel", 0.5),
        ("exposed_host", "the host's forces", 0.3),
        ("exposed_civilian", "civilians", 0.2),
    )
}
REACH: Final = Parameter(
    Dimension.NUMBER,
    0.0,
    100.0,
    "weight of the site as a target of this actor",
    usual=(0.0, 10.0),
)
OBSERVATION: Final[dict[str, Parameter]] = {
    "reported": Parameter(
        Dimension.SHARE,
        0.0,
        1.0,
        "probability that the press reports the incident",
        usual=(0.5, 1.0),
    ),
    "attributed": Parameter(
        Dimension.SHARE, 0.0, 1.0, "probability that a report names the true author"
    ),
}
SCALE: Final = Parameter(
    Dimension.NUMBER, 0.0, 1000.0, "factor on the parameter", usual=(0.0, 3.0)
)
VALUE_KEY: Final = {"set": "to", "scale": "by", "add": "by"}
"""Under which key each way of changing a parameter keeps its number."""
ACT_NAMES: Final = tuple(name_of(act) for act in Act if act is not Act.NONE)


class Slot(NamedTuple):
    """One place where a number may stand."""

    keys: Keys
    """Where it is in the file's data."""
    path: str
    """How people name it; developments go by their id."""
    parameter: Parameter
    raw: Plain | None
    """What the file says there; None where it says nothing."""
    is_whole: bool = False
    """Whether only whole numbers make sense."""


def as_mapping(data: object) -> dict[str, Plain]:
    """Return data that is a mapping, or an empty one in its place."""
    return cast("dict[str, Plain]", data) if isinstance(data, dict) else {}


def as_list(data: object) -> list[Plain]:
    """Return data that is a list, or an empty one in its place."""
    return cast("list[Plain]", data) if isinstance(data, list) else []


def kind_at(data: Plain, actor: str, kinds: Mapping[str, Kind]) -> Kind | None:
    """Return the kind of an actor as the file names it, if there is such a kind."""
    name = as_mapping(as_mapping(as_mapping(data).get("actors")).get(actor)).get("kind")
    return kinds.get(name) if isinstance(name, str) else None


def means_in(data: Plain) -> dict[str, Plain]:
    """Return the means of attack of a file; rockets alone where it names none."""
    return as_mapping(as_mapping(data).get("means")) or {"rocket": {}}


def slots(data: Plain, kinds: Mapping[str, Kind]) -> Iterator[Slot]:
    """List every place in a file's data where a number stands or could stand.

    Tolerates data of any shape: what is malformed has no places.
    """
    top = as_mapping(data)
    actors, sites = as_mapping(top.get("actors")), as_mapping(top.get("sites"))
    limits, every = as_mapping(top.get("limits")), means_in(data)
    for name, row in LIMITS.items():
        is_whole = row.dimension is Dimension.COUNT
        yield _slot(("limits", name), row, limits.get(name), is_whole)
    for name, section in every.items():
        for number, row in MEANS.items():
            raw = as_mapping(section).get(number)
            yield _slot(("means", name, number), row, raw)
    for site, section in sites.items():
        yield from _site_slots(site, as_mapping(section), actors, every)
    for actor, section in actors.items():
        kind = kind_at(data, actor, kinds)
        if kind is not None:
            yield from _actor_slots(actor, as_mapping(section), kind, sites, every)
    observations = as_mapping(top.get("observations"))
    for act in ACT_NAMES:
        section = as_mapping(observations.get(act))
        for name, row in OBSERVATION.items():
            yield _slot(("observations", act, name), row, section.get(name))
    for place, entry in enumerate(as_list(top.get("developments"))):
        yield from _development_slots(data, place, as_mapping(entry), kinds)


def changed_parameter(
    data: Plain, path: object, kinds: Mapping[str, Kind]
) -> tuple[str, str, Parameter] | None:
    """Return actor, name and row of the parameter that a development changes."""
    parts = path.split(".") if isinstance(path, str) else []
    if len(parts) != 3 or parts[0] != "actors":
        return None
    kind = kind_at(data, parts[1], kinds)
    row = table_of(kind).get(parts[2]) if kind is not None else None
    return (parts[1], parts[2], row) if row is not None else None


@cache
def table_of(kind: Kind) -> dict[str, Parameter]:
    """Return a kind's parameters by name."""
    return parameter_table(kind)


def development_name(place: int, entry: Plain) -> str:
    """Return how a development is named in a path: its id, else its place."""
    identity = as_mapping(entry).get("id")
    return identity if isinstance(identity, str) and identity else str(place)


def _slot(
    keys: Keys, row: Parameter, raw: Plain | None, is_whole: bool = False
) -> Slot:
    return Slot(keys, ".".join(map(str, keys)), row, raw, is_whole)


def _site_slots(
    site: str,
    section: dict[str, Plain],
    actors: dict[str, Plain],
    every: dict[str, Plain],
) -> Iterator[Slot]:
    presence = as_mapping(section.get("presence"))
    for actor in actors:
        raw = presence.get(actor)
        yield _slot(("sites", site, "presence", actor), PRESENCE, raw, True)
    for name, row in EXPOSED.items():
        yield _slot(("sites", site, name), row, section.get(name))
    defences = as_mapping(section.get("defences"))
    for means in every:
        yield _slot(("sites", site, "defences", means), DEFENCE, defences.get(means))


def _actor_slots(
    actor: str,
    section: dict[str, Plain],
    kind: Kind,
    sites: dict[str, Plain],
    every: dict[str, Plain],
) -> Iterator[Slot]:
    if kind.site_weight is not None:
        reach = as_mapping(section.get("reach"))
        for site in sites:
            yield _slot(("actors", actor, "reach", site), REACH, reach.get(site))
    if kind.means_weight is not None:
        mine = as_mapping(section.get("means"))
        for means in every:
            raw = mine.get(means)
            yield _slot(("actors", actor, "means", means), OPPORTUNITY, raw)
    for name, row in table_of(kind).items():
        yield _slot(("actors", actor, name), row, section.get(name))


def _development_slots(
    data: Plain, place: int, entry: dict[str, Plain], kinds: Mapping[str, Kind]
) -> Iterator[Slot]:
    for how, key in VALUE_KEY.items():
        section = as_mapping(entry.get(how))
        changed = changed_parameter(data, section.get("parameter"), kinds)
        if changed is None:
            continue
        row = changed[2]
        if how == "scale":
            row = SCALE
        elif how == "add":
            widest, usual = row.high - row.low, row.usual or (row.low, row.high)
            far = usual[1] - usual[0]
            row = row._replace(low=-widest, high=widest, usual=(-far, far))
        row = row._replace(default=None)
        path = f"developments.{development_name(place, entry)}.{how}.{key}"
        keys = ("developments", place, how, key)
        yield Slot(keys, path, row, section.get(key))
