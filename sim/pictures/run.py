"""The pictures of a run: one typical replication, the outcomes, attacks by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.run import run_replication
from sim.ensemble.typical import typical_replication
from sim.pictures.distribution import distribution_pictures
from sim.pictures.ladder import ladder_picture
from sim.pictures.style import Making, save_all
from sim.pictures.timeline import timeline_picture, weekly_attacks
from sim.record.table import recorded_weeks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from sim.ensemble.ensemble import Ensemble
    from sim.record.targets import Target


def run_pictures(
    ensemble: Ensemble,
    targets: Sequence[Target],
    changes: Sequence[str] = (),
) -> dict[str, Callable[[], Figure]]:
    """Return what plots each picture of a run, by name.

    Without its records the picture of the weeks is left out. `changes` are
    ``path=value`` of what differs from the scenario's file.

    Raises
    ------
    StudyError
        If no replication succeeded.
    """
    scenario, until = ensemble.scenario, ensemble.until
    typical = typical_replication(ensemble.outcomes)
    finished = ensemble.outcomes.drop(index=ensemble.failures.index)
    making = Making(
        ensemble.root_seed, f"{len(finished)} replications", until, tuple(changes)
    )
    one = making._replace(replications=f"replication {typical}")
    number, altered = ensemble.alteration.member(typical)
    log = run_replication(
        scenario, ensemble.root_seed, number, until, alteration=altered
    )
    pictures = {
        "ladder": lambda: ladder_picture(log, scenario, one),
        "outcomes": lambda: distribution_pictures(finished, scenario, targets, making),
    }
    weeks = weekly_attacks(ensemble) if ensemble.with_log else None
    if weeks is not None and weeks.shape[1] > 0:
        recorded = recorded_weeks(scenario, until)
        pictures["weeks"] = lambda: timeline_picture(weeks, scenario, recorded, making)
    return pictures


def plot_run(
    ensemble: Ensemble,
    targets: Sequence[Target],
    folder: Path,
) -> list[Path]:
    """Plot the pictures of a run into a folder, as SVG and PNG; return their files.

    The rest is as in `run_pictures`.
    """
    return save_all(run_pictures(ensemble, targets), folder)
