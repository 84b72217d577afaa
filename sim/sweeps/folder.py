"""The folder of a sweep: its cells' parts, its table, its manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.ensemble import provenance
from sim.ensemble.study_folder import part_checksums
from sim.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ensemble.archive import RunDirectory
    from sim.ensemble.draw_set import DrawSet
    from sim.experiment.design import Design
    from sim.experiment.experiment import Experiment
    from sim.sweeps.cells import PlannedCell
    from sim.sweeps.sweep import Sweep

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
    workers: int | str,
    draws: DrawSet | None = None,
) -> dict[str, Any]:
    """Return what is known of a study before it runs."""
    manifest = provenance.manifest_of(
        experiment.scenario,
        run_digest=digest,
        root_seed=experiment.root_seed,
        until=experiment.until,
    )
    if draws is not None:
        manifest["draws"] = draws.manifest()
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


def finish(
    directory: RunDirectory, sweep: Sweep, manifest: dict[str, Any], seconds: float
) -> None:
    """Write the table, the design and the manifest of a study that is complete."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.scenario.dump import dump_yaml

    folder = directory.path
    frame = sweep.table()
    csv = frame.to_csv(index=False).encode()
    write_whole(folder / f"{TABLE}.csv", lambda file: file.write(csv))
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({"escalade.run": directory.digest})
    write_whole(
        folder / f"{TABLE}.parquet",
        lambda file: pq.write_table(table, file, compression="zstd"),
    )
    for row, one in enumerate(sweep.cells):
        if sweep.failed[row]:  # so that the command that repeats it finds its scenario
            text = dump_yaml(one.cell.scenario).encode()
            file = _file_of(one, folder)
            write_whole(file, lambda stream, text=text: stream.write(text))
    if sweep.draws is not None:
        sweep.draws.write(folder)
    directory.sweep()
    manifest |= {
        "state": "complete",
        "replications": {"first": 0, "count": sweep.replications},
        "n_failed": int(sweep.failed.sum()),
        "duration_seconds": round(seconds, 3),
        "parts": part_checksums(folder),
    }
    directory.write_manifest(manifest)
