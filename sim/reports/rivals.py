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
_SIDES: Final = {-1: "lower", 1: "higher", 0: "not told"}


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
            plan = plan_of(asked)
            both = (plan.policy.reference, plan.policy.arm)
            two = [plan.policy.experiment.scenario_at(one, ()) for one in both]
        except (SimError, OSError):
            continue
        wanted = _what_changes(*two)
        for (reference, policy), numbers in changed.items():
            if numbers and numbers == wanted:
                pair = (names[reference], names[policy])
                built = _built(standings, pair[1])
                signs = {
                    name: by
                    for name, by in sides_told(file.parent / ANSWERS).items()
                    if name not in built
                }
                here = {
                    name: _here(standings, name, next(iter(by.values())), pair)
                    for name, by in signs.items()
                    if len(set(by.values())) == 1
                }
                labels = {one.name: one.label for one in plan.structures}
                n = count_word(max(len(by) for by in signs.values())).capitalize()
                since = f"{two[0].start:%-d %B %Y}"
                head = f"{n} rival theories of what brings attacks about, asked of"
                if standings.pair is not None and {*pair} != {*standings.pair}:
                    head = (
                        "The question of this sheet was not asked of rival theories. "
                        f"{n} theories of what brings attacks about were asked of"
                    )
                return (
                    f"{head} {in_quotes(policy)} against "
                    f"{in_quotes(reference)} from {since} on: "
                    f"{sides_text(signs, labels, here)}."
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


def sides_told(file: Path) -> dict[str, dict[str, int]]:
    """Return by outcome the side that each theory tells: -1, 0 or 1."""
    signs: dict[str, dict[str, int]] = {}
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row["theory"] != STACKED:
                by = signs.setdefault(row["outcome"], {})
                by[row["theory"]] = int(float(row["sign"]))
    return signs


def sides_text(
    signs: Mapping[str, Mapping[str, int]],
    labels: Mapping[str, str],
    here: Mapping[str, str] | None = None,
) -> str:
    """Say outcome by outcome how many theories are on which side.

    `labels` are of the theories; `here` has what is said behind an outcome.

    >>> sides_text({"n_raids_true": {"a": 1, "b": 1}}, {})
    'raids higher under each'
    >>> sides_text({"n_strikes_true": {"a": -1, "b": 0}}, {"b": "deterrence"})
    'strikes lower under a, not told under deterrence'
    """
    alike: dict[str, list[str]] = {}
    apart: list[str] = []
    for name, by in signs.items():
        label = short_label(OUTCOMES[name]) + (here or {}).get(name, "")
        groups = {
            word: [labels.get(x, x) for x, one in by.items() if one == side]
            for side, word in _SIDES.items()
        }
        groups = {word: those for word, those in groups.items() if those}
        if len(groups) == 1:
            alike.setdefault(next(iter(groups)), []).append(label)
            continue
        parts = [
            f"{word} under "
            f"{listed(those) if len(those) < 3 else count_word(len(those))}"
            for word, those in groups.items()
        ]
        apart.append(f"{label} {', '.join(parts)}")
    said = [f"{listed(those)} {word} under each" for word, those in alike.items()]
    return "; ".join([*said, *apart])


def _none_named(file: Path) -> str:
    """Say that the record leaves open which theory is true, where it does."""
    with file.open(encoding="utf-8", newline="") as opened:
        most = max(float(row["probability"]) for row in csv.DictReader(opened))
    return " Which is true the record does not tell." if most < SURE else ""


def _built(standings: Standings, policy: str) -> frozenset[str]:
    """Return the outcomes that a policy has by construction."""
    return frozenset(
        one.outcome.name for one in standings.outcomes if policy in one.by_construction
    )


def _here(standings: Standings, name: str, side: int, pair: tuple[str, str]) -> str:
    """Say where this comparison has it the other way."""
    reference, policy = pair
    for one in standings.outcomes:
        if one.outcome.name == name and one.is_clear(policy, reference):
            value = one.change(policy, reference)[0]
            if value * side < 0.0:
                return f" (here {_SIDES[-side]})"
    return ""
