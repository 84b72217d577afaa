"""Draws from ranges that every arm can bear: those that none can are drawn again.

To estimate whether an arm runs away takes a second, so a folder keeps each draw as soon
as it is found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.analytic.branching import refuse_runaway
from sim.ensemble.draw_set import ArmSource, DrawSet
from sim.ensemble.workers import Workers, hired
from sim.errors import ScenarioError, StudyError
from sim.experiment.parameter_draw import drawn_values
from sim.experiment.variant import Variant, variant_of
from sim.files import plain_failure, write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
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
        told = [repr(factor) for factor in self.factors]
        text = json.dumps([told, self.root_seed, *run_digests])
        return sha256(text.encode()).hexdigest()


class Found(NamedTuple):
    """One draw."""

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

    Parameters
    ----------
    task
        Arms and what is drawn.
    n_draws
        K; draw k does not depend on it.
    replications
        Within each draw.
    digest
        Names the draws; what a folder holds of others is drawn anew.
    workers
        Who looks for them; the draws do not depend on it.
    folder
        Of the study; draws found before are read from it.
    progress
        Called with the draws done and asked.

    Returns
    -------
    tuple
        The draws, and how many were refused.

    Raises
    ------
    StudyError
        If hardly any draw makes a legal scenario.
    """
    found = _kept(folder, digest, n_draws)
    missing = [draw for draw in range(n_draws) if draw not in found]
    if progress is not None:
        progress(len(found), n_draws)
    with hired(workers, len(missing)) as executor:
        run: Callable[..., Any] = map if executor is None else executor.map
        results = run(find_draw, [task] * len(missing), missing)
        for draw, one in zip(missing, results, strict=True):
            found[draw] = one
            if folder is not None:
                _keep(folder, digest, draw, one)
            if progress is not None:
                progress(len(found), n_draws)
    values = tuple(found[draw].values for draw in range(n_draws))
    draws = unfound_draws(task, replications, digest)
    return replace(draws, values=values), sum(one.refused for one in found.values())


def unfound_draws(task: RangeTask, replications: int, digest: str) -> DrawSet:
    """Return draws of which all is known but their values."""
    origin = {"from": "ranges", "parameters": len(task.factors)}
    return DrawSet((), replications, digest, FROM_RANGES, origin)


def find_draw(task: RangeTask, draw: int) -> Found:
    """Return one draw that every arm can bear, as a worker.

    Raises
    ------
    StudyError
        If hundreds in a row make no scenario.
    """
    reason = ""
    for attempt in range(MOST_ATTEMPTS):
        values = drawn_values(task.factors, task.root_seed, draw, attempt)
        try:
            for source in task.arms.values():
                old = source.variant
                changes = {**old.changes, **values}
                variant = Variant(changes, old.cancels, old.absent)
                scenario = variant_of(source.document, variant, kinds=source.kinds)
                refuse_runaway(scenario, advise=False)
        except (ScenarioError, StudyError) as error:
            reason = str(error)
        else:
            return Found(values, attempt)
    message = (
        f"draw {draw}: {MOST_ATTEMPTS} draws in a row make no scenario that can be "
        f"run; the last: {reason}"
    )
    raise StudyError(message)


def _keep(folder: Path, digest: str, draw: int, one: Found) -> None:
    """Write a draw whole."""
    with plain_failure(folder):
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    told = {"digest": digest, "values": one.values, "refused": one.refused}
    text = json.dumps(told, ensure_ascii=False) + "\n"
    write_bytes(folder / FOLDER / f"draw-{draw:05d}.json", text.encode())


def _kept(folder: Path | None, digest: str, n_draws: int) -> dict[int, Found]:
    """Read the draws of these ranges that a folder holds."""
    found: dict[int, Found] = {}
    if folder is None:
        return found
    for draw in range(n_draws):
        try:
            text = (folder / FOLDER / f"draw-{draw:05d}.json").read_text("utf-8")
            told = json.loads(text)
            if told["digest"] == digest:
                found[draw] = Found(told["values"], int(told["refused"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
