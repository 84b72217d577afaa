"""Sourced numbers are typed twice: a blind second typing, and each difference resolved.

``tests/data/blind/<id>.yaml`` holds what a reader wrote who had not seen the scenario;
that reader worked from the coded record (``seeds/``) and not from the pages behind it,
so the twin tests the step from record to number. The step from page to record is tested
in ``test_second_reader.py``. ``<id>_resolutions.yaml`` says of each difference which
number stands.

A scenario is ``checked`` when nothing at all is open. Of one that is ``provisional`` a
sourced number may still await its second typing; how many do is said on a page, and
those that were typed twice are held as if it were checked.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.form import read_scenario
from sim.scenario.load import shipped_scenarios
from sim.units import Dimension

BLIND = Path(__file__).parents[1] / "data" / "blind"
PAGE = Path(__file__).parents[2] / "scenarios" / "README.md"
SUFFIX = "_resolutions"
TWINS = sorted(f.stem for f in BLIND.glob("*.yaml") if not f.stem.endswith(SUFFIX))
RELATIVE, ABSOLUTE = 0.02, 0.005
"""Two readings agree within either; the second is for shares only."""
UNTYPED = "was not typed a second time"
AWAITING = "Coded or measured numbers of {} that await a second typing: {} of {}."
VERDICTS = ("first", "second", "third", "assumed")
SHORTEST_REASON = 40
SIBLINGS = ("iraq_endogenous_2019_2020", "iraq_from_july_2020")
OWN = {"observations.visit.reported"}
"""The siblings make visits themselves, so there it has a number of its own."""

Tree = dict[str, Any]


class Coding(NamedTuple):
    """The numbers of a scenario, its blind twin, and what became of the differences."""

    status: str
    kinds: dict[str, str]
    """Kind of each actor."""
    first: dict[str, Tree]
    second: dict[str, Tree]
    gone: list[str]
    """Paths that were typed twice and that the scenario has no more."""
    resolutions: list[Tree]


def read(file: Path) -> Tree:
    """Read a YAML file."""
    return yaml.safe_load(file.read_text("utf-8"))


def whole(name: str) -> Tree:
    """Return a shipped scenario's data with what it shares or inherits in its place."""
    data: Any = read_scenario(shipped_scenarios()[name]).data
    return data


def coding_of(name: str) -> Coding:
    """Read a scenario with its twin and its resolutions."""
    scenario, twin = whole(name), read(BLIND / f"{name}.yaml")
    return Coding(
        status=scenario["status"],
        kinds={name: actor["kind"] for name, actor in scenario["actors"].items()},
        first=numbers(scenario),
        second=twin["values"],
        gone=twin.get("gone", []),
        resolutions=read(BLIND / f"{name}{SUFFIX}.yaml")["resolutions"],
    )


def numbers(tree: Any, path: str = "") -> dict[str, Tree]:
    """Return the full numbers of a scenario by path; list items by id."""
    if isinstance(tree, list):
        tree = {item["id"]: item for item in tree if isinstance(item, dict)}
    if not isinstance(tree, dict):
        return {}
    if "value" in tree and "basis" in tree:
        return {path: tree}
    found: dict[str, Tree] = {}
    for key, below in tree.items():
        found |= numbers(below, f"{path}.{key}" if path else str(key))
    return found


def is_share(kinds: dict[str, str], path: str) -> bool:
    """Tell whether the number of a path is a share, from 0 to 1."""
    part, *names = path.split(".")
    if part == "observations":
        return True
    if part != "actors" or len(names) > 2:
        return False
    table = parameter_table(KINDS[kinds[names[0]]])
    return table[names[1]].dimension is Dimension.SHARE


def agree(a: float, b: float, *, share: bool) -> bool:
    """Tell whether two readings of one number agree."""
    apart = abs(a - b)
    return apart <= RELATIVE * abs(a) or (share and apart <= ABSOLUTE)


def resolved(coding: Coding) -> dict[str, Tree]:
    """Return the resolutions by path."""
    return {path: entry for entry in coding.resolutions for path in entry["paths"]}


def is_sourced(number: Tree) -> bool:
    """Tell whether a number claims to come from the sources."""
    return number["basis"] in {"coded", "measured"}


def is_put_in(number: Tree) -> bool:
    """Tell whether a number is of an act that the scenario puts in."""
    return str(number.get("note", "")).startswith("Put in ")


def number_fault(coding: Coding, path: str) -> str:
    """Say what is wrong with a sourced number of the scenario, or ''."""
    value = coding.first[path]["value"]
    if path not in coding.second:
        return UNTYPED
    entry = resolved(coding).get(path)
    if entry:
        return "" if entry["value"] == value else f"is {value}, not {entry['value']}"
    second = coding.second[path].get("value")
    if second is None:
        return "is blank in the second coding, and that is not resolved"
    same = agree(value, second, share=is_share(coding.kinds, path))
    return "" if same else f"is {value}, the second coding has {second}"


def resolution_fault(coding: Coding, path: str) -> str:
    """Say what is wrong with a resolution, or ''."""
    entry, number = resolved(coding)[path], coding.first.get(path)
    if number is None or path not in coding.second:
        return "names no number of both files"
    if sum(path in entry["paths"] for entry in coding.resolutions) > 1:
        return "is resolved twice"
    if len(entry["reason"]) < SHORTEST_REASON:
        return "gives no reason"
    first, stands, value = entry["first"], entry["stands"], entry["value"]
    second = coding.second[path].get("value")
    share = is_share(coding.kinds, path)
    if entry["second"] != ("blank" if second is None else second):
        return "misquotes the second coding"
    if stands not in VERDICTS or number["value"] != value:
        return f"lets {stands} stand with {value}, the scenario has {number['value']}"
    if (stands == "assumed") == is_sourced(number):
        return f"lets {stands} stand, but the number's basis is {number['basis']}"
    agreed = second is not None and agree(first, second, share=share)
    holds = {
        "first": value == first and not agreed,
        "second": second is not None and agree(value, second, share=share),
        "third": value not in {first, second},
        "assumed": bool(number.get("note")),
    }
    return "" if holds[stands] else f"says that {stands} stands, which it does not"


def still_there(coding: Coding) -> set[str]:
    """Return the paths that are listed as gone and stand in either file."""
    return set(coding.gone) & (coding.first.keys() | coding.second.keys())


def awaiting(coding: Coding) -> list[str]:
    """Return the sourced numbers of the scenario that nobody has typed again."""
    return [
        path
        for path, number in coding.first.items()
        if is_sourced(number) and path not in coding.second
    ]


def faults(coding: Coding) -> dict[str, str]:
    """Return everything that is wrong between a scenario and its twin, by path."""
    said: dict[str, str] = {}
    for path, number in coding.first.items():
        if is_sourced(number):
            said[path] = number_fault(coding, path)
        elif path in coding.second and path not in resolved(coding):
            said[path] = "was typed from the sources, but is assumed"
    said |= {path: "is no path" for path in coding.second if path not in coding.first}
    said |= {path: "is gone, and is there" for path in still_there(coding)}
    for path in resolved(coding):
        said[path] = resolution_fault(coding, path) or said.get(path, "")
    return {path: fault for path, fault in said.items() if fault}


def left_open(coding: Coding) -> dict[str, str]:
    """Return the faults, but for what a provisional scenario may still await."""
    return {
        path: fault
        for path, fault in faults(coding).items()
        if coding.status == "checked" or fault != UNTYPED
    }


def sourced_numbers() -> list[tuple[str, str]]:
    """Return scenario and path of each sourced number that must have a twin."""
    return [
        (name, path)
        for name in TWINS
        for coding in [coding_of(name)]
        for path, number in coding.first.items()
        if is_sourced(number)
        and (coding.status == "checked" or path not in awaiting(coding))
    ]


@pytest.fixture(scope="module")
def codings() -> dict[str, Coding]:
    """Return each scenario that has a twin, with it."""
    return {name: coding_of(name) for name in TWINS}


@pytest.mark.parametrize(("name", "path"), sourced_numbers())
def test_sourced_number_was_typed_twice(
    codings: dict[str, Coding], name: str, path: str
) -> None:
    """Both readers agree on a sourced number, or its value is the resolved one."""
    assert number_fault(codings[name], path) == ""


@pytest.mark.parametrize("name", TWINS)
def test_nothing_is_left_open(codings: dict[str, Coding], name: str) -> None:
    """Every resolution names a number of both files, quotes both, gives a reason."""
    assert left_open(codings[name]) == {}


@pytest.mark.parametrize("name", TWINS)
def test_what_awaits_a_second_typing_is_said(
    codings: dict[str, Coding], name: str
) -> None:
    """The page counts the sourced numbers of a provisional scenario not typed again."""
    coding = codings[name]
    n_sourced = sum(is_sourced(number) for number in coding.first.values())
    said = AWAITING.format(name, len(awaiting(coding)), n_sourced)
    page = " ".join(PAGE.read_text("utf-8").split())
    assert (said in page) == (coding.status == "provisional"), said


@pytest.mark.parametrize("name", TWINS)
def test_a_checked_scenario_may_await_nothing(
    codings: dict[str, Coding], name: str
) -> None:
    """One number untyped is open in a checked scenario, not in a provisional one."""
    planted = copy.deepcopy(codings[name])
    path = next(path for path in planted.second if path not in resolved(planted))
    planted.first[path]["basis"] = "coded"
    del planted.second[path]
    checked = planted._replace(status="checked")
    assert left_open(checked)[path] == UNTYPED
    assert path not in left_open(planted._replace(status="provisional"))


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_checked_scenario_has_a_twin(name: str) -> None:
    """Only a scenario whose sourced numbers were all typed twice is called checked."""
    if whole(name)["status"] == "checked":
        assert name in TWINS
        assert faults(coding_of(name)) == {}


def test_every_twin_has_its_scenario() -> None:
    """No blind coding and no resolution is left without the scenario that it is for."""
    assert TWINS
    stems = {file.stem.removesuffix(SUFFIX) for file in BLIND.glob("*.yaml")}
    assert stems == set(TWINS) <= set(shipped_scenarios())


@pytest.mark.parametrize("sibling", SIBLINGS)
def test_siblings_carry_the_resolved_numbers(sibling: str) -> None:
    """What was resolved for iraq_2019_2020 stands in the scenarios that copy it."""
    here, there = numbers(whole("iraq_2019_2020")), numbers(whole(sibling))
    for path in resolved(coding_of("iraq_2019_2020")).keys() - OWN:
        if is_put_in(here[path]) and not is_put_in(there[path]):
            continue  # the sibling makes the act itself and has a number of its own
        pair = [
            {k: v for k, v in x[path].items() if k != "note"} for x in (here, there)
        ]
        assert pair[0] == pair[1], path


def entry_of(coding: Coding, stands: str) -> Tree:
    """Return the first resolution with a verdict."""
    return next(entry for entry in coding.resolutions if entry["stands"] == stands)


@pytest.mark.parametrize("name", TWINS)
def test_a_changed_number_is_caught(codings: dict[str, Coding], name: str) -> None:
    """Any sourced number is found out when it moves by a quarter and 0.01."""
    planted = copy.deepcopy(codings[name])
    sourced = {
        path: x
        for path, x in planted.first.items()
        if is_sourced(x) and path in planted.second
    }
    assert sourced
    for path, number in sourced.items():
        was = number["value"]
        number["value"] = 1.25 * was + 0.01
        assert number_fault(planted, path), path
        number["value"] = was


FAULTS = (
    "dropped", "unreasoned", "elsewhere", "misquoted", "twice", "sourced", "untyped",
    "unsourced", "wrong verdict", "gone",
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(codings: dict[str, Coding], fault: str) -> None:
    """Each way in which twin and resolutions could fail their purpose is found."""
    coding = copy.deepcopy(codings["iraq_2019_2020"])
    entry = entry_of(coding, "assumed" if fault == "sourced" else "first")
    path = entry["paths"][0]
    if fault == "dropped":
        coding.resolutions.remove(entry)
    elif fault == "unreasoned":
        entry["reason"] = ""
    elif fault == "elsewhere":
        entry["paths"] = [path := "actors.nobody.base_rate"]
    elif fault == "misquoted":
        entry["second"] = 0.5
    elif fault == "twice":
        coding.resolutions.append(entry)
    elif fault == "sourced":
        coding.first[path]["basis"] = "coded"
    elif fault == "untyped":
        del coding.second[path]
    elif fault == "gone":
        coding.gone.append(path := "actors.iran.direct_wounded")
    elif fault == "unsourced":
        coding.first[path := "actors.iran.direct_wounded"]["basis"] = "assumed"
    else:
        entry["stands"] = "second"
    assert path in faults(coding)
