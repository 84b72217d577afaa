"""What rival theories say of a policy, where a shipped experiment asked them."""

from __future__ import annotations

import csv
from itertools import permutations
from typing import TYPE_CHECKING, Final

from sim.errors import SimError
from sim.experiment.load import load_experiment
from sim.experiment.named import shipped_experiments
from sim.outcomes import OUTCOMES
from sim.reports.arms import changes_of
from sim.reports.headline import count_word, in_quotes, listed, short_label
from sim.theories.bank import SURE
from sim.theories.structure import plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.comparison.standings import Standings
    from sim.experiment.experiment import Experiment
    from sim.scenario.scenario import Scenario

ANSWERS: Final = "policy.csv"
"""One row a theory and outcome, with the side that it tells: -1, 0 or 1."""
THEORIES: Final = "theories.csv"
"""One row a theory, with its probability given the record."""
STACKED: Final = "stacked"
"""The mixture of all theories, which is none of them."""

NOT_ASKED: Final = (
    "Whether it holds under rival theories of what brings attacks about was not asked "
    "here (escalade rivals); docs/trust.md has what is known."
)
_SIDES: Final = {-1: "lower", 1: "higher"}


def rivals_text(arms: Mapping[str, Scenario], standings: Standings) -> str:
    """Say on which side the theories are, of two arms that were asked under each.

    Found by what one changes against the other. `arms` has the scenarios by label, in
    the order of the policies. Of other arms it is said where to look.
    """
    names = dict(zip(arms, standings.policies, strict=True))
    changed = {
        pair: _what_changes(arms[pair[0]], arms[pair[1]])
        for pair in permutations(arms, 2)
    }
    for file in shipped_experiments().values():
        if not (file.parent / ANSWERS).is_file():
            continue
        try:
            asked = load_experiment(file)
            plan = plan_of(asked).policy
            both = (plan.reference, plan.arm)
            two = [plan.experiment.scenario_at(one, ()) for one in both]
        except (SimError, OSError):
            continue
        wanted = _what_changes(*two)
        for (reference, policy), numbers in changed.items():
            if numbers and numbers == wanted:
                pair = (names[reference], names[policy])
                said = _sides(file.parent / ANSWERS, asked, standings, pair)
                since = f"{two[0].start:%-d %B %Y}"
                return (
                    f"{said[0]}, asked from {since} on ({asked.name}), of "
                    f"{in_quotes(policy)} against {in_quotes(reference)}: {said[1]}."
                    f"{_none_named(file.parent / THEORIES)}"
                )
    return NOT_ASKED


def _what_changes(reference: Scenario, arm: Scenario) -> frozenset[tuple[str, ...]]:
    """Return the numbers that an arm has otherwise, to be compared with another's."""
    return frozenset(
        (one.path, one.after, one.unit)
        for one in changes_of(reference, arm)
        if one.path
    )


def _sides(
    file: Path, asked: Experiment, standings: Standings, pair: tuple[str, str]
) -> tuple[str, str]:
    """Return how many theories there are, and what they say outcome by outcome."""
    labels = {one.name: one.label for one in plan_of(asked).structures}
    signs: dict[str, dict[str, int]] = {}
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row["theory"] != STACKED:
                by = signs.setdefault(row["outcome"], {})
                by[row["theory"]] = int(float(row["sign"]))
    alike: dict[int, list[str]] = {-1: [], 1: []}
    apart: list[str] = []
    unsure: list[str] = []
    for name, by in signs.items():
        label, sides = short_label(OUTCOMES[name]), set(by.values())
        if len(sides) == 1 and 0 not in sides:
            (side,) = sides
            alike[side].append(label + _here(standings, name, side, pair))
        elif {-1, 1} <= sides:
            groups = [
                f"{word} under {_those(by, side, labels)}"
                for side, word in _SIDES.items()
            ]
            apart.append(f"{label} {' and '.join(groups)}")
        else:
            unsure.append(label)
    n = max(len(by) for by in signs.values())
    said = [f"{listed(alike[side])} {word} under each"
            for side, word in _SIDES.items() if alike[side]]  # fmt: skip
    said += apart
    said += [f"of {listed(unsure)} not all tell a side"] if unsure else []
    many = count_word(n).capitalize()
    return f"{many} rival theories of what brings attacks about", "; ".join(said)


def _none_named(file: Path) -> str:
    """Say that the record leaves open which theory is true, where it does."""
    with file.open(encoding="utf-8", newline="") as opened:
        most = max(float(row["probability"]) for row in csv.DictReader(opened))
    return " Which is true the record does not tell." if most < SURE else ""


def _those(by: Mapping[str, int], side: int, labels: Mapping[str, str]) -> str:
    """Name the theories on a side where they are few, else count them."""
    those = [labels.get(theory, theory) for theory, one in by.items() if one == side]
    return listed(those) if len(those) < 3 else count_word(len(those))


def _here(standings: Standings, name: str, side: int, pair: tuple[str, str]) -> str:
    """Say where this comparison has it the other way."""
    reference, policy = pair
    for one in standings.outcomes:
        if one.outcome.name == name and one.is_clear(policy, reference):
            value = one.change(policy, reference)[0]
            if value * side < 0.0:
                return f" (here {_SIDES[-side]})"
    return ""
