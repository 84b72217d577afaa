"""The commented file that a new scenario starts from.

One actor of each kind, two sites, a development and what the press sees. Every number
that the tables of parameters know is present, with its meaning and legal limits as a
comment made from them, so the file cannot fall behind the rules.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sim.errors import Fault, ScenarioError
from sim.ladder import ACTS, Act, Visibility, name_of
from sim.reading.slot import EXPOSED, LIMITS, OBSERVATION, PRESENCE, REACH, table_of
from sim.reading.structure import name_fault
from sim.rules import examples
from sim.rules.behaviour import Kind, Parameter, operations_of
from sim.rules.registry import KINDS
from sim.scenario.schema import meaning_of
from sim.units import Dimension, canonical_unit, legal_units

WIDTH: Final = 88

EXAMPLES: Final[Mapping[str, Any]] = {
    "militia": examples.MILITIA,
    "host_government": examples.HOST_GOVERNMENT,
    "sponsor": examples.SPONSOR,
    "foreign_power": examples.FOREIGN_POWER,
}
"""Illustrative parameters by kind; a kind that is not here starts from defaults."""

SITES: Final = ("capital_embassy", "northern_base")

_HEAD: Final = """\
# A scenario: one complete description of a situation. It describes nobody yet: replace
# names, dates and every number. Each number says what it rests on:
#   value, unit
#   basis          measured | coded | calibrated | assumed
#   source         id in the source record, or a list of ids; required unless assumed
#   range          [low, high] that a study may explore, inside the legal limits
#   note           the arithmetic behind it, or what is not known
# A short form, such as `base_rate: 0.3/week`, counts as assumed. Above each number
# stand its meaning and, in brackets, its legal limits.
# Units:
{units}
# Commands:
#   escalade check {file}        all faults at once
#   escalade run {file} -n 100   100 replications
schema: 1
id: {identity}
title: A scenario to start from
status: provisional    # or checked, once a second person has coded the numbers
start: 2020-01-01      # 00:00 local time
end: 2020-07-01        # not included
utc_offset_hours: 0
note: >-
  All numbers are illustrations and describe nobody.

# Acts that happen only when a development puts them in.
exogenous: [leader_killing]
"""

_DEVELOPMENTS: Final = """
# What is taken as given from outside, with its date. Each does one thing: set (a
# parameter to a value), scale (it by a factor), add (to it), or an incident.
developments:
  - id: new_government
    date: 2020-04-01
    known_from: 2020-03-15   # since when a forecaster could have known; default: date
    note: What happened, and where that is told.
    set:
      parameter: actors.{host}.will
      to: {{value: -1.5, unit: "1", basis: assumed, range: [-4, 1]}}
  # - id: commander_killed
  #   date: 2020-05-03T01:00
  #   source: an-id-of-the-record     # required for an incident
  #   confidence: high                # high | medium | low
  #   incident:
  #     act: leader_killing
  #     actor: {power}
  #     target: {sponsor}
  #     killed_sponsor: 1
"""


class _Number(NamedTuple):
    """A number of the file: its key, the row that describes it, and its value."""

    key: str
    row: Parameter
    value: float


def starting_scenario(identity: str, kinds: Mapping[str, Kind] = KINDS) -> str:
    """Return the text of a new scenario's file; it passes every check, and runs.

    Parameters
    ----------
    identity
        The scenario's id, which is also the stem of its file.
    kinds
        Kinds of actor by name; there will be one actor of each.

    Raises
    ------
    ScenarioError
        If the id is not of the form of one.
    """
    if message := name_fault(identity):
        raise ScenarioError(f"{identity}.yaml", [Fault(0, 0, "id", message)])
    names = {name: f"some_{name}" for name in kinds}
    head = _HEAD.format(
        identity=identity, file=f"{identity}.yaml", units="\n".join(_unit_lines())
    )
    lines = head.splitlines()
    lines += ["", "# Conventions of the model, not facts of the world.", "limits:"]
    for name, row in LIMITS.items():
        lines += _number("  ", _Number(name, row, row.default or row.low))
    lines += ["", "# Where people may be hit, and who is there.", "sites:"]
    for place, site in enumerate(SITES):
        lines += _site(site, place, names)
    lines += ["", "# Who takes part: any number of actors of each kind.", "actors:"]
    for name, kind in kinds.items():
        lines += _actor(names[name], kind, names)
    lines += [
        "",
        "# What the press sees of each act; an act that is left out is always reported",
        "# with its author, unless it is private.",
        "observations:",
    ]
    for act in _seen(kinds):
        lines += _observation(act)
    text = _DEVELOPMENTS.format(
        host=names.get("host_government", "some_host_government"),
        power=names.get("foreign_power", "some_foreign_power"),
        sponsor=names.get("sponsor", "some_sponsor"),
    )
    if "host_government" not in kinds:
        text = "developments: []\n"
    return "\n".join(lines) + "\n" + text


def _site(site: str, place: int, names: Mapping[str, str]) -> Iterator[str]:
    yield f"  {site}:"
    yield f"    label: {site.replace('_', ' ').capitalize()}"
    yield f"    latitude: {10.0 + place}"
    yield f"    longitude: {20.0 + place}"
    yield "    presence:"
    for kind, name in names.items():
        if kind == "foreign_power":
            yield from _number("      ", _Number(name, PRESENCE, 500.0))
    for key, row in EXPOSED.items():
        yield from _number("    ", _Number(key, row, 0.5))


def _actor(name: str, kind: Kind, names: Mapping[str, str]) -> Iterator[str]:
    yield f"  {name}:"
    yield f"    kind: {kind.name}"
    yield f"    label: Some {kind.name.replace('_', ' ')}"
    yield "    roles:" if kind.roles else "    roles: {}"
    for role in kind.roles:
        filled = [names[k] for k in role.kinds if k in names and names[k] != name]
        yield f"      {role.name}: [{', '.join(filled)}]    # {role.meaning}"
    if kind.site_weight is not None:
        yield "    reach:"
        for site in SITES:
            yield from _number("      ", _Number(site, REACH, 1.0))
    example = EXAMPLES.get(kind.name)
    for key, row in table_of(kind).items():
        value = row.low if row.default is None else row.default
        value = getattr(example, key, value)
        yield from _number("    ", _Number(key, row, value))


def _seen(kinds: Mapping[str, Kind]) -> list[Act]:
    """Return the acts that these kinds do and that are not private, in order."""
    done: set[Act] = set()
    for kind in kinds.values():
        for operation in operations_of(kind).values():
            done |= {operation.act, operation.broken_act}
            done |= {consequence.act for consequence in operation.consequences}
    private = {row.act for row in ACTS if row.visibility is Visibility.PRIVATE}
    return sorted(done - private)


def _observation(act: Act) -> Iterator[str]:
    yield f"  {name_of(act)}:"
    is_covert = ACTS[act].visibility is Visibility.COVERT
    for key, row in OBSERVATION.items():
        value = 0.1 if is_covert and key == "attributed" else 0.9
        yield from _number("    ", _Number(key, row, value))


def _number(margin: str, number: _Number) -> Iterator[str]:
    """Write a number in full below a comment that says what it is."""
    row = number.row
    yield f"{margin}# {meaning_of(row)}"
    unit = canonical_unit(row.dimension)
    parts = (
        f"value: {number.value:.12g}",
        f"unit: {_quoted(unit)}",
        "basis: assumed",
        f"range: [{row.low:.12g}, {row.high:.12g}]",
    )
    yield f"{margin}{number.key}: {{{', '.join(parts)}}}"


def _quoted(unit: str) -> str:
    """Write a unit as the file has it: a bare 1 would be a number."""
    return f'"{unit}"' if unit == "1" else unit


def _unit_lines() -> Iterator[str]:
    """Write which units each kind of quantity may have."""
    for dimension in Dimension:
        units = ", ".join(_quoted(unit) for unit in legal_units(dimension))
        first = f"#   {f'a {dimension}':<15}"
        yield from textwrap.wrap(
            units, WIDTH, initial_indent=first, subsequent_indent="#" + " " * 18
        )
