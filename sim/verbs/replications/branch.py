"""``branch``: one past, many futures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    caution,
    change_texts,
    header,
    listed,
    require,
    say_caution,
    several,
    workers_asked,
)
from sim.verbs.replications.run import Run
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.ensemble.ensemble import Ensemble
    from sim.explanation.branch import Branch
    from sim.pictures.style import Pictures

COMPARED: Final = (
    "n_strikes_true", "n_rocket_attacks_true", "n_coalition_deaths_true",
    "direct_exchange_happened_true",
)  # fmt: skip
"""Outcomes in which futures with and without changes are compared."""


@dataclass(frozen=True, eq=False, repr=False)
class BranchAnswer(Answer):
    """Futures of one replication from a moment on, which share its past."""

    result: Branch
    changes: tuple[str, ...] = ()
    """``path=value`` of what is otherwise from the moment on."""
    without: tuple[str, ...] = ()
    """What is left out."""
    beside: Branch | None = None
    """The futures of the same numbers with nothing otherwise."""
    outcomes: Sequence[str] = ()
    """Names of those that were asked for; all when empty."""

    @property
    def otherwise(self) -> list[str]:
        """What is otherwise in these futures, in words."""
        from sim.reports.arms import short_words

        changed: list[str] = []
        if self.changes and self.beside is not None:
            before, now = (x.futures.scenario for x in (self.beside, self.result))
            changed = [short_words(before, now) or ", ".join(self.changes)]
        return [*changed, *(f"without {text}" for text in self.without)]

    @property
    def path(self) -> Path | None:
        """The folder of the futures, if there is one."""
        return self.result.futures.path

    def headline(self) -> str:
        """Return the replication, the moment, how many futures, what is otherwise."""
        one, futures = self.result, self.result.futures
        with_what = f", {' and '.join(self.otherwise)}" if self.otherwise else ""
        return (
            f"{futures.scenario.name}: {len(futures.numbers)} futures of replication "
            f"{one.log.replication} from day {one.day:g} on{with_what}"
        )

    def table(self) -> pd.DataFrame:
        """Return the summary of past and future together, one row an outcome."""
        table: Any = self.result.futures.summary()
        return table.loc[list(self.outcomes)] if self.outcomes else table

    def comparison(self) -> list[str]:
        """Return what is moved by what is otherwise, future by future, in words."""
        from sim.comparison.compare import compare_arms
        from sim.comparison.pairing import arm_of
        from sim.comparison.words import sentences

        if self.beside is None:
            return []
        # What is changed stands in the headline; a sentence is read better without.
        changed = ["changed"] if self.changes else []
        called = [*changed, *(f"without {text}" for text in self.without)]
        arms = [
            arm_of("as it was", self.beside.futures),
            arm_of(" and ".join(called), self.result.futures),
        ]
        return sentences(compare_arms(arms, self.outcomes or COMPARED))

    def notes(self) -> list[str]:
        """Return what is moved by what is otherwise, and the caution."""
        first = caution(self.result.futures.scenario)
        return [text for text in (first, *self.comparison()) if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        ensemble, log = self.result.futures, self.result.log
        return {
            "scenario": header(ensemble.scenario),
            "root_seed": ensemble.root_seed,
            "replication": log.replication,
            "at_days": self.result.day,
            "changes": list(self.changes),
            "without": list(self.without),
            "futures": len(ensemble.numbers),
            "out": None if ensemble.path is None else str(ensemble.path),
            "outcomes": ensemble.summary_rows(),
        }

    def pictures(self) -> Pictures:
        """Return what plots the futures as a fan."""
        from sim.pictures.fan import fan_picture

        return {"fan": lambda: fan_picture(self.result)}


def branch(
    run: str | os.PathLike[str] | Run,
    replication: int,
    *,
    at: str | float | date | None = None,
    futures: int = 200,
    changes: Mapping[str, Any] | None = None,
    without: int | str | Sequence[int | str] | None = None,
    outcomes: str | Sequence[str] | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    engine: str = "auto",
    watch: bool | Watch = True,
) -> BranchAnswer:
    """Give a replication many futures from a date on, as ``escalade branch`` does.

    Parameters
    ----------
    run
        What `sim.run` answered, or the folder of a run.
    replication
        Number of the replication whose past they share.
    at
        From when on they part: a date, or days since the start; with `without` by
        default when the first of that comes.
    futures
        How many, 1 or more, and 30 or more with `changes` or `without`; of more asked
        for later these are the first.
    changes
        Parameters of actors by path that are otherwise from then on; futures of the
        same numbers without them are run too.
    without
        What is left out of past and future: an incident's number in the story, its
        identity, or words as in `sim.explain`. Futures of the same numbers with it are
        run too.
    outcomes
        Names of those that are shown and compared; the main ones when None.
    out
        Folder of the futures, the fan in it; True names it after the run, which must
        have one; None keeps nothing.
    workers, cluster, engine, watch
        As in `sim.run`.

    Returns
    -------
    BranchAnswer
        `table` has one row an outcome of past and future together, in its unit.

    Raises
    ------
    StudyError
        If there is no such replication or incident, the moment is outside its days,
        something else than a parameter of an actor is changed, or there are too few
        futures to be compared.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=2, until=80)
    >>> fan = sim.branch(few, 1, at="2019-12-15", futures=3)
    >>> fan
    <Branch: iraq_2019_2020: 3 futures of replication 1 from day 48 on>
    """
    from sim.explanation.branch import branch as branch_off

    watch = watch_of(watch)
    require("--replication", replication, 0)
    require("--futures", futures, 1)
    left = several(without)
    if changes or left:
        _refuse_few(futures)
    crew = workers_asked(workers, cluster)
    source: Ensemble | Any
    if isinstance(run, Run):
        source = run.ensemble
    else:
        from sim.ensemble.rerun import read_run

        source = read_run(Path(run))
    say_caution(source.scenario, watch)
    moment = str(at) if isinstance(at, date) else at
    words = [f"{replication}", *([] if moment is None else [f"{moment}"])]
    words += [f"without-{text.replace(' ', '-')}" for text in left]
    words += ["changed"] if changes else []
    folder = (
        None
        if out is None or out is False
        else _folder(out, source.path, "-".join(words))
    )

    def futures_of(
        moment: str | float | None,
        changes: Mapping[str, Any] | None,
        without: Sequence[str],
        folder: Path | None,
    ) -> Branch:
        with watch.stage(f"futures of replication {replication}", crew) as progress:
            return branch_off(
                source,
                replication,
                moment,
                futures,
                changes=changes,
                without=without,
                workers=crew,
                out=folder,
                progress=progress,
                engine=engine,
            )

    result, beside = futures_of(moment, changes, left, folder), None
    if changes or left:
        unchanged = folder and folder.with_name(f"{folder.name}-unchanged")
        beside = futures_of(result.day, None, (), unchanged)
    answer = BranchAnswer(
        result,
        changes=change_texts(changes),
        without=tuple(left),
        beside=beside,
        outcomes=listed(outcomes),
    )
    if folder is not None:
        from sim.pictures.style import save_all

        save_all(answer.pictures(), folder)
    return answer


def _refuse_few(futures: int) -> None:
    """Refuse fewer futures than can be compared, before any of them is run."""
    from sim.comparison.pairing import FEWEST_REPLICATIONS
    from sim.errors import StudyError

    if futures < FEWEST_REPLICATIONS:
        message = (
            f"--futures {futures}: with --set or --without the futures are compared "
            "with those that have nothing otherwise, and an interval needs at least "
            f"{FEWEST_REPLICATIONS}: say -n {FEWEST_REPLICATIONS} or more"
        )
        raise StudyError(message)


def _folder(out: str | os.PathLike[str] | bool, run: Path | None, name: str) -> Path:
    """Return the folder that is named, or the run's with a name added."""
    from sim.errors import StudyError

    if not isinstance(out, bool):
        return Path(out)
    if run is None:
        message = "the run was kept in memory: name a folder of the futures by --out"
        raise StudyError(message)
    return run.with_name(f"{run.name}-{name}")
