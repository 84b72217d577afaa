"""A theatre from few numbers: who, where, when, and how much violence.

What is not asked has the default of its kind, which counts as assumed; `escalade check`
lists it. The numbers that are set so that the model shows what was said of the violence
are searched for (`sim.calibration.matched`), and then carry a note of that.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.errors import Fault, ScenarioError
from sim.reading.structure import name_fault
from sim.reading.written import written
from sim.scenario.schema import SCHEMA_LINE, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.reading.tree import Keys, Plain


class Place(NamedTuple):
    """A site."""

    label: str
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""


class Theatre(NamedTuple):
    """What a new scenario is asked for."""

    militias: tuple[str, ...] = ("First militia",)
    """Name of each."""
    clients: tuple[str, ...] = ()
    """Names of those that the sponsor arms and orders; empty for all of them."""
    host: str = "Host government"
    """On whose soil they act."""
    sponsor: str = "Sponsor"
    """Who arms them."""
    power: str = "Foreign power"
    """Whom they attack."""
    sites: tuple[Place, ...] = (Place("Embassy", 10.0, 20.0), Place("Base", 11.0, 21.0))
    """Name, degrees north and east of each."""
    troops: float = 500.0
    """Persons of the foreign power at each site."""
    start: date = date(2020, 1, 1)
    """First day."""
    days: int = 182
    """How many are simulated."""
    utc_offset_hours: float = 0.0
    """Local time less UTC."""
    attacks_per_week: float = 1.0
    """Reported attacks of all militias."""
    deadly_share: float = 0.1
    """Share of reported attacks in which somebody dies."""
    salvo: float = 3.0
    """Rounds in the middle attack."""
    red_line: float = 1.0
    """Deaths of its people at which the foreign power strikes with even odds."""
    raids_per_year: float = 2.0
    """Reported raids of the government on the militias."""


def searched_numbers(
    searched: Mapping[str, float], notes: Mapping[str, str]
) -> dict[str, dict[str, Plain]]:
    """Return the numbers that a search has set as a file has them, by owner.

    A rate is written by the week. Parameters as in `starting_scenario`.
    """
    owners = {
        "base_rate": "militia",
        "killed_per_hit": "means",
        "will": "host_government",
    }
    numbers: dict[str, dict[str, Plain]] = {owner: {} for owner in owners.values()}
    for name, x in searched.items():
        is_rate, note = name == "base_rate", notes.get(name, "")
        value = float(f"{x * (7.0 if is_rate else 1.0):.4g}")
        numbers[owners[name]][name] = _assumed(value, "1/week" if is_rate else "", note)
    return numbers


def starting_scenario(
    identity: str,
    theatre: Theatre | None = None,
    searched: Mapping[str, float] | None = None,
    notes: Mapping[str, str] | None = None,
) -> str:
    """Return the text of a new scenario's file; it passes every check, and runs.

    Parameters
    ----------
    identity
        The scenario's id, which is also the stem of its file.
    theatre
        What is said of it; an illustration that describes nobody unless given.
    searched
        Numbers that a search has set, canonical unit: ``base_rate`` of
        the militias, ``killed_per_hit`` of the means, ``will`` of the government.
    notes
        What the search came to, by parameter.

    Raises
    ------
    ScenarioError
        If the id is not of the form of one.
    """
    if message := name_fault(identity):
        raise ScenarioError(f"{identity}.yaml", [Fault(0, 0, "id", message)])
    said = Theatre() if theatre is None else theatre
    labels = [*said.militias, said.host, said.sponsor, said.power]
    ids = _ids([*labels, *(site.label for site in said.sites)])
    militias = ids[: len(said.militias)]
    host, sponsor, power = ids[len(militias) : len(labels)]
    clients: list[Plain] = [
        name
        for name, label in zip(militias, said.militias, strict=True)
        if label in (said.clients or said.militias)
    ]
    notes = notes or {}
    numbers = searched_numbers(searched or {}, notes)
    shared: dict[str, Plain] = {
        "roles": {"adversaries": [power]},
        "reach": {name: 1 for name in ids[len(labels) :]},
    }
    shared |= numbers["militia"]
    rocket: dict[str, Plain] = {"salvo_median": _assumed(said.salvo, "rounds")}
    rocket |= numbers["means"]
    government: dict[str, Plain] = {
        "kind": "host_government",
        "label": said.host,
        "roles": {
            "policed": [*militias],
            "restricted": [sponsor],
            "suspects": [*militias],
        },
    }
    if said.raids_per_year == 0.0:
        government["raid_rate"] = _assumed(0.0, "1/month")
    government |= numbers["host_government"]
    data: dict[str, Plain] = {
        "schema": VERSION,
        "id": identity,
        "title": "A scenario to start from",
        "status": "draft",
        "start": said.start.isoformat(),
        "end": (said.start + timedelta(days=said.days)).isoformat(),
        "utc_offset_hours": _plain(said.utc_offset_hours),
        "exogenous": ["leader_killing"],
        "means": {"rocket": rocket},
        "shared": {
            "actors": {"militia": shared},
            "sites": {"site": {"presence": {power: _assumed(said.troops, "persons")}}},
        },
        "sites": {
            name: {
                "label": site.label,
                "class": "site",
                "latitude": _plain(site.latitude),
                "longitude": _plain(site.longitude),
            }
            for name, site in zip(ids[len(labels) :], said.sites, strict=True)
        },
        "actors": {
            **{
                name: {"kind": "militia", "label": label}
                for name, label in zip(militias, said.militias, strict=True)
            },
            host: government,
            sponsor: {
                "kind": "sponsor",
                "label": said.sponsor,
                "roles": {"clients": clients, "hosts": [host]},
            },
            power: {
                "kind": "foreign_power",
                "label": said.power,
                "roles": {
                    "hosts": [host],
                    "sponsors": [sponsor],
                    "suspects": [*militias],
                },
                "tolerance": _assumed(said.red_line),
            },
        },
        "observations": {
            "rocket_attack": {
                "reported": _assumed(0.9),
                "attributed": _assumed(0.2),
            }
        },
    }
    comments = _COMMENTS | {
        ("actors", sponsor): ["# Its clients are those that it arms and orders."],
        ("actors", host, "will"): [
            "# Log odds of its will to act when nothing urges it: raids hang on it."
        ],
        ("shared", "actors", "militia", "reach"): [
            "# Weight of each site; an actor's own weights take the place of these,",
            "# and 0 is a site that it does not attack.",
        ],
    }
    return f"{SCHEMA_LINE}\n{written(data, comments)}"


_COMMENTS: Final[dict[Keys, list[str]]] = {
    ("schema",): [
        "# One complete description of a situation; its numbers describe nobody yet.",
        "# A number has value, unit, basis (measured, coded, calibrated or assumed),",
        "# source, range and note; `0.3/week` is short for one that is assumed.",
        "# What is left out has the default of its kind: escalade check lists it.",
    ],
    ("exogenous",): ["# Acts that happen only when a development puts them in."],
    ("shared",): ["# What all of a kind, or of a class, say; each may say otherwise."],
    ("observations",): ["# What the press sees; an act left out is always reported."],
}


def _assumed(value: float, unit: str = "", note: str = "") -> dict[str, Any]:
    """Return a number that nobody has a source for; its range is the usual one."""
    return {
        "value": _plain(value),
        **({"unit": unit} if unit else {}),
        "basis": "assumed",
        **({"note": note} if note else {}),
    }


def _plain(value: float) -> float:
    """Return a whole number as one, which is written without a point."""
    return int(value) if float(value).is_integer() else value


def _ids(labels: list[str]) -> list[str]:
    """Return a name for each label, in the letters of one, no two alike.

    >>> _ids(["Base", "1st Base", "base", "Ærø"])
    ['base', 'x_1st_base', 'base_2', 'r']
    """
    ids: list[str] = []
    for label in labels:
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:56] or "x"
        name = name if name[0].isalpha() else f"x_{name}"
        same = (f"{name}_{number}" for number in range(2, len(labels) + 2))
        ids.append(next(one for one in (name, *same) if one not in ids))
    return ids
