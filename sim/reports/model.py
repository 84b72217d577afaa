"""What a report says of the scenario: its numbers, what was put in, the sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sim.digits import capital
from sim.ladder import ACTS
from sim.reports.page import Cells, Section
from sim.rules.behaviour import parameter_table
from sim.scenario.beside import sources_of
from sim.sources import Basis, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenario.scenario import Change, Scenario

_ORDER: Final = tuple(
    basis.value
    for basis in (Basis.ASSUMED, Basis.CODED, Basis.CALIBRATED, Basis.MEASURED)
)
"""Assumed numbers first: they are the ones to doubt."""

_MEANS: Final = {
    "assumed": "our judgement",
    "coded": "our reading of a source that does not state the number",
    "calibrated": "fitted to targets",
    "measured": "counted or measured by the source",
}
_KNOWN: Final = {
    "found": "text seen",
    "background": "text not seen: background knowledge",
    "": "not stated",
}
_CUTOFF: Final = {
    "within": "appeared before the record's cut-off",
    "within_assumed": "likely, not shown, to have appeared before the cut-off",
    "method": "used for method, not for events",
    "after": "appeared after the record's cut-off",
    "unknown": "not known when it appeared",
    "": "",
}


def sections(scenario: Scenario) -> tuple[Section, Section, Section]:
    """Return all that is said of a scenario: numbers, what was put in, sources."""
    return parameters(scenario), put_in(scenario), bibliography(scenario)


def parameters(scenario: Scenario) -> Section:
    """Return the scenario's numbers with basis, range and sources, assumed first."""
    cited = sorted(scenario.cited, key=lambda one: _ORDER.index(one.basis))
    counts = {basis: sum(c.basis == basis for c in cited) for basis in _ORDER}
    meanings = _meanings(scenario)
    bases = ", ".join(
        f"{n} {basis} ({_MEANS[basis]})" for basis, n in counts.items() if n
    )
    rows = tuple(
        (
            one.path,
            f"{one.value:.6g}",
            one.unit,
            one.basis,
            f"{one.low:.6g} to {one.high:.6g}",
            one.source,
            " ".join(text for text in (meanings.get(one.path, ""), one.note) if text),
        )
        for one in cited
    )
    intro = (
        f"{len(cited)} numbers: {bases}. The range is what sweeps and calibration may "
        "explore."
        if cited
        else "The scenario was built in Python and states no source for its numbers."
    )
    heads = ("parameter", "value", "unit", "basis", "range", "sources", "meaning, note")
    tables = (Cells("Numbers of the scenario", heads, rows, (1,)),) if rows else ()
    return Section(
        "parameters", "Parameters", intro, tables=tables, is_searchable=bool(rows)
    )


def _meanings(scenario: Scenario) -> dict[str, str]:
    return {
        f"actors.{actor.name}.{name}": f"{capital(row.meaning)}."
        for actor in scenario.actors
        for name, row in parameter_table(actor.kind).items()
        if row.meaning
    }


def parameter_words(scenario: Scenario | None, path: str) -> str:
    """Return a parameter's path in words, its actor by the author's label.

    >>> parameter_words(None, "actors.united_states.strike_rate")
    'strike rate of united states'
    """
    parts = path.split(".")
    name = parts[-1].replace("_", " ")
    if parts[0] != "actors" or len(parts) < 3:
        return " ".join(part.replace("_", " ") for part in parts)
    actors = () if scenario is None else scenario.actors
    labels = {actor.name: actor.label for actor in actors}
    between = "".join(f", {part.replace('_', ' ')}" for part in parts[2:-1])
    return f"{name}{between} of {labels.get(parts[1], parts[1].replace('_', ' '))}"


def put_in(scenario: Scenario) -> Section:
    """Return what the scenario takes as given: developments, and the record."""

    def day(moment: float) -> str:
        return f"{scenario.day_of(moment)}"

    labels = {one.name: one.label for one in (*scenario.actors, *scenario.sites)}

    def called(name: str) -> str:
        return labels.get(name, name.replace("_", " "))

    rows: list[tuple[float, tuple[str, ...]]] = [
        (
            one.time,
            (day(one.time), one.identity, f"{one.how} {_words_of(one, called)} "
             f"{'by' if one.how != 'set' else 'to'} {one.value:.6g}",
             day(one.known_from), one.confidence, one.source, one.note),
        )
        for one in scenario.changes
    ]  # fmt: skip
    for one in scenario.given:
        to = f" towards {called(one.target)}" if one.target else ""
        at = f" at {called(one.site)}" if one.site else ""
        description = f"{called(one.actor)}: {ACTS[one.act].label}{to}{at}"
        cells = (day(one.time), one.identity, description, day(one.known_from))
        rows.append((one.time, (*cells, one.confidence, one.source, one.note)))
    heads = ("date", "development", "what", "known from", "confidence", "sources",
             "note")  # fmt: skip
    table = Cells("Developments", heads, tuple(cells for _, cells in sorted(rows)))
    intro = (
        "What the scenario is given from outside; nothing of it counts in an outcome."
        if rows
        else "No development: everything is simulated from the start."
    )
    if scenario.exogenous:
        acts = ", ".join(ACTS[act].label for act in scenario.exogenous)
        intro += f" These acts happen only when they are put in: {acts}."
    history = scenario.history
    folded: tuple[Cells, ...] = ()
    if history is not None:
        intro += (
            f" Up to {day(history.since)} {len(history.rows)} incidents of the record "
            f"{history.record} are put in, and those acts come from the record alone; "
            "from then on everything is simulated."
        )
        folded = (
            Cells(
                "Incidents of the record that were put in",
                ("date", "row", "what"),
                tuple(
                    (day(row.time), row.identity, f"{called(row.actor or 'unknown')}: "
                     f"{ACTS[row.act].label}"
                     f"{' towards ' + called(row.target) if row.target else ''}"
                     f"{' at ' + called(row.site) if row.site else ''}")
                    for row in history.rows
                ),
            ),
        )  # fmt: skip
    elif not scenario.record:
        intro += " There is no record of this situation."
    else:
        intro += " No incident of the record is put in."
    return Section(
        "put-in", "What was put in", intro, tables=(table,) if rows else (),
        folded=folded,
    )  # fmt: skip


def _words_of(change: Change, called: Callable[[str], str]) -> str:
    """Return the parameter that a development changes, in words."""
    return f"{change.parameter.replace('_', ' ')} of {called(change.actor)}"


def bibliography(scenario: Scenario) -> Section:
    """Return exactly the sources that the scenario's numbers and developments cite."""
    known: Mapping[str, Source] = sources_of(scenario)
    ids = sorted(cited_ids(scenario))
    entries = [_entry(id_, known.get(id_)) for id_ in ids]
    intro = (
        f"The {len(ids)} sources that a number or a development of this scenario "
        "cites, and no other."
        if ids
        else "No number of this scenario cites a source."
    )
    return Section("sources", "Sources", intro, sources=tuple(entries))


def cited_ids(scenario: Scenario) -> set[str]:
    """Return the ids of the sources that a scenario cites."""
    cited: list[Any] = [*scenario.cited, *scenario.changes, *scenario.given]
    return {id_ for one in cited for id_ in re.split(r",\s*", one.source) if id_}


def _entry(id_: str, source: Source | None) -> dict[str, Any]:
    """Return one source as the template wants it; only web addresses become links."""
    if source is None:
        return {"id": id_, "text": "not in the source record that ships with escalade",
                "reliability": "", "note": "", "urls": ()}  # fmt: skip
    basis = f" ({source.date_basis.replace('_', ' ')})" if source.date_basis else ""
    return {
        "id": id_,
        "text": f"{source.title}. {source.publisher}, {source.date}{basis}. "
        f"{source.kind.replace('_', ' ').capitalize()}.",
        "reliability": "; ".join(
            text
            for text in (
                _KNOWN.get(source.basis, source.basis),
                _CUTOFF.get(source.cutoff, source.cutoff),
            )
            if text
        ),
        "note": source.note,
        "urls": tuple(u for u in source.urls if u.startswith(("https://", "http://"))),
    }
