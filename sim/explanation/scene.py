"""One replication that is to be explained, and how to run it again otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.alteration import Alteration
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.log import RecordType
from sim.ensemble.part import scenario_file
from sim.ensemble.rerun import StoredRun, read_run
from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.engine.driver import Driver
    from sim.engine.log import IncidentLog, Rows
    from sim.ensemble.ensemble import Ensemble
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Scene:
    """A replication of a run, with the engine that repeats it."""

    scenario: Scenario
    cast: Cast
    driver: Driver
    root_seed: int
    number: int
    """The replication's: of a branch that of the past which all members share."""
    member: int
    """Its number in the run."""
    until: float
    alteration: Alteration
    """What the run itself made otherwise in it."""
    file: str
    """The run's own scenario file; empty for a scenario that was built in Python."""
    folder: str
    """The run's folder; RUN where it is kept nowhere."""

    def log(self) -> IncidentLog:
        """Return its log."""
        return self.driver.log(self.root_seed, self.number, self.until, self.alteration)

    def log_without(
        self, otherwise: Alteration, until: float | None = None
    ) -> IncidentLog:
        """Return its log where more is left out; `until` as in `rows_without`."""
        altered = joined(self.alteration, otherwise)
        length = self.until if until is None else min(until, self.until)
        return self.driver.log(self.root_seed, self.number, length, altered)

    def rows(self) -> Rows:
        """Return its records as numbers, which no later replication overwrites."""
        where = (self.root_seed, self.number, self.until, self.alteration)
        return self.driver.rows(*where).copy()

    def rows_without(
        self,
        identities: Iterable[int],
        until: float | None = None,
        acts: tuple[tuple[int, float], ...] = (),
    ) -> Rows:
        """Return its records as numbers where incidents, or acts, are left out."""
        more = Alteration(without=tuple(identities), without_acts=acts)
        altered = joined(self.alteration, more)
        length = self.until if until is None else until
        return self.driver.rows(self.root_seed, self.number, length, altered)


def joined(alteration: Alteration, other: Alteration) -> Alteration:
    """Return an alteration with what another leaves out."""
    return replace(
        alteration,
        without=(*alteration.without, *other.without),
        without_acts=(*alteration.without_acts, *other.without_acts),
    )


def scenes_of(
    run: Ensemble | StoredRun | str | PathLike[str],
    numbers: Iterable[int] | None = None,
    engine: str = "auto",
    replays: int = 1,
) -> list[Scene]:
    """Return replications of a run as scenes; all that did not fail by default.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    numbers
        The replications.
    engine
        ``auto``, ``simpy`` or ``compiled``; what is told does not depend on it.
    replays
        How many runs of each are to be expected.

    Raises
    ------
    StudyError
        If a number is none of the run's, the directory holds no run, or the rules have
        changed since it was made.
    """
    if isinstance(run, str | PathLike):
        run = read_run(Path(run))
    if isinstance(run, StoredRun):
        if run.why_other_rules:
            message = f"{run.why_other_rules}: make it again, with escalade rerun"
            raise StudyError(message)
        run = run.ensemble()
    if run.draws is not None:
        message = "a run under draws of a posterior has other numbers in each draw"
        raise StudyError(message)
    if numbers is None:
        failed = {number for number, _, _ in run.failed}
        numbers = [number for number in run.numbers if number not in failed]
    asked = list(numbers)
    for number in asked:
        if number not in run.numbers:
            held = f"{run.numbers.start} to {run.numbers.stop - 1}"
            message = f"replication {number} is not in this run, which holds {held}"
            raise StudyError(message)
    cast = Cast(run.scenario)
    driver, _ = choose_driver(cast, replays * len(asked), engine, run.until)
    file = run.scenario.path
    if file and run.path is not None:
        file = str(scenario_file(run.scenario, run.path))
    scenes: list[Scene] = []
    for number in asked:
        past, altered = run.alteration.member(number)
        scenes.append(
            Scene(
                scenario=run.scenario,
                cast=cast,
                driver=driver,
                root_seed=run.root_seed,
                number=past,
                member=number,
                until=run.until,
                alteration=altered,
                file=file,
                folder="RUN" if run.path is None else str(run.path),
            )
        )
    return scenes


def incident_rows(rows: Rows) -> NDArray[Any]:
    """Return a copy of the rows that are incidents, in order."""
    return rows.records[rows.records["record_type"] == RecordType.INCIDENT].copy()


def identity(row: Any) -> int:
    """Return the identity of a row."""
    return int(row["high"]) << 64 | int(row["low"])
