"""Write ``docs/mechanisms.md``: the mechanism ledger of the shipped scenarios.

::

    python generators/mechanisms.py                   all scenarios that simulate freely
    python generators/mechanisms.py iraq_2019_2020 ... those alone
    python generators/mechanisms.py --replications 5000 --workers 4

Finished rows are kept below ``runs/mechanisms``, so that what was broken off goes on.
"""

from __future__ import annotations

import argparse
import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sim
from sim.digits import markdown_table
from sim.ledger.ablation import ablate
from sim.ledger.ledger import NULL, is_moved, is_own_entry, verdict
from sim.ledger.table import effect_words, legend, markdown, null_words, short_label
from sim.pictures.ledger import ledger_picture
from sim.pictures.style import plot_and_save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
PAGE: Final = DOCS / "mechanisms.md"
SCENARIOS: Final = (
    "iraq_endogenous_2019_2020",
    "iraq_2019_2020",
    "iraq_from_july_2020",
    "lebanon_withdrawal_1999_2000",
)
"""In the others the same rules run with fitted numbers."""

DEEDS: Final = (
    "n_rocket_attacks_true",
    "n_raids_true",
    "direct_exchange_happened_true",
)
"""What a mechanism must move somewhere, to be more than words."""


def page(ledgers: list[Ledger]) -> str:
    """Return the whole page."""
    parts = [
        "# The mechanism ledger\n\n"
        "Written by `make mechanisms` (`python generators/mechanisms.py`); do not "
        "edit it. Each mechanism of a kind of actor is switched off in all actors "
        "of the kind, its parameters at the neutral values that the kind's table "
        "declares, in worlds coupled with those that have it on: from the scenario "
        "as it is, and from both ends of its range, since a parameter whose sign "
        "nobody knows has its neutral value as honest default. A mechanism *moves* "
        "where an actor of another kind does anything else, and any of twelve "
        "outcomes, beyond its own entries in the log, changes by an amount that "
        "counts, at the default or at an end: that may be a later act of its own "
        "kind, such as a government's raids. Behind a verdict stand up to 36 "
        "intervals of 95 %, so one that ends close to 0 is weak. A mechanism is "
        "*narrative* where nobody else does anything else: because nobody answers "
        "it, its occasion does not come, its act is put in by date there, or "
        "another mechanism without which it does nothing is off. A share of worlds "
        "in which nothing differs is told only to 3.7 in the number of pairs, so "
        "that a direct exchange needs 1,850 pairs to be told smaller than counts: "
        "with fewer, a row that moves nothing is *unresolved*. The same for any "
        "scenario: `escalade ablate FILE`.\n"
    ]
    parts.append(summary(ledgers))
    parts.extend(f"{text}\n" for text in legend(ledgers[0]))
    for ledger in ledgers:
        name = ledger.scenario.name
        moved = "; ".join(null_words(ledger)) or "nothing by a size that counts"
        parts += [
            markdown(ledger),
            f"All other rules, together, add to attacks at the calm rate: {moved}.\n",
            f"![The ledger of {name}](pictures/ledger-{name}.png)\n",
        ]
    return "\n".join(parts)


def summary(ledgers: Sequence[Ledger]) -> str:
    """Return the section that says which mechanism moves in which scenario."""
    names = [row.name for row in ledgers[0].rows if row.name != NULL]
    verdicts = {
        name: [verdict(ledger.row(name), ledger.measures) for ledger in ledgers]
        for name in names
    }
    deeds = {name: most_of(ledgers, name) for name in names}
    still = [f"`{n}`" for n in names if "moves" not in verdicts[n]]
    words = [
        f"`{name}`"
        for name in names
        if "moves" in verdicts[name]
        and not deeds[name]
        and not own_deeds(ledgers[0], name)
    ]
    text = (
        f"Of {len(names)} mechanisms {len(names) - len(still)} move in at least one of "
        f"{len(ledgers)} scenarios"
    )
    if still:
        text += f", in none {', '.join(still)}"
    if words:
        text += (
            f". {', '.join(words)} move others, such as demands or orders, but neither "
            "attacks nor raids nor a direct exchange"
        )
    heads = ["Mechanism", *(f"`{ledger.scenario.name}`" for ledger in ledgers)]
    heads.append("Attacks, raids, direct exchange: the most")
    rows = [
        [f"`{n}`", *verdicts[n], deeds[n] or own_deeds(ledgers[0], n) or "–"]
        for n in names
    ]
    return f"## Where each moves\n\n{text}.\n\n{markdown_table(heads, rows)}"


def most_of(ledgers: Sequence[Ledger], name: str) -> str:
    """Return by how much a mechanism moves deeds most, anywhere; empty if nowhere."""
    effects = [
        (
            abs(moved.value) / measure.size,
            f"{effect_words(measure, moved)}, {contrast.at}, {ledger.scenario.name}",
        )
        for ledger in ledgers
        for row in (ledger.row(name),)
        for contrast in row.contrasts
        for measure in (ledger.measures[deed] for deed in DEEDS)
        for moved in (contrast.moved[measure.name],)
        if not is_own_entry(row, measure)
        and isfinite(moved.value)
        and is_moved(moved, measure.size)
    ]
    return max(effects, default=(0.0, ""))[1]


def own_deeds(ledger: Ledger, name: str) -> str:
    """Say which of the deeds are a mechanism's own entries; empty if none is."""
    row = ledger.row(name)
    own = [m for m in (ledger.measures[d] for d in DEEDS) if is_own_entry(row, m)]
    return f"{short_label(own[0])} are its own entries" if own else ""


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("scenarios", nargs="*", default=list(SCENARIOS))
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("runs/mechanisms"))
    asked = parser.parse_args(arguments)
    ledgers: list[Ledger] = []
    for name in asked.scenarios:
        ledger = ablate(
            sim.load(name),
            replications=asked.replications,
            workers=asked.workers,
            out=asked.out / name,
            tell=tell,
        )
        stem = DOCS / "pictures" / f"ledger-{name}"
        plot_and_save(lambda ledger=ledger: ledger_picture(ledger), stem)
        stem.with_suffix(".svg").unlink()  # the page shows the one that any viewer has
        ledgers.append(ledger)
        tell(f"{name}: {len(ledger.rows)} rows")
    PAGE.write_text(page(ledgers), encoding="utf-8")
    return 0


def tell(text: str) -> None:
    """Write a line for whoever runs this."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
