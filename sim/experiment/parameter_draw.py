"""Parameter draws from what is known of them: their cited ranges.

A parameter draw maps paths to values. Whatever yields such mappings may take the place
of these draws, as the posterior of a calibration does. Each parameter's uniform is
keyed by root_seed, draw and path, so adding a parameter leaves the others' draws alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.draws import ROOT, Draws, Purpose, child, name_word
from sim.errors import StudyError, nearest
from sim.experiment.factor import Distribution, Factor
from sim.experiment.variant import kinds_in
from sim.reading.slot import slots
from sim.units import as_in_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.reading.faults import Readable
    from sim.scenario.edit import New
    from sim.scenario.scenario import Scenario

DECADE: Final = 10.0
"""A range that spans more than this factor is drawn from on the log scale."""

_NOT_UNCERTAIN: Final = ("limits.",)
"""Definitions of the outcomes: choices, not facts that could be unknown."""


def ranged_factors(
    document: Readable, scenario: Scenario, paths: Sequence[str] = ()
) -> tuple[Factor, ...]:
    """Return the numbers of a scenario that have a range, as factors.

    Parameters
    ----------
    document
        The scenario's file; only it tells which ranges were given.
    scenario
        The same, resolved: canonical units.
    paths
        Those that are wanted; all, without the limits that define outcomes, when empty.

    Returns
    -------
    tuple of Factor
        Uniform over the range, or log-uniform where it spans more than a decade.

    Raises
    ------
    StudyError
        If one is not a number of the scenario, or has no range.
    """
    places = {slot.path: slot for slot in slots(document.data, kinds_in(scenario))}
    given = {
        path: slot
        for path, slot in places.items()
        if isinstance(slot.raw, dict) and "range" in slot.raw
    }
    cited = {row.path: row for row in scenario.cited}
    wanted = list(paths) or [
        path
        for path in given
        if path in cited
        and cited[path].low < cited[path].high
        and not path.startswith(_NOT_UNCERTAIN)
    ]
    ranged: list[Factor] = []
    for path in wanted:
        if path not in cited:
            message = f"{path!r} is not a number of {scenario.name}"
            raise StudyError(message + nearest(path, cited))
        row = cited[path]
        if path not in given or not row.low < row.high:
            message = (
                f"{path} has no range to draw from: give it one in {document.path}"
            )
            raise StudyError(message)
        ranged.append(
            Factor(
                name=path,
                label=path,
                kind="number",
                paths=(path,),
                unit=row.unit,
                low=row.low,
                high=row.high,
                distribution=_distribution(row.low, row.high),
                is_whole=places[path].is_whole,
            )
        )
    if not ranged:
        message = f"{scenario.name} has no number with a range to draw from"
        raise StudyError(message)
    return tuple(ranged)


def _distribution(low: float, high: float) -> Distribution | None:
    """Return the log-uniform law of a wide range; None stands for uniform."""
    if low > 0.0 and high > DECADE * low:
        return Distribution("log_uniform", (low, high), low, high, "assumed")
    return None


def drawn_values(
    factors: Iterable[Factor], root_seed: int, draw: int, attempt: int = 0
) -> dict[str, New]:
    """Return one parameter draw: new values by path, as a file would write them.

    Parameters
    ----------
    factors
        What is drawn; dates and numbers.
    root_seed
        The study's.
    draw
        Number of the draw, >= 0.
    attempt
        Counts the draws that were refused before under this number.
    """
    draws = Draws(root_seed, draw)
    rule = name_word("parameter draw")
    values: dict[str, New] = {}
    for factor in factors:
        identity = child(ROOT, rule, name_word(factor.name), attempt)
        value = factor.value(draws.one(identity, Purpose.CHOICE))
        values |= dict.fromkeys(factor.paths, as_in_file(value, factor.unit))
    return values


def refuse_contradiction(
    factors: Iterable[Factor], arms: Mapping[str, Iterable[str]]
) -> None:
    """Refuse to draw what an arm sets: the draw would undo the policy.

    Raises
    ------
    StudyError
        That names arm and path.
    """
    drawn = {path for factor in factors for path in factor.paths}
    for name, paths in arms.items():
        both = sorted(drawn & set(paths))
        if both:
            message = (
                f"{both[0]} is drawn from its range and set by the arm {name}: the "
                "draw would undo the policy; leave it out of what is varied"
            )
            raise StudyError(message)
