"""``brief``: a run, a comparison or a sweep on one sheet, to be sent on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.verbs.arguments import offered_by
from sim.verbs.replications.report import folder_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from sim.reports.brief import Brief
    from sim.verbs.answer import Answer


def brief(
    run: str | os.PathLike[str] | Answer,
    *,
    out: str | os.PathLike[str] | None = None,
    question: str = "",
    plugin: str | Sequence[str] | None = None,
) -> Brief:
    """Write one page as HTML and PDF, and a table for spreadsheets.

    Parameters
    ----------
    run
        Folder of a run, a comparison or a sweep; or what was answered with one.
    out
        Folder for ``brief.html``, ``brief.pdf`` and ``brief.csv``; that of the run when
        None.
    question
        What was asked, to stand on top of it.
    plugin
        Module or modules that offer kinds of actor, or outcomes.

    Returns
    -------
    Brief
        The three files as ``html``, ``pdf`` and ``table``, each of less than a MB, and
        the sentences: ``question``, ``answer``, ``assumptions``, ``would_change``,
        ``how_sure``; and the ``command`` to run next, if any.

    Raises
    ------
    StudyError
        If the folder holds none of them, is not complete, or there is none.
    RunError
        If a part cannot be read, or a file not be written.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=5, until=30)
    >>> sim.brief(few)
    Traceback (most recent call last):
    ...
    sim.errors.StudyError: <Run: iraq_2019_2020 ...> was kept in memory: ... with out
    """
    from sim.reports.brief import write_brief

    kinds, own = offered_by(plugin)
    return write_brief(
        folder_of(run),
        None if out is None else Path(out),
        question=question,
        kinds=kinds,
        own=own,
    )
