"""A scenario has one digest, computed from its values as they are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from sim.ladder import Act
from sim.rules.behaviour import Effect, Kind
from sim.rules.registry import KINDS
from sim.scenario.load import load, load_whole
from sim.scenario.renumber import with_numbers
from sim.scenario.scenario import Change, Given, Scenario

WORDS: Final = {
    "Scenario": {
        "name",
        "title",
        "status",
        "cited",
        "path",
        "folder",
        "sources",
        "targets",
        "past",  # what counts is the history's
        "particles",
    },
    "Actor": {"label"},
    "Site": {"label"},
    "Means": {"label"},
    "Change": {"note", "source", "confidence"},
    "Given": {"note", "source", "confidence"},
    "Facade": {"label", "note", "source"},
    "Recorded": {"blank", "others"},
}
"""Fields that change no result, so that the digest leaves them out."""

RATE: Final = "actors.kataib_hezbollah.base_rate"


def other(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case Act():
            return Act.ROCKET_ATTACK if value != Act.ROCKET_ATTACK else Act.THREAT
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}_other"
        case date():
            return value + timedelta(days=1)
        case None:
            return date(2019, 11, 4)
        case _:
            raise TypeError(type(value))


def variations(value: Any) -> list[tuple[str, Any]]:
    """Return values that differ in one place each, and the name of the place."""
    if is_dataclass(value) and not isinstance(value, type):
        found: list[tuple[str, Any]] = []
        for field in fields(value):
            if field.name in WORDS.get(type(value).__name__, ()):
                continue
            place = f"{type(value).__name__}.{field.name}"
            for inner, varied in variations(getattr(value, field.name)):
                changed = replace(value, **{field.name: varied})
                found.append((f"{place} {inner}".strip(), changed))
        return found
    if isinstance(value, Kind):
        return [("kind", KINDS["sponsor" if value.name != "sponsor" else "militia"])]
    row: Any = value
    if names := getattr(row, "_fields", ()):  # a tuple of parameters
        return [
            (name, row._replace(**{name: other(getattr(row, name))})) for name in names
        ]
    if isinstance(value, tuple):
        if not value:
            return []
        return [
            ("first", (varied, *value[1:])) for _, varied in variations(value[0])
        ] + [("fewer", value[:-1])]
    if isinstance(value, dict):
        return [
            (str(key), {**value, key: varied})
            for key, inner in value.items()
            for _, varied in variations(inner)
        ]
    return [("", other(value))]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario on its record, with developments of both sorts."""
    scenario = load("iraq_2019_2020", free_from=date(2020, 2, 1), past="filtered")
    change = Change("thaw", 9.0, 8.0, "united_states", "ability", "scale", 0.5)
    given = Given("vote", 9.0, 8.0, Act.THREAT, "iraq", "united_states", "", Effect())
    return replace(scenario, changes=(change,), given=(given,))


def test_every_value_counts(scenario: Scenario) -> None:
    """Whatever is no word changes the digest, down to the rows of the record."""
    assert scenario.history is not None
    varied = variations(scenario)
    assert len(varied) > 200
    same = [place for place, one in varied if one.digest == scenario.digest]
    assert same == []


@pytest.mark.parametrize("name", WORDS["Scenario"] - {"cited"})
def test_words_do_not_count(scenario: Scenario, name: str) -> None:
    """Another name, title, status or path leaves the digest alone."""
    assert replace(scenario, **{name: "other"}).digest == scenario.digest


def test_numbers_put_in_are_another_scenario() -> None:
    """Draws of other numbers have other digests; the numbers put back, the first."""
    base = load_whole("iraq_2019_2020")
    rates = [0.01 * n for n in range(1, 6)]
    drawn = [with_numbers(base, {RATE: rate}) for rate in rates]
    assert len({base.digest, *(one.digest for one in drawn)}) == 6
    own = next(cited.value for cited in base.cited if cited.path == RATE)
    assert with_numbers(drawn[0], {RATE: own}).digest == base.digest


def test_whole_numbers_are_the_same_value(scenario: Scenario) -> None:
    """1 and 1.0 are the same value."""
    assert replace(scenario, horizon=int(scenario.horizon)).digest == scenario.digest


def test_the_days_of_the_record_count() -> None:
    """Each day from which a scenario runs free is another scenario."""
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(3)]
    digests = [load("iraq_2019_2020", free_from=day).digest for day in days]
    assert all(one != after for one, after in pairwise(digests))
