"""Run an experiment: every arm at every design point, and one tidy table of it all.

All points and arms share one root_seed, so they are coupled: the same replication
number is the same chance everywhere, and what differs is the doing of the factors.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import ceil, inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.errors import ScenarioError, StudyError
from sim.outcomes import outcomes_for
from sim.study import archive, provenance
from sim.study.archive import CHUNK, RunDirectory, read_manifest
from sim.study.branching import refuse_runaway
from sim.study.cells import Cell, Progress, run_cells, tables_of
from sim.study.design import Design, design_of
from sim.study.digest import run_digest
from sim.study.summary import interval

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd
    from numpy.typing import NDArray

    from sim.study.factor import Level
    from sim.study.plan import Arm, Experiment

TABLE: Final = "table"
_GROWTH: Final = 4.0
"""The number of replications grows at most so many times from round to round."""
_LOOKED_AT: Final = 3
"""Cells whose branching ratio is estimated before a study: first, last, between."""


@dataclass(frozen=True)
class PlannedCell:
    """One arm at one design point."""

    point: int
    arm: Arm
    values: tuple[Level, ...]
    cell: Cell


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
            `standard_error`, `low`, `high`, `n`, `n_undefined`, `n_failed`. Intervals
            are of Monte Carlo error only.
        """
        import pandas as pd

        table = outcomes_for(self.experiment.scenario)
        rows: list[dict[str, Any]] = []
        for number, planned in enumerate(self.cells):
            names = [factor.name for factor in self.experiment.factors]
            head: dict[str, Any] = {"point": planned.point, "arm": planned.arm.name}
            head |= dict(zip(names, planned.values, strict=True))
            for name in self.experiment.outcomes:
                kept = self.values[name][number]
                kept = kept[~np.isnan(kept)]
                how = table[name].aggregate
                how = "proportion" if how == "proportion" else "mean"
                mean, low, high = interval(kept, how, level)
                spread = float(kept.std(ddof=1)) if len(kept) > 1 else np.nan
                rows.append(
                    head
                    | {
                        "outcome": name,
                        "mean": mean,
                        "standard_error": spread / np.sqrt(max(len(kept), 1)),
                        "low": low,
                        "high": high,
                        "n": len(kept),
                        "n_undefined": self.replications
                        - len(kept)
                        - int(self.failed[number]),
                        "n_failed": int(self.failed[number]),
                    }
                )
        frame = pd.DataFrame(rows)
        frame.attrs["level"] = level
        return frame

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


def planned_cells(experiment: Experiment, design: Design) -> tuple[PlannedCell, ...]:
    """Return every arm at every point, each with its scenario.

    Raises
    ------
    StudyError
        If a point is no legal scenario; it names the point.
    """
    found: list[PlannedCell] = []
    for point, values in enumerate(design.values()):
        chosen = experiment.arm_at(values)
        for arm in (chosen,) if chosen is not None else experiment.arms:
            try:
                scenario = experiment.scenario_at(arm, values)
            except ScenarioError as error:
                message = f"{_where(experiment, point, arm, values)}: {error}"
                raise StudyError(message) from error
            digest = run_digest(scenario, experiment.root_seed, experiment.until)
            name = f"{point:05d}-{arm.name}"
            found.append(PlannedCell(point, arm, values, Cell(name, scenario, digest)))
    return tuple(found)


def refuse_runaways(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> None:
    """Refuse a study some cells of which run away, of a few that are looked at.

    The estimate takes a second a cell. A cell that runs away and is not looked at
    ends in failed replications, since incidents are capped.

    Raises
    ------
    StudyError
        If one does; it names the point.
    """
    chosen = np.linspace(0, len(cells) - 1, min(len(cells), _LOOKED_AT))
    for number in sorted({round(float(x)) for x in chosen}):
        one = cells[number]
        try:
            refuse_runaway(one.cell.scenario)
        except StudyError as error:
            message = f"{_where(experiment, one.point, one.arm, one.values)}: {error}"
            raise StudyError(message) from error


def study_digest(experiment: Experiment, cells: tuple[PlannedCell, ...]) -> str:
    """Return what names a study: the digests of its cells, in their order.

    It does not depend on how many replications are run, nor on the outcomes shown.
    """
    told = [[one.point, one.arm.name, one.cell.digest] for one in cells]
    text = json.dumps([experiment.name, experiment.root_seed, told])
    return sha256(text.encode()).hexdigest()


def run_sweep(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    replications: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: bool = True,
) -> Sweep:
    """Run an experiment, or complete one that was broken off.

    Parameters
    ----------
    experiment
        The experiment.
    out
        Its folder; ``runs/<experiment>-<12 of its digest>`` unless given.
    replications
        For each arm at each point, in place of what the file says.
    workers
        Processes; 1 runs in this one. Results do not depend on it.
    executor
        Who runs the chunks instead.
    progress
        Told how far the whole study is.
    keep
        Whether there is a folder at all; else outcomes stay in memory.

    Raises
    ------
    StudyError
        If a point is unsound, or the folder holds another study.
    RunError
        If the folder cannot be written.
    """
    design = design_of(experiment.design, experiment.factors)
    cells = planned_cells(experiment, design)
    digest = study_digest(experiment, cells)
    folder: Path | None = None
    if keep:
        folder = Path(out) if out else Path("runs") / f"{experiment.name}-{digest[:12]}"
        if not _prepare(folder, digest):
            refuse_runaways(experiment, cells)
        cells = _with_paths(cells, folder)
    else:
        refuse_runaways(experiment, cells)
    began = time.perf_counter()
    manifest = _manifest(experiment, design, digest, workers)
    directory = RunDirectory(folder, digest) if folder is not None else None
    if directory is not None:
        directory.write_manifest(manifest)
    number = replications or experiment.replications
    count = CHUNK if number is None else number
    while True:
        kept = run_cells(
            [one.cell for one in cells],
            replications=range(count),
            root_seed=experiment.root_seed,
            until=experiment.until,
            folder=folder,
            executor=executor,
            workers=workers,
            progress=progress,
        )
        sweep = _gathered(experiment, design, cells, count, folder, kept)
        further = count if number is not None else _next_count(sweep)
        if further <= count:
            break
        count = further
    if directory is not None:
        _finish(directory, sweep, manifest, time.perf_counter() - began)
    return sweep


def _where(
    experiment: Experiment, point: int, arm: Arm, values: tuple[Level, ...]
) -> str:
    told = ", ".join(
        f"{factor.name} = {factor.told(value)}"
        for factor, value in zip(experiment.factors, values, strict=True)
    )
    return f"design point {point}, arm {arm.name}" + (f" ({told})" if told else "")


def _with_paths(
    cells: tuple[PlannedCell, ...], folder: Path
) -> tuple[PlannedCell, ...]:
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


def _prepare(folder: Path, digest: str) -> bool:
    """Make the folder, or accept it as this study's; return whether it was there."""
    manifest = read_manifest(folder) if folder.exists() else None
    if manifest is None and folder.exists():
        left = sorted(
            f.name for f in folder.iterdir() if not f.name.endswith(".writing")
        )
        if left and left != ["cells"]:
            message = f"{folder} holds no study but {left[0]!r}; name another folder"
            raise StudyError(message)
    elif manifest is not None and manifest.get("study_digest") != digest:
        message = (
            f"{folder} holds another study or run; name another folder, or none: each "
            "study finds its own"
        )
        raise StudyError(message)
    with archive.plain_failure(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return manifest is not None


def _manifest(
    experiment: Experiment, design: Design, digest: str, workers: int
) -> dict[str, Any]:
    manifest = provenance.manifest_of(
        experiment.scenario,
        run_digest=digest,
        root_seed=experiment.root_seed,
        until=experiment.until,
    )
    return manifest | {
        "study_digest": digest,
        "experiment": {
            "id": experiment.name,
            "question": experiment.question,
            "file": experiment.path,
            "arms": [arm.name for arm in experiment.arms],
            "factors": [factor.name for factor in experiment.factors],
        },
        "design": {
            "kind": experiment.design.kind,
            "points": len(design),
            "root_seed": experiment.design.root_seed,
        },
        "workers": workers,
        "started": provenance.now(),
    }


def _gathered(
    experiment: Experiment,
    design: Design,
    cells: tuple[PlannedCell, ...],
    count: int,
    folder: Path | None,
    kept: dict[str, list[Any]],
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
            else kept[one.cell.name]
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
                first = f"{errors[which]}\n  {table['repeat'].to_pylist()[which]}"
    return Sweep(experiment, design, cells, count, values, failed, first, folder)


def _next_count(sweep: Sweep) -> int:
    """Return how many replications the asked precision needs, whole chunks of them."""
    precision = sweep.experiment.precision
    assert precision is not None
    widest = 0.0
    for row in sweep.values[precision.outcome]:
        kept = row[~np.isnan(row)]
        _, low, high = interval(kept, "mean", 0.95)
        widest = max(widest, inf if np.isnan(high) else (high - low) / 2)
    count = sweep.replications
    if widest <= precision.half_width or count >= precision.at_most:
        return count
    ratio = min(_GROWTH, (widest / precision.half_width) ** 2)
    wanted = CHUNK * max(ceil(count * ratio / CHUNK), count // CHUNK + 1)
    return min(precision.at_most, wanted)


def _finish(
    directory: RunDirectory, sweep: Sweep, manifest: dict[str, Any], seconds: float
) -> None:
    """Write the table, the design and the manifest of a study that is complete."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.scenario.dump import dump_yaml

    folder = directory.path
    frame = sweep.table()
    csv = frame.to_csv(index=False).encode()
    archive.write_whole(folder / f"{TABLE}.csv", lambda file: file.write(csv))
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({"escalade.run": directory.digest})
    archive.write_whole(
        folder / f"{TABLE}.parquet",
        lambda file: pq.write_table(table, file, compression="zstd"),
    )
    for row, one in enumerate(sweep.cells):
        if sweep.failed[row]:  # so that the command that repeats it finds its scenario
            text = dump_yaml(one.cell.scenario).encode()
            file = _file_of(one, folder)
            archive.write_whole(file, lambda stream, text=text: stream.write(text))
    directory.sweep()
    manifest |= {
        "state": "complete",
        "replications": {"first": 0, "count": sweep.replications},
        "n_failed": int(sweep.failed.sum()),
        "duration_seconds": round(seconds, 3),
        "parts": {
            file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.glob("cells/*/outcomes/part-*.parquet"))
        },
    }
    directory.write_manifest(manifest)
