"""What a run has otherwise than its scenario's file, and how its past is put in.

Screen, report and brief say it in these words.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.digits import plural
from sim.errors import SimError
from sim.ladder import ACTS, Act
from sim.reports.arms import changes_of
from sim.reports.model import parameter_words
from sim.rules.registry import KINDS
from sim.scenario.load import load_whole
from sim.scenario.scenario import FILTERED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sim.engine.alteration import Alteration
    from sim.scenario.scenario import Scenario


class Departure(NamedTuple):
    """One thing that is otherwise."""

    kind: str
    """``branch``, ``left out``, ``lineage`` or ``changed``."""
    text: str
    """In words, with neither capital nor full stop."""


def departures(
    scenario: Scenario, alteration: Alteration, n: int, asked: Sequence[str] = ()
) -> list[Departure]:
    """Say what is otherwise in a run than its scenario's file has it.

    Parameters
    ----------
    scenario
        As it was run; its numbers are held against its file, where that is there.
    alteration
        Of its replications.
    n
        How many these are.
    asked
        Changes as ``path=value``, for what is no number and where no file is there.
    """
    parts: list[Departure] = []
    if alteration.branch is not None:
        number, day = alteration.branch
        text = (
            f"{n} {plural(n, 'future')} of replication {number} from "
            f"{_date(scenario, day)} on; the past before is one and the same"
        )
        parts.append(Departure("branch", text))
    for act, day in alteration.without_acts:
        since = f" from {_date(scenario, day)} on" if day > 0.0 else ""
        parts.append(Departure("left out", f"every {ACTS[Act(act)].label}{since}"))
    if alteration.without:
        ids = ", ".join(f"{one:032x}" for one in alteration.without[:2])
        more = ", …" if len(alteration.without) > 2 else ""
        size = (
            f"{len(alteration.without)} {plural(len(alteration.without), 'incident')}"
        )
        parts.append(Departure("left out", f"{size} by identity ({ids}{more})"))
    for day, number in alteration.lineage:
        text = (
            f"from {_date(scenario, day)} on all that is drawn is keyed by replication "
            f"number {number}, in every replication"
        )
        parts.append(Departure("lineage", text))
    return parts + [Departure("changed", x) for x in _changes(scenario, asked)]


def departure_text(parts: Sequence[Departure]) -> str:
    """Return them as one text; empty for none.

    >>> departure_text([Departure("left out", "every raid")])
    'Altered: left out is every raid.'
    """
    if not parts:
        return ""
    words = {"branch": "", "left out": "left out is ", "lineage": "", "changed": ""}
    texts = "; ".join(words[one.kind] + one.text for one in parts)
    return f"{'Branch' if parts[0].kind == 'branch' else 'Altered'}: {texts}."


def changes_in(manifest: Mapping[str, Any]) -> list[str]:
    """Return the changes that the command of a run asked for, as ``path=value``.

    >>> changes_in({"command": "escalade run x --set a.b=3 --set=c.d=4"})
    ['a.b=3', 'c.d=4']
    """
    words = shlex.split(str(manifest.get("command", "")))
    after = [new for word, new in pairwise(words) if word == "--set"]
    return after + [w.removeprefix("--set=") for w in words if w.startswith("--set=")]


def past_text(scenario: Scenario, alteration: Alteration) -> str:
    """Say how the record is put in, and what that leaves open; empty where none is."""
    history = scenario.history
    if history is None or not history.since > 0.0:
        return ""
    day = _date(scenario, history.since)
    if history.past != FILTERED:
        return (
            f"The record up to {day} is injected: it is put into every history as it "
            "was, and histories are not weighed by how likely it was in them."
        )
    text = f"The past up to {day} is filtered: histories are chosen by how likely the "
    text += "record was in them"
    if (pasts := alteration.pasts) is None:
        return f"{text}."
    n = len(pasts.drawn[-1])
    worlds = {pasts.world(member) for member in range(n)}
    return f"{text}; of {n} particles {len(worlds)} different pasts are left."


def _date(scenario: Scenario, day: float) -> str:
    return f"{scenario.day_of(day):%-d %B %Y}"


def _changes(scenario: Scenario, asked: Sequence[str]) -> list[str]:
    """Return which numbers are not those of the scenario's file, from what to what.

    Without a file those of a branch alone are known.
    """
    ours = tuple(x for x in scenario.changes if not x.identity.startswith("branch_"))
    file = _file_of(scenario)
    base = file or replace(scenario, changes=ours)
    texts = [
        f"{one.name}{one.when} is {one.values[1]} in place of {one.values[0]}"
        for one in changes_of(base, scenario)
        if one.path
    ]
    known = {one.path for one in file.cited} if file else set[str]()
    for change in asked:
        path, _, value = change.partition("=")
        if path not in known:
            texts.append(f"{parameter_words(scenario, path)} is {value}")
    return texts


def _file_of(scenario: Scenario) -> Scenario | None:
    """Return a scenario as its file has it; None where it cannot be read."""
    if not scenario.path:
        return None
    kinds = {actor.kind.name: actor.kind for actor in scenario.actors}
    try:
        base = load_whole(scenario.path, kinds=kinds | dict(KINDS))
    except (SimError, OSError):
        return None
    return base if base.name == scenario.name else None
