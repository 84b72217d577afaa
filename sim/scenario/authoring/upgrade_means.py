"""What a file said of attacks before means of attack were a table, put in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.reading.slot import as_mapping
from sim.scenario.schema import Quantity
from sim.units import Dimension, to_canonical

if TYPE_CHECKING:
    from sim.reading.tree import Plain

ROCKET: Final = (
    "salvo_median",
    "salvo_spread",
    "malfunction_share",
    "accuracy",
    "killed_per_hit",
    "wounded_per_hit",
    "harm_spread",
)
"""Numbers of a militia that are numbers of its means now, of the same name."""

SHARED: Final = "shared.actors.militia"

BOMB: Final = {"convoy_killed": "killed_per_hit", "convoy_wounded": "wounded_per_hit"}

ON_THE_ROAD: Final[dict[str, Plain]] = {
    "act": "convoy_bomb",
    "label": "roadside bombs",
    "salvo_median": 1,
    "salvo_spread": 0,
    "malfunction_share": 0,
    "accuracy": 1,
    "exposed_foreign": 0,
    "exposed_civilian": 0,
    "visibility": 0,
}
"""What a bomb on a convoy was: one, always effective, on the host's people, unseen."""


def put_into_means(data: dict[str, Plain]) -> list[str]:
    """Move what militias said of attacks to the means; return what moved where.

    A number moves only where all militias that give it agree; what they do not agree
    in stays, to be told of as gone.
    """
    moved: list[str] = []
    actors = as_mapping(data.get("actors"))
    shared = as_mapping(as_mapping(data.get("shared")).get("actors"))
    militias = {
        f"actors.{name}": as_mapping(section)
        for name, section in actors.items()
        if as_mapping(section).get("kind") == "militia"
    }
    if "militia" in shared:
        militias[SHARED] = as_mapping(shared["militia"])
    means = as_mapping(data.get("means"))
    places = {name: ("rocket", name) for name in ROCKET}
    has_bombs = any(
        _a_day(section.get("convoy_rate")) > 0.0 for section in militias.values()
    )
    if has_bombs:
        means.setdefault("roadside_bomb", {**ON_THE_ROAD})
        places |= {old: ("roadside_bomb", new) for old, new in BOMB.items()}
    for old, (one, new) in places.items():
        values = [section[old] for section in militias.values() if old in section]
        if not values or any(value != values[0] for value in values):
            continue
        section = as_mapping(means.setdefault(one, {}))
        section.setdefault(new, values[0])
        for place, militia in militias.items():
            if militia.pop(old, None) is not None:
                moved.append(f"{place}.{old} is now means.{one}.{new}")
    for place, militia in militias.items():
        moved += _opportunities(place, militia, has_bombs=has_bombs)
    moved += _changes(as_mapping(data.get("changes")))
    if means:
        means.setdefault("rocket", {})
        data["means"] = {"rocket": means.pop("rocket"), **means}
    return moved


def _opportunities(
    place: str, militia: dict[str, Plain], *, has_bombs: bool
) -> list[str]:
    """Turn launchers, and the rate of bombs, into the opportunities of a militia."""
    moved: list[str] = []
    mine = as_mapping(militia.get("means"))
    if "launchers" in militia:
        mine.setdefault("rocket", militia.pop("launchers"))
        moved.append(f"{place}.launchers is now {place}.means.rocket")
    rate, bombs = _a_day(militia.get("base_rate")), _a_day(militia.get("convoy_rate"))
    if rate > 0.0 and bombs > 0.0:
        rocket = as_mapping(mine.get("rocket")).get("value", 20)
        old = Quantity.model_validate(militia["base_rate"])
        militia["base_rate"] = {
            **as_mapping(militia["base_rate"]),
            "value": float(f"{old.value * (rate + bombs) / rate:.4g}"),
            "unit": old.unit,
        }
        laid: dict[str, Plain] = {**as_mapping(militia["convoy_rate"])}
        mine["roadside_bomb"] = {
            "value": float(f"{float(str(rocket)) * bombs / rate:.3g}"),
            "unit": "launchers",
            "basis": "assumed",
            **{key: laid[key] for key in ("source", "note") if key in laid},
        }
        del militia["convoy_rate"]
        moved.append(
            f"{place}.convoy_rate is now part of base_rate, and {place}.means"
            ".roadside_bomb its share"
        )
    elif has_bombs and place != SHARED:
        mine.setdefault("roadside_bomb", 0)
    if mine:
        militia["means"] = {**mine}
    return moved


def _a_day(raw: Plain | None) -> float:
    """Return a rate a day, 0 where there is none that can be read."""
    try:
        rate = Quantity.model_validate(raw)
        return to_canonical(rate.value, rate.unit, Dimension.RATE)
    except ValueError:
        return 0.0


def _changes(changes: dict[str, Plain]) -> list[str]:
    """Rename a sibling's paths, where all that name one number agree."""
    moved: list[str] = []
    for name in ROCKET:
        paths = [
            p for p in changes if p.startswith("actors.") and p.endswith(f".{name}")
        ]
        if paths and all(changes[path] == changes[paths[0]] for path in paths):
            value = changes[paths[0]]
            for path in paths:
                del changes[path]
                moved.append(f"changes: {path} is now means.rocket.{name}")
            changes.setdefault(f"means.rocket.{name}", value)
    return moved
