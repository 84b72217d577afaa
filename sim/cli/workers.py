"""Who does the work of a verb: ``--workers`` of this machine, or a ``--cluster``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli.present import require

if TYPE_CHECKING:
    from sim.ensemble.workers import Workers

MOST_WORKERS: Final = 1024

WorkersOption = Annotated[
    int | None,
    typer.Option(help="Processes; results do not depend on it. Default: all CPUs."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://...",
        help="A Dask scheduler, whose workers work (needs escalade[cluster]).",
    ),
]


def workers_asked(workers: int | None, cluster: str | None) -> Workers:
    """Return who is to work.

    Raises
    ------
    StudyError
        If both are named, or the number is out of range.
    """
    from sim.errors import StudyError

    if cluster is not None:
        if workers is not None:
            message = "--workers and --cluster exclude each other: give one of them"
            raise StudyError(message)
        return cluster
    n_workers = available_cpus() if workers is None else workers
    require("--workers", n_workers, 1, MOST_WORKERS)
    return n_workers


def available_cpus() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
