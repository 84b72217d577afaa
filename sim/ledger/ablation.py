"""The running of a ledger: every mechanism off, coupled with the world that has it on.

Each mechanism is tried where the scenario has it and at both ends of its range, since a
parameter whose sign nobody knows has its neutral value as honest default. All arms have
one root_seed, so world k of each is the same chance, and what differs is the doing of
the mechanism alone: where it moves nothing, the logs are equal to the last bit.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.comparison.pairing import FEWEST_REPLICATIONS
from sim.digest import content_digest, run_digest
from sim.engine.cast import Cast
from sim.ensemble import provenance
from sim.ensemble.compiling import settled_engine
from sim.ensemble.draw_set import DRAWS, REPLICATIONS, draws_from, refuse_unfit
from sim.ensemble.study_folder import StudyFolder
from sim.ensemble.summary import DEAD
from sim.ensemble.workers import describe_workers, hired
from sim.errors import StudyError, nearest
from sim.files import plain_failure, write_text
from sim.ledger.ledger import (
    DEFAULT,
    HEADLINES,
    HIGH,
    LOW,
    NULL,
    Contrast,
    Ledger,
    Measure,
    Moved,
    Row,
    row_from,
    size_of,
)
from sim.ledger.switches import Setting, Switch, null_setting, switches_of
from sim.ledger.worlds import CHUNK, Arm, Crew, Floats, Worlds
from sim.outcomes import outcomes_for
from sim.outcomes.table import COUNTED, TRUE
from sim.rules.behaviour import Mechanism
from sim.scenario.scenario import FILTERED
from sim.statistics.interval import interval
from sim.statistics.mean_interval import mean_interval

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.ensemble.workers import Workers
    from sim.experiment.posterior import Posterior
    from sim.scenario.scenario import Scenario

ROWS: Final = "rows"
"""Folder of the finished rows."""

REPLICATIONS_A_ROW: Final = 2000
"""Of each arm of each row, unless another number is asked for."""

LEVEL: Final = 0.95
"""Of the intervals."""

NULL_MECHANISM: Final = Mechanism(
    NULL,
    "everything off",
    "no rule acts but attacks at their calm rate and the harm that they do",
)


def ablate(  # noqa: PLR0913 - each is a decision of the study
    scenario: Scenario,
    *,
    replications: int | None = None,
    root_seed: int = 1,
    until: float | None = None,
    outcomes: Sequence[str] = HEADLINES,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    draws: int = DRAWS,
    workers: Workers = 1,
    out: str | os.PathLike[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
) -> Ledger:
    """Switch each mechanism of a scenario off, and measure what that moves.

    Parameters
    ----------
    scenario
        The scenario, or an arm of an experiment as a scenario.
    replications
        Of each arm, 30 or more; 2,000 when None. With a posterior: of each draw, 2 when
        None.
    root_seed
        0 to 2**64 - 1; the same for all arms, which are coupled by it.
    until
        Days to simulate, > 0; the scenario's horizon when None.
    outcomes
        Names of what is measured: outcomes of what happened (``..._true``), and
        ``n_killed_all_true``.
    mechanisms
        Names of the rows to run, such as ``militia.reciprocity``, or of kinds; all when
        empty. The null is run in any case.
    posterior
        Numbers are drawn from it, the same draws in every arm; what is switched off
        stays off, and an end of a range takes the draw's place.
    draws
        How many draws of it.
    workers
        As in `sim.ensemble.ensemble.run_ensemble`; results do not depend on it.
    out
        A folder that keeps each row when it is finished, so that a ledger that was
        broken off goes on. None keeps nothing.
    progress
        Called with (done, asked) replications, all arms together.
    engine
        ``auto``, ``simpy`` or ``compiled``; results do not depend on it.
    tell
        Called with a sentence: which engine runs, and why.

    Returns
    -------
    Ledger
        One row a mechanism, and the null.

    Raises
    ------
    StudyError
        If the request is unsound, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("iraq_endogenous_2019_2020")
    >>> ledger = ablate(
    ...     scenario, replications=30, until=30.0, mechanisms=["militia.claims"]
    ... )
    >>> [row.name for row in ledger.rows]
    ['militia.claims', 'null']
    >>> 0.0 <= ledger.row("militia.claims").contrasts[0].share_others < 0.2
    True
    """
    base, numbers = _base(
        scenario, replications, root_seed, until, outcomes, posterior, draws
    )
    if scenario.history is not None and scenario.history.past == FILTERED:
        message = "a ledger's worlds have an injected past: say `past: injected`"
        raise StudyError(message)
    length, drawn = base.until, base.draws
    if posterior is not None and drawn is not None:
        said = refuse_unfit(posterior, drawn, scenario)
        if tell is not None and said:
            tell(said)
    _check(scenario, len(numbers), root_seed, length, outcomes)
    every = switches_of(scenario)
    plans = [Plan.of(base, switch) for switch in _chosen(every, mechanisms)]
    plans.append(Plan.of(base, None, null_setting(every)))
    asked = len(numbers) * (1 + sum(len(plan.settings) for plan in plans))
    name = settled_engine(Cast(base.scenario), asked, engine, length, workers, tell)
    digest = _digest(base, len(numbers))
    base = replace(base, engine=name, study=digest)
    folder = None if out is None else Path(out)
    with ExitStack() as open_until_done:
        saved, results = None, {}
        if folder is not None:
            study = StudyFolder(folder, digest)
            manifest = _manifest(scenario, base, digest, describe_workers(workers))
            study.take(lambda: manifest)
            results = open_until_done.enter_context(study.written(manifest))
            saved = _SavedRows(folder)
        n_parts = -(-len(numbers) // CHUNK) * 3
        executor = open_until_done.enter_context(hired(workers, n_parts))
        crew = Crew(base, numbers, executor, progress, asked)
        worlds = crew.worlds([Setting({})])[0]
        rows: list[Row] = []
        for plan in plans:
            row = None if saved is None else saved.row(plan.name)
            if row is None:
                row = _row(plan, worlds, crew)
                if saved is not None:
                    saved.keep(row)
            else:
                crew.count(len(plan.settings) * len(numbers))
            rows.append(row)
        ledger = Ledger(
            scenario=scenario,
            root_seed=root_seed,
            until=length,
            replications=len(numbers),
            measures=_measures(scenario, base.outcomes, worlds.values),
            rows=tuple(rows),
            draws="" if drawn is None else f"{drawn.size_text}, {drawn.words}",
            path=folder,
        )
        results["replications"] = {"first": 0, "count": ledger.replications}
        results["rows"] = [row.name for row in ledger.rows]
    return ledger


@dataclass(frozen=True)
class Plan:
    """A row that is to be run: how its mechanism is off, and where it is tried."""

    switch: Switch | None
    """None for the null."""
    off: Setting | None
    places: tuple[tuple[str, Setting], ...]
    """Where it is on: the scenario as it is, and the ends of the range that differ from
    that and from off."""

    @classmethod
    def of(cls, base: Arm, switch: Switch | None, null: Setting | None = None) -> Plan:
        """Plan a row, or the null."""
        off = null if switch is None else switch.off
        if off is None:
            return cls(switch, None, ())
        places: list[tuple[str, Setting]] = []
        as_it_is = base.scenario.digest
        without = off.applied(base.scenario).digest
        # Under draws a parameter may be off in the file and on in the draws.
        if without != as_it_is or base.draws is not None:
            places.append((DEFAULT, Setting({})))
        ends = [] if switch is None else [(LOW, switch.low), (HIGH, switch.high)]
        for at, end in ends:
            if end is None:
                continue
            if end.applied(base.scenario).digest not in (without, as_it_is):
                places.append((at, end))
        return cls(switch, off, tuple(places))

    @property
    def name(self) -> str:
        """Name of the row."""
        return NULL if self.switch is None else self.switch.name

    @property
    def settings(self) -> list[Setting]:
        """What is run beside the scenario as it is: first off, then the ends."""
        if self.off is None or not self.places:
            return []
        return [self.off, *(end for at, end in self.places if at != DEFAULT)]


def _row(plan: Plan, base: Worlds, crew: Crew) -> Row:
    """Run a row's arms, and contrast each place where it is on with off."""
    switch, contrasts = plan.switch, list[Contrast]()
    if settings := plan.settings:
        off, *rest = crew.worlds(settings)
        ends = iter(rest)
        for at, _ in plan.places:
            on = base if at == DEFAULT else next(ends)
            contrasts.append(_contrast(at, on, off, switch, crew.base))
    one = NULL_MECHANISM if switch is None else switch.mechanism
    return Row(
        name=plan.name,
        label=one.label,
        meaning=one.meaning,
        off={} if plan.off is None else dict(plan.off.values),
        acts=tuple(act.name.lower() for act in one.acts),
        contrasts=tuple(contrasts),
    )


def _contrast(
    at: str, on: Worlds, off: Worlds, switch: Switch | None, base: Arm
) -> Contrast:
    """Contrast a mechanism on with off, world by world."""
    finished = ~(on.failed | off.failed)
    apart = on.doings[finished] != off.doings[finished]
    actors = base.scenario.actors
    mine = np.zeros(len(actors), bool)
    acts = list[int]()
    if switch is not None:
        mine = np.array([actor.kind.name == switch.kind.name for actor in actors])
        acts = [int(act) for act in switch.mechanism.acts]
    entries = np.zeros(apart.shape[1:], bool)
    entries[np.ix_(mine, np.array(acts, np.int64))] = True
    others = apart[:, ~mine].any(axis=(1, 2))
    beyond = apart[:, ~entries].any(axis=1)
    differences = on.values[finished] - off.values[finished]
    draws = (
        None
        if base.draws is None
        else np.flatnonzero(finished) // (base.draws.replications)
    )
    moved = {
        name: _moved(differences[:, place], draws)
        for place, name in enumerate(base.outcomes)
    }
    return Contrast(
        at=at,
        moved=moved,
        share_others=float(others.mean()) if len(others) else nan,
        share_beyond=float(beyond.mean()) if len(beyond) else nan,
        replications=int(finished.sum()),
        n_failed=int((~finished).sum()),
    )


def _moved(differences: Floats, draws: NDArray[np.int64] | None) -> Moved:
    """Return the mean of paired differences with its interval.

    Replications of one draw share its parameters, so under draws the draw is the unit.
    """
    defined = ~np.isnan(differences)
    values = differences[defined]
    if draws is not None and len(values):
        _, place, size = np.unique(
            draws[defined], return_inverse=True, return_counts=True
        )
        values = np.bincount(place, weights=values) / size
    if len(values) < 2:
        return Moved(*interval(values, "mean", LEVEL))
    unseen = float(np.ptp(values)) or 1.0
    return Moved(float(values.mean()), *mean_interval(values, unseen, level=LEVEL))


def _measures(
    scenario: Scenario, names: Sequence[str], values: Floats
) -> dict[str, Measure]:
    """Return the outcomes with their sizes, by what they are in the scenario."""
    table, measures = outcomes_for(scenario), dict[str, Measure]()
    for place, name in enumerate(names):
        column = values[:, place]
        column = column[~np.isnan(column)]
        mean = float(column.mean()) if len(column) else nan
        label, unit = "dead", "persons"
        if name != DEAD:
            label, unit = table[name].label, table[name].unit
        acts = tuple(
            act.name.lower() for act, stem in COUNTED.items() if stem + TRUE == name
        )
        size = size_of(name, unit, mean)
        measures[name] = Measure(
            name=name, label=label, unit=unit, size=size, mean=mean, acts=acts
        )
    return measures


def _chosen(every: Sequence[Switch], names: Sequence[str]) -> list[Switch]:
    """Return the mechanisms asked for, in the ledger's order.

    Raises
    ------
    StudyError
        If a name is of no mechanism and of no kind; it names the nearest.
    """
    known = {switch.name for switch in every} | {switch.kind.name for switch in every}
    for name in names:
        if name not in known:
            message = (
                f"{name!r} is no mechanism of this scenario{nearest(name, known)}; "
                "allowed are a kind's name, or kind.mechanism"
            )
            raise StudyError(message)
    return [s for s in every if not names or s.name in names or s.kind.name in names]


def _check(
    scenario: Scenario,
    n: int,
    root_seed: int,
    until: float,
    outcomes: Sequence[str],
) -> None:
    """Refuse what no ledger can be asked."""
    if n < FEWEST_REPLICATIONS:
        message = f"{n} replications; a ledger needs at least {FEWEST_REPLICATIONS}"
        raise StudyError(message)
    if not 0 <= root_seed < 2**64:
        message = f"root_seed: {root_seed} is outside [0, 2**64)"
        raise StudyError(message)
    if not 0.0 < until <= scenario.horizon:
        message = (
            f"until: {until:g} days; allowed is above 0 up to {scenario.horizon:g}"
        )
        raise StudyError(message)
    table = outcomes_for(scenario)
    known = [DEAD, *(name for name, row in table.items() if not row.is_reported)]
    if not outcomes:
        message = "no outcome to measure; name at least one"
        raise StudyError(message)
    for name in outcomes:
        if name not in known:
            message = (
                f"{name!r} is no outcome of what happened{nearest(name, known)}; a "
                "ledger measures those whose names end in _true"
            )
            raise StudyError(message)


def _digest(base: Arm, n: int) -> str:
    """Return what names a ledger: its run, its outcomes, how many replications."""
    run = run_digest(base.scenario, base.root_seed, base.until)
    run = run if base.draws is None else base.draws.digest_of(run)
    return content_digest([run, "ledger", n, base.outcomes])


def _base(
    scenario: Scenario,
    replications: int | None,
    root_seed: int,
    until: float | None,
    outcomes: Sequence[str],
    posterior: Posterior | None,
    draws: int,
) -> tuple[Arm, range]:
    """Return the arm that has everything on, and the numbers of its replications."""
    drawn, numbers = None, range(replications or REPLICATIONS_A_ROW)
    if posterior is not None:
        drawn = draws_from(posterior, draws, replications or REPLICATIONS)
        numbers = drawn.numbers
    base = Arm(
        scenario=replace(scenario, cited=()),  # nothing that runs reads it; it is large
        setting=Setting({}),
        root_seed=root_seed,
        until=scenario.horizon if until is None else float(until),
        engine="simpy",
        outcomes=tuple(outcomes),
        draws=drawn,
    )
    return base, numbers


def folder_of(
    scenario: Scenario,
    *,
    replications: int | None = None,
    root_seed: int = 1,
    until: float | None = None,
    outcomes: Sequence[str] = HEADLINES,
    posterior: Posterior | None = None,
    draws: int = DRAWS,
) -> Path:
    """Return the default folder: ``runs/<scenario>-ledger-<12 of its digest>``."""
    base, numbers = _base(
        scenario, replications, root_seed, until, outcomes, posterior, draws
    )
    return Path("runs") / f"{scenario.name}-ledger-{_digest(base, len(numbers))[:12]}"


def _manifest(
    scenario: Scenario, base: Arm, digest: str, workers: int | str
) -> dict[str, Any]:
    """Return what is known of a ledger before it runs."""
    manifest = provenance.manifest_of(
        scenario, run_digest=digest, root_seed=base.root_seed, until=base.until
    )
    if base.draws is not None:
        manifest["draws"] = base.draws.manifest()
    return manifest | {"study_digest": digest, "workers": workers}


class _SavedRows:
    """The rows of a ledger that are finished: a file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / ROWS
        with plain_failure(folder):
            self.folder.mkdir(exist_ok=True)

    def row(self, name: str) -> Row | None:
        """Return a row that is finished; None where it is missing or damaged."""
        try:
            text = (self.folder / f"{name}.json").read_text("utf-8")
            return row_from(json.loads(text))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, row: Row) -> None:
        """Write a row whole."""
        text = json.dumps(asdict(row), indent=1, ensure_ascii=False)
        file = self.folder / f"{row.name}.json"
        write_text(file, text)
