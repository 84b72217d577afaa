"""``report``: a run, a comparison or a sweep as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import offered_by

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


def folder_of(run: str | os.PathLike[str] | Answer) -> Path:
    """Return the folder of what was run.

    Raises
    ------
    StudyError
        If it was kept in memory.
    """
    if not isinstance(run, Answer):
        return Path(run)
    path: Path | None = getattr(run, "path", None)
    if path is None:
        message = f"{run!r} was kept in memory: give it a folder, with --out"
        raise StudyError(message)
    return path


def report(
    run: str | os.PathLike[str] | Answer,
    *,
    out: str | os.PathLike[str] | None = None,
    question: str = "",
    plugin: str | Sequence[str] | None = None,
) -> Path:
    """Write a report that opens in any browser, without a network.

    Parameters
    ----------
    run
        Folder of a run, a comparison or a sweep; or what was answered with one.
    out
        The file; ``report.html`` in the folder when None.
    question
        What was asked, to stand on top of it.
    plugin
        Module or modules that offer kinds of actor, or outcomes.

    Returns
    -------
    pathlib.Path
        The file, some MB.

    Raises
    ------
    StudyError
        If the folder holds none of them, is not complete, or there is none.
    RunError
        If a part cannot be read, or the file not be written.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=5, until=30)
    >>> sim.report(few)
    Traceback (most recent call last):
    ...
    sim.errors.StudyError: <Run: iraq_2019_2020 ...> was kept in memory: ... with out
    """
    from sim.reports.report import write_report

    kinds, own = offered_by(plugin)
    return write_report(
        folder_of(run),
        None if out is None else Path(out),
        question=question,
        kinds=kinds,
        own=own,
    )
