"""All 91 rows of the article's coding have a place in the model, and it exists."""

from __future__ import annotations

import csv
import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sim
from sim.outcomes import outcomes_for
from sim.rules.behaviour import operations_of, parameter_table
from sim.rules.registry import KINDS
from sim.scenario.form import read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SCENARIO = ROOT / "scenarios" / "iraq_2019_2020.yaml"
IN_PART = "In part: "

Place = dict[str, str]


def rows_of(name: str) -> list[dict[str, str]]:
    """Read a table of the record; a line of another length fails."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


ARTICLE = [row["id"] for row in rows_of("codings/article_rows.csv")]
PLACES = rows_of("codings/coverage.csv")


@cache
def scenario() -> Any:
    """Return the scenario with what it shares in its place."""
    return read_scenario(SCENARIO).data


@cache
def names_of(what: str) -> frozenset[str]:
    """Return every name of a sort of place that a kind's table holds."""
    tables: dict[str, Callable[[Any], Any]] = {
        "operation": operations_of,
        "option": lambda kind: [option.operation.name for option in kind.options],
        "response": lambda kind: [response.name for response in kind.responses],
        "parameter": parameter_table,
        "mechanism": lambda kind: [one.name for one in kind.mechanisms],
    }
    return frozenset(
        f"{kind.name}.{name}" for kind in KINDS.values() for name in tables[what](kind)
    )


@cache
def ids_of(what: str) -> frozenset[str]:
    """Return the ids of the record's incidents, its conflicts, or the outcomes."""
    if what == "outcome":
        return frozenset(outcomes_for(sim.load(SCENARIO)))
    file = {"incident": "incidents/iraq_2019_2020.csv", "conflict": "conflicts.csv"}
    return frozenset(row["id"] for row in rows_of(file[what]))


def is_rule(place: str) -> bool:
    """Whether a dotted name is a function of a module in ``sim.rules``."""
    module, _, name = place.rpartition(".")
    if not module.startswith("sim.rules."):
        return False
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError:
        return False
    return callable(found)


def is_in_scenario(place: str) -> bool:
    """Whether a dotted path leads somewhere in the scenario; developments by id."""
    at: Any = scenario()
    for step in place.split("."):
        if isinstance(at, list):
            at = next((entry for entry in at if entry.get("id") == step), None)
        else:
            at = at.get(step) if isinstance(at, dict) else None
        if at is None:
            return False
    return True


def fault_of(place: Place) -> str:
    """Return what is wrong with one place of one row; nothing when nothing is."""
    kind, name, note = place["place_kind"], place["place"], place["note"]
    if place["row"] not in ARTICLE:
        return f"{place['row']} is not a row of the article's coding"
    if kind == "exclusion":
        if name:
            return "an exclusion has a reason and no place"
        return "" if len(note.split()) > 5 else "an exclusion needs its reason"
    if kind == "rule":
        good = is_rule(name)
    elif kind == "scenario":
        good = is_in_scenario(name)
    elif kind in {"operation", "option", "response", "parameter", "mechanism"}:
        good = name in names_of(kind)
    elif kind in {"outcome", "incident", "conflict"}:
        good = name in ids_of(kind)
    else:
        return f"{kind!r} is not a sort of place"
    if note.startswith(IN_PART.strip()) and len(note) <= len(IN_PART) + 20:
        return "what is covered in part says what is missing"
    return "" if good else f"no {kind} {name!r}"


def test_coding_has_91_rows() -> None:
    """The article was coded in 91 rows, each with an id of its own."""
    assert len(ARTICLE) == len(set(ARTICLE)) == 91


def test_every_row_has_a_place() -> None:
    """No row of the article is without a place, and places follow the rows' order."""
    assert list(dict.fromkeys(place["row"] for place in PLACES)) == ARTICLE


def test_every_place_exists() -> None:
    """Each place is in the rules, the scenario, the outcomes or the record."""
    faults = [(p["row"], fault) for p in PLACES if (fault := fault_of(p))]
    assert not faults, faults


def test_what_is_placed_in_the_rules_names_a_row_of_the_ledger() -> None:
    """A row with a rule, an operation or a parameter can be switched off."""
    in_rules = {"rule", "operation", "option", "response", "parameter"}
    rows = {p["row"] for p in PLACES if p["place_kind"] in in_rules}
    ledger = {p["row"] for p in PLACES if p["place_kind"] == "mechanism"}
    # S11.5 is the hour at which words follow: a delay, and no mechanism.
    assert rows - ledger == {"S11.5"}


def test_an_excluded_row_has_at_most_a_record_beside_it() -> None:
    """A row that is excluded claims no mechanism."""
    for row in {p["row"] for p in PLACES if p["place_kind"] == "exclusion"}:
        kinds = {p["place_kind"] for p in PLACES if p["row"] == row}
        assert kinds <= {"exclusion", "incident", "conflict"}, row


@pytest.mark.parametrize(
    ("kind", "place", "note"),
    [
        ("rule", "sim.rules.militia.attack.no_such_rule", ""),
        ("rule", "sim.rules.no_such_kind.attack.salvo", ""),
        ("rule", "sim.engine.run.run_replication", ""),
        ("operation", "militia.raid", ""),
        ("option", "militia.retaliation", ""),
        ("response", "sponsor.press", ""),
        ("parameter", "militia.tolerance", ""),
        ("mechanism", "militia.no_such_mechanism", ""),
        ("scenario", "developments.no_such_day", ""),
        ("scenario", "sites.green_zone.presence.iran", ""),
        ("outcome", "n_no_such_thing", ""),
        ("incident", "iq-2020-07-04-99", ""),
        ("conflict", "no-such-conflict", ""),
        ("exclusion", "", ""),
        ("exclusion", "militia.attack", "a reason of more than five whole words"),
        ("idea", "militia.attack", ""),
        ("operation", "militia.attack", "In part: some"),
    ],
)
def test_wrong_place_is_found(kind: str, place: str, note: str) -> None:
    """A place that does not exist, or an exclusion without a reason, is a fault."""
    given = {"row": "S01.1", "place_kind": kind, "place": place, "note": note}
    assert fault_of(given)
