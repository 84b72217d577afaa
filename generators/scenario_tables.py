"""The tables of ``docs/model.md`` about a scenario, the outcomes and the article."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model_tables import code, codes, number, table

from sim.ladder import name_of
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario.scenario import Scenario

LEDGER: Final = Path(__file__).resolve().parents[1] / "docs" / "mechanisms.md"
IN_PART: Final = "In part: "
"""How the note of a place begins that covers its row of the article only in part."""


# The scenario.


def bases(scenario: Scenario) -> str:
    """Return how many of a scenario's numbers rest on what."""
    count = Counter(entry.basis for entry in scenario.cited)
    order = ("measured", "coded", "calibrated", "assumed")
    rows = [(basis, str(count[basis])) for basis in order]
    rows.append(("all", str(sum(count.values()))))
    return table(("Basis", "Numbers"), rows, right="1")


def sites(scenario: Scenario) -> str:
    """Return who is at each site at the start, and who is exposed there."""
    return table(
        ("Site", "Presence at the start", "Foreign exposed", "Host", "Civilian"),
        (
            (
                f"{site.label} ({code(site.name)})",
                ", ".join(
                    f"{number(n)} of {code(a)}" for a, n in site.presence.items()
                ),
                number(site.exposed_foreign),
                number(site.exposed_host),
                number(site.exposed_civilian),
            )
            for site in scenario.sites
        ),
        right="2 3 4",
    )


def developments(scenario: Scenario) -> str:
    """Return what a scenario takes as given from outside, in order of time."""
    cited = {entry.path.rsplit(".", 2)[0]: entry.source for entry in scenario.cited}
    rows: list[tuple[float, tuple[str, ...]]] = []
    for change in scenario.changes:
        changed = f"{change.how} `actors.{change.actor}.{change.parameter}`"
        text = f"{changed}: {number(change.value)}"
        source = change.source or cited[f"developments.{change.identity}"]
        rows.append((change.time, (code(change.identity), text, source)))
    for given in scenario.given:
        who = f"{code(given.actor)}: {code(name_of(given.act))}"
        text = who + (f" toward {code(given.target)}" if given.target else "")
        rows.append((given.time, (code(given.identity), text, given.source)))
    return table(
        ("Development", "Day", "What", "Source"),
        (
            (name, number(time), text, codes(s.strip() for s in source.split(",") if s))
            for time, (name, text, source) in sorted(rows)
        ),
        right="1",
    )


def observations(scenario: Scenario) -> str:
    """Return what the press reports of each act."""
    return table(
        ("Act", "Reported", "Author named"),
        (
            (code(name_of(act)), number(rule.reported), number(rule.attributed))
            for act, rule in scenario.observations.items()
        ),
        right="1 2",
    )


# The outcomes and the article.


def outcomes() -> str:
    """Return the outcomes, those of what was reported and of what happened together."""
    stems = dict.fromkeys(name.removesuffix("_true") for name in OUTCOMES)
    rows: list[tuple[str, ...]] = []
    for stem in stems:
        row = OUTCOMES.get(stem) or OUTCOMES[f"{stem}_true"]
        exists = [
            word
            for word, name in (("reported", stem), ("true", f"{stem}_true"))
            if name in OUTCOMES
        ]
        rows.append(
            (code(stem), row.unit, row.aggregate, ", ".join(exists), row.meaning)
        )
    return table(("Outcome", "Unit", "Put together by", "Exists", "Meaning"), rows)


def coverage(seeds: Path) -> str:
    """Return where each row of the article's coding is found in the model."""
    places = _rows(seeds / "codings" / "coverage.csv")
    narrative = narrative_mechanisms(LEDGER.read_text(encoding="utf-8"))
    rows: list[tuple[str, ...]] = []
    first: Counter[str] = Counter()
    n_in_part = 0
    for row in _rows(seeds / "codings" / "article_rows.csv"):
        mine = [place for place in places if place["row"] == row["id"]]
        if mine:
            first[mine[0]["place_kind"]] += 1
        n_in_part += any(place["note"].startswith(IN_PART) for place in mine)
        where = (
            f"{place['place_kind']} {code(place['place'])}"
            f"{' (narrative)' if place['place'] in narrative else ''}".strip()
            for place in mine
        )
        notes = (place["note"] for place in mine if place["note"])
        rows.append(
            (row["id"], row["statement"], "<br>".join(where), " ".join(_ended(notes)))
        )
    count = table(
        ("First place is a", "Rows"),
        [*((kind, str(n)) for kind, n in first.most_common()),
         ("all", str(sum(first.values())))],
        right="1",
    )  # fmt: skip
    said = (
        f"{n_in_part} rows are covered in part only; the note says what is left out.\n"
    )
    return "\n".join((count, said, table(("Row", "Says", "Place", "Note"), rows)))


def narrative_mechanisms(ledger: str) -> set[str]:
    """Return the mechanisms that are narrative in every scenario of a ledger's page.

    >>> narrative_mechanisms("| **x**<br>`a.x`<br>does | narrative | = |")
    {'a.x'}
    """
    row = r"^\| \*\*.*?<br>`([\w.]+)`<br>.*? \| ([\w ]+) \|"
    rows = re.findall(row, ledger, re.MULTILINE)
    moves = {
        name for name, verdict in rows if verdict not in ("narrative", "not in use")
    }
    return {name for name, verdict in rows if verdict == "narrative"} - moves


def _ended(notes: Iterable[str]) -> Iterable[str]:
    for note in notes:
        yield note[:1].upper() + note[1:].removesuffix(".") + "."


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
