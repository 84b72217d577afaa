"""Run an experiment: every arm at every design point, and one tidy table of it all.

All points and arms share one root_seed, so they are coupled: the same replication
number is the same chance everywhere, and what differs is the doing of the factors. A
sweep's folder holds its cells' parts, its table and its manifest.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, inf
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.ensemble.archive import PART_SIZE, whole_parts
from sim.ensemble.completion import Progress, run_cells, tables_of, task_of
from sim.ensemble.draw_set import DRAWS, REPLICATIONS
from sim.ensemble.ensemble import engine_for
from sim.ensemble.filtered_past import particles_under
from sim.ensemble.part import repeat_command
from sim.ensemble.provenance import manifest_of_study
from sim.ensemble.study_folder import folder_for
from sim.ensemble.workers import describe_workers
from sim.errors import StudyError
from sim.experiment.design import Design, design_of
from sim.files import write_text, write_whole
from sim.outcomes import outcomes_for
from sim.statistics.effect import MEAN_DIFFERENCE, Estimate, mean_effect, sample_of
from sim.statistics.interval import interval
from sim.sweeps.cells import (
    PlannedCell,
    planned_cells,
    refuse_runaways,
    study_digest,
    where,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from sim.ensemble.draw_set import DrawSet
    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.experiment.posterior import Posterior
    from sim.outcomes import Outcome


_GROWTH: Final = 4.0
"""The number of replications grows at most so many times from round to round."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """An experiment that has been run."""

    experiment: Experiment
    design: Design
    cells: tuple[PlannedCell, ...]
    replications: int
    """For each arm at each point."""
    values: dict[str, NDArray[np.float64]] = field(repr=False)
    """Each outcome, shape (cells, replications); nan where undefined or failed."""
    failed: NDArray[np.int64]
    """Failed replications of each cell."""
    first_failure: str
    """What went wrong first, and the command that repeats it; empty if nothing did."""
    path: Path | None
    draws: DrawSet | None = None
    """Parameter draws, shared by all cells; None where there are none."""

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """Return the tidy table: a row for each outcome of each arm at each point.

        Parameters
        ----------
        level
            Of the intervals, 0 to 1.

        Returns
        -------
        pandas.DataFrame
            `point`, `arm`, one column for each factor, `outcome`, `mean`,
            `standard_error`, `low`, `high`, `n`, `n_undefined`, `n_failed`; and
            `difference` with `difference_low` and `difference_high`: of the mean from
            that of the base cell (`base`), replication by replication, since points
            share their chance. Intervals are of Monte Carlo error only. Under draws of
            a posterior also `n_draws`, `parameter_low`, `parameter_high`,
            `parameter_share` and `is_told`, as in
            `sim.ensemble.draw_summary.level_row`.
        """
        import pandas as pd

        table = outcomes_for(self.experiment.scenario)
        rows: list[dict[str, Any]] = []
        for number, planned in enumerate(self.cells):
            names = [factor.name for factor in self.experiment.factors]
            head: dict[str, Any] = {"point": planned.point, "arm": planned.arm.name}
            head |= dict(zip(names, planned.values, strict=True))
            for name in self.experiment.outcomes:
                row = self._row(number, name, table[name], level)
                n_failed = int(self.failed[number])
                counts = {
                    "n_undefined": self.replications - row["n"] - n_failed,
                    "n_failed": n_failed,
                }
                effect = self.difference([number], [self.base], name, level)
                ends = {
                    "difference": effect.value,
                    "difference_low": effect.low,
                    "difference_high": effect.high,
                }
                rows.append(head | {"outcome": name} | row | counts | ends)
        frame = pd.DataFrame(rows)
        frame.attrs["level"] = level
        frame.attrs["base"] = self.base_text
        return frame

    @cached_property
    def base(self) -> int:
        """The cell that others are compared with.

        The one that has the scenario's own values, in every factor and in the arm;
        where none has, the first point of the first arm.
        """
        own = self.experiment.scenario.digest
        for number, planned in enumerate(self.cells):
            if planned.cell.scenario.digest == own:
                return number
        return 0

    @property
    def base_text(self) -> str:
        """The base cell in words."""
        one = self.cells[self.base]
        return where(self.experiment, one.point, one.arm, one.values)

    def difference(
        self, cells: list[int], base: list[int], outcome: str, level: float = 0.95
    ) -> Estimate:
        """Return how far the mean of some cells lies from that of others, paired.

        Each cell counts the same; the outcome must be defined in all of them for a
        replication to count. Under draws the pairs are draws, each with the mean of its
        replications.
        """
        values = self.values[outcome]
        arm, reference = values[cells].mean(axis=0), values[base].mean(axis=0)
        aggregate = outcomes_for(self.experiment.scenario)[outcome].aggregate
        is_share = aggregate == "proportion" and len(cells) == len(base) == 1
        if self.draws is not None:
            shape = (-1, self.draws.replications)
            arm = arm.reshape(shape).mean(axis=1)
            reference = reference.reshape(shape).mean(axis=1)
            is_share = False
        sample = sample_of(reference, arm, coupled=True)
        if len(sample.arm) < 2:
            return Estimate(MEAN_DIFFERENCE, np.nan, np.nan, np.nan)
        if cells == base:
            return Estimate(MEAN_DIFFERENCE, 0.0, 0.0, 0.0)
        return mean_effect(sample, is_share=is_share, level=level)

    def _row(
        self, number: int, name: str, outcome: Outcome, level: float
    ) -> dict[str, Any]:
        """Return mean and interval of an outcome of one cell."""
        values = self.values[name][number]
        if self.draws is not None:
            from sim.sweeps.under_draws import drawn_row

            seed = self.experiment.root_seed
            return drawn_row(values, self.draws, outcome, seed, level)
        defined = values[~np.isnan(values)]
        how = "proportion" if outcome.aggregate == "proportion" else "mean"
        mean, low, high = interval(defined, how, level)
        spread = float(defined.std(ddof=1)) if len(defined) > 1 else np.nan
        error = spread / np.sqrt(max(len(defined), 1))
        row = {"mean": mean, "standard_error": error, "low": low, "high": high}
        return row | {"n": len(defined)}

    def responses(self, outcome: str, arm: str) -> NDArray[np.float64]:
        """Return an outcome of one arm, shape (points, replications).

        Raises
        ------
        StudyError
            If outcome or arm is not part of the experiment.
        """
        from sim.errors import nearest, one_of

        if outcome not in self.values:
            message = (
                f"{outcome!r} is not among the outcomes of {self.experiment.name}: "
                f"{one_of(self.values)}{nearest(outcome, self.values)}"
            )
            raise StudyError(message)
        rows = [n for n, cell in enumerate(self.cells) if cell.arm.name == arm]
        if not self.experiment.crossed_arms():
            rows = [*range(len(self.cells))]  # a factor chooses the arm
        if not rows:
            names = [one.name for one in self.experiment.arms]
            message = (
                f"{arm!r} is not an arm{nearest(arm, names)}; arms: {one_of(names)}"
            )
            raise StudyError(message)
        return self.values[outcome][rows]


def run_sweep(  # noqa: PLR0913 - each is a decision of the study
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    replications: int | None = None,
    workers: Workers = 1,
    progress: Progress | None = None,
    keep: bool = True,
    engine: str = "auto",
    tell: Callable[[str], None] | None = None,
    posterior: Posterior | None = None,
    draws: int = DRAWS,
) -> Sweep:
    """Run an experiment, or complete one that was broken off.

    Parameters
    ----------
    experiment
        The experiment.
    out
        Its folder; ``runs/<experiment>-<12 of its digest>`` unless given.
    replications
        For each arm at each point, in place of what the file says; with a posterior,
        of each draw, 2 when None.
    workers, engine, tell
        As in `sim.ensemble.ensemble.run_ensemble`; results do not depend on them.
    progress
        Called with the replications done and asked, of the whole study.
    keep
        Whether there is a folder at all; else outcomes stay in memory.
    posterior
        Numbers that the experiment leaves alone are drawn from it, the same draws at
        every point of every arm.
    draws
        How many draws of it.

    Raises
    ------
    StudyError
        If a point is unsound, the posterior sets what the experiment sets, or the
        folder holds another study.
    RunError
        If the folder cannot be written.
    """
    design = design_of(experiment.design, experiment.factors)
    cells = planned_cells(experiment, design)
    if posterior is not None:
        from sim.sweeps.under_draws import with_draws

        within = replications or REPLICATIONS
        cells, said = with_draws(experiment, cells, posterior, draws, within)
        replications = draws * within
        if tell is not None and said:
            tell("; ".join(said))
    digest = study_digest(experiment, cells)
    study = folder_for(out, experiment.name, digest) if keep else None
    manifest = manifest_of(experiment, design, digest, workers, cells)
    if study is None or study.take(lambda: manifest) is None:
        refuse_runaways(experiment, cells)
    folder = None if study is None else study.path
    if folder is not None:
        cells = with_paths(cells, folder)
    with ExitStack() as held:
        results: dict[str, Any] = {}
        if study is not None:
            results = held.enter_context(study.written(manifest))
        number = replications or experiment.replications
        count = PART_SIZE if number is None else number
        name, compiling = engine_for(
            cells[0].cell.scenario,
            count * len(cells),
            engine,
            experiment.until,
            workers,
            tell,
            particles=0
            if posterior is None
            else particles_under(cells[0].cell.scenario, draws * len(cells)),
        )
        while True:
            in_memory = run_cells(
                [one.cell for one in cells],
                replications=range(count),
                root_seed=experiment.root_seed,
                until=experiment.until,
                folder=folder,
                workers=workers,
                progress=progress,
                engine=name,
                compiling=compiling,
            )
            sweep = _gathered(experiment, design, cells, count, folder, in_memory)
            further = count if number is not None else _next_count(sweep)
            if further <= count:
                break
            count = further
        if folder is not None:
            write_sweep(folder, sweep, digest)
        results["replications"] = {"first": 0, "count": sweep.replications}
        results["n_failed"] = int(sweep.failed.sum())
        return sweep


def _gathered(
    experiment: Experiment,
    design: Design,
    cells: tuple[PlannedCell, ...],
    count: int,
    folder: Path | None,
    in_memory: dict[str, list[Any]],
) -> Sweep:
    """Read the outcomes that the experiment asks for; all others stay on disk."""
    names = [*experiment.outcomes]
    if experiment.precision is not None:
        names.append(experiment.precision.outcome)
    names = list(dict.fromkeys(names))
    values = {name: np.full((len(cells), count), np.nan) for name in names}
    failed = np.zeros(len(cells), dtype=np.int64)
    first = ""
    for row, one in enumerate(cells):
        tables = (
            tables_of(one.cell, folder, range(count))
            if folder is not None
            else in_memory[one.cell.name]
        )
        at = 0
        for table in tables:
            errors = table["error"].to_pylist()
            for name in names:
                column = table[name].to_numpy()
                values[name][row, at : at + len(column)] = column
            at += len(errors)
            failed[row] += sum(bool(error) for error in errors)
            if not first and any(errors):
                which = next(n for n, error in enumerate(errors) if error)
                number = table["replication"][which].as_py()
                task = task_of(one.cell, experiment.root_seed, experiment.until, folder)
                place = None if task.directory is None else task.directory.path
                first = f"{errors[which]}\n  {repeat_command(task, number, place)}"
    shared = cells[0].cell.draws
    return Sweep(
        experiment=experiment,
        design=design,
        cells=cells,
        replications=count,
        values=values,
        failed=failed,
        first_failure=first,
        path=folder,
        draws=shared,
    )


def _next_count(sweep: Sweep) -> int:
    """Return how many replications the asked precision needs, whole parts of them."""
    precision = sweep.experiment.precision
    assert precision is not None
    widest = 0.0
    for row in sweep.values[precision.outcome]:
        defined = row[~np.isnan(row)]
        _, low, high = interval(defined, "mean", 0.95)
        widest = max(widest, inf if np.isnan(high) else (high - low) / 2)
    count = sweep.replications
    if widest <= precision.half_width or count >= precision.at_most:
        return count
    ratio = min(_GROWTH, (widest / precision.half_width) ** 2)
    wanted = whole_parts(max(ceil(count * ratio), count + 1))
    return min(precision.at_most, wanted)


TABLE: Final = "table"


def with_paths(cells: tuple[PlannedCell, ...], folder: Path) -> tuple[PlannedCell, ...]:
    """Give each cell's scenario the file from which a replication can be repeated."""
    return tuple(
        replace(
            one,
            cell=replace(
                one.cell,
                scenario=replace(one.cell.scenario, path=str(_file_of(one, folder))),
            ),
        )
        for one in cells
    )


def _file_of(one: PlannedCell, folder: Path) -> Path:
    return folder / "cells" / one.cell.name / f"{one.cell.scenario.name}.yaml"


def manifest_of(
    experiment: Experiment,
    design: Design,
    digest: str,
    workers: Workers,
    cells: tuple[PlannedCell, ...],
) -> dict[str, Any]:
    """Return what is known of a study before it runs."""
    manifest = manifest_of_study(experiment, digest, describe_workers(workers))
    if (draws := cells[0].cell.draws) is not None:
        manifest["draws"] = draws.manifest()
    manifest["experiment"] |= {
        "arms": [arm.name for arm in experiment.arms],
        "factors": [factor.name for factor in experiment.factors],
    }
    return manifest | {
        "design": {
            "kind": experiment.design.kind,
            "points": len(design),
            "root_seed": experiment.design.root_seed,
        },
    }


def write_sweep(folder: Path, sweep: Sweep, digest: str) -> None:
    """Write a complete study's table, its draws, and scenarios to repeat."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.scenario.dump import dump_yaml

    frame = sweep.table()
    write_text(folder / f"{TABLE}.csv", frame.to_csv(index=False))
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({"escalade.run": digest})
    write_whole(
        folder / f"{TABLE}.parquet",
        lambda file: pq.write_table(table, file, compression="zstd"),
    )
    for row, one in enumerate(sweep.cells):
        if sweep.failed[row]:  # so that the command that repeats it finds its scenario
            write_text(_file_of(one, folder), dump_yaml(one.cell.scenario))
    if sweep.draws is not None:
        sweep.draws.write(folder)
