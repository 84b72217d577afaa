"""Draws from ranges that every arm can bear: those that none can are drawn again.

To estimate whether an arm runs away takes a second, so a folder keeps each draw as soon
as it is found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.analytic.branching import Alike, refuse_runaway
from sim.digest import content_digest
from sim.ensemble.draw_set import ArmSource, DrawSet
from sim.ensemble.executors import map_by
from sim.ensemble.workers import Workers, hired
from sim.errors import ScenarioError, StudyError
from sim.experiment.parameter_draw import drawn_values
from sim.files import plain_failure, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sim.ensemble.part import Progress
    from sim.experiment.factor import Factor
    from sim.scenario.edit import New

MOST_ATTEMPTS: Final = 200
"""Draws in a row that may be refused before the ranges are."""

FOLDER: Final = "draws"

FROM_RANGES: Final = (
    "from their ranges (uniform; log-uniform where a range spans more than a decade), "
    "independently of each other"
)


@dataclass(frozen=True)
class RangeTask:
    """What every draw from ranges shares. It pickles."""

    arms: Mapping[str, ArmSource]
    factors: tuple[Factor, ...]
    root_seed: int

    def digest(self, run_digests: Iterable[str]) -> str:
        """Return what names the draws: ranges, root_seed, and the arms' own digests."""
        ranges = [repr(factor) for factor in self.factors]
        return content_digest([ranges, self.root_seed, *run_digests])


class ParameterDraw(NamedTuple):
    """One parameter draw."""

    values: dict[str, New]
    refused: int
    """Draws before it that were no legal scenario, or ran away."""


def range_draws(
    task: RangeTask,
    n_draws: int,
    replications: int,
    digest: str,
    *,
    workers: Workers = 1,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> tuple[DrawSet, int]:
    """Draw from ranges until every draw makes a scenario of every arm.

    Draw k depends neither on how many are drawn nor on who looks for them. What a
    folder holds of this digest is read from it. Returned are the draws, and how many
    were refused.

    Raises
    ------
    StudyError
        If hardly any draw makes a legal scenario.
    """
    held = _held_draws(folder, digest, n_draws)
    missing = [draw for draw in range(n_draws) if draw not in held]
    if progress is not None:
        progress(len(held), n_draws)
    with hired(workers, len(missing)) as executor:
        results = map_by(executor)(parameter_draw, [task] * len(missing), missing)
        for draw, one in zip(missing, results, strict=True):
            held[draw] = one
            if folder is not None:
                _write_draw(folder, digest, draw, one)
            if progress is not None:
                progress(len(held), n_draws)
    values = tuple(held[draw].values for draw in range(n_draws))
    draws = draws_without_values(task, replications, digest)
    return replace(draws, values=values), sum(one.refused for one in held.values())


def draws_without_values(task: RangeTask, replications: int, digest: str) -> DrawSet:
    """Return draws of which all is known but their values."""
    origin = {"from": "ranges", "parameters": len(task.factors)}
    return DrawSet((), replications, digest, FROM_RANGES, origin)


def parameter_draw(task: RangeTask, draw: int) -> ParameterDraw:
    """Return one parameter draw that every arm can bear, as a worker.

    Raises
    ------
    StudyError
        If hundreds in a row make no scenario.
    """
    reason = ""
    for attempt in range(MOST_ATTEMPTS):
        values = drawn_values(task.factors, task.root_seed, draw, attempt)
        alike = Alike()
        try:
            for source in task.arms.values():
                refuse_runaway(source.scenario(values), advise=False, alike=alike)
        except (ScenarioError, StudyError) as error:
            reason = str(error)
        else:
            return ParameterDraw(values, attempt)
    message = (
        f"draw {draw}: {MOST_ATTEMPTS} draws in a row make no scenario that can be "
        f"run; the last: {reason}"
    )
    raise StudyError(message)


def _write_draw(folder: Path, digest: str, draw: int, one: ParameterDraw) -> None:
    """Write a parameter draw whole."""
    with plain_failure(folder):
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    entry = {"digest": digest, "values": one.values, "refused": one.refused}
    text = json.dumps(entry, ensure_ascii=False) + "\n"
    write_text(folder / FOLDER / f"draw-{draw:05d}.json", text)


def _held_draws(
    folder: Path | None, digest: str, n_draws: int
) -> dict[int, ParameterDraw]:
    """Read the draws of these ranges that a folder holds."""
    held: dict[int, ParameterDraw] = {}
    if folder is None:
        return held
    for draw in range(n_draws):
        try:
            text = (folder / FOLDER / f"draw-{draw:05d}.json").read_text("utf-8")
            entry = json.loads(text)
            if entry["digest"] == digest:
                held[draw] = ParameterDraw(entry["values"], int(entry["refused"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return held
