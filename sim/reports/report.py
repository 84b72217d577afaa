"""A run, a comparison or a sweep as one HTML file that opens without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ensemble.study_folder import COMPARISON, read_manifest
from sim.errors import StudyError
from sim.files import write_text
from sim.reports.manifest import require_complete
from sim.reports.page import rendered
from sim.rules.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.outcomes.own import OwnOutcome
    from sim.reports.page import Page
    from sim.rules.behaviour import Kind

FILE_NAME = "report.html"


def write_report(
    path: Path,
    out: Path | None = None,
    *,
    question: str = "",
    kinds: Mapping[str, Kind] = KINDS,
    own: Mapping[str, OwnOutcome] | None = None,
) -> Path:
    """Write the report of a folder that a run, a comparison or a sweep left.

    Nothing is simulated but replications of a run that are explained. The file is
    ``report.html`` in the folder unless given; `question` takes the place of what the
    folder says was asked; `own` has the outcomes of the user's own that were measured.

    Raises
    ------
    StudyError
        If the folder holds none of them, or is not complete.
    RunError
        If a part cannot be read, or the file not be written.
    """
    page = page_of(path, question, kinds, own)
    file = path / FILE_NAME if out is None else out
    write_text(file, rendered(page))
    return file


def page_of(
    path: Path,
    question: str,
    kinds: Mapping[str, Kind] = KINDS,
    own: Mapping[str, OwnOutcome] | None = None,
) -> Page:
    """Return the report of a folder, before it is written."""
    from sim.ensemble.rerun import read_run
    from sim.reports import study
    from sim.reports.run import run_page

    if (path / COMPARISON).is_file():
        return study.comparison_page(path, question, kinds)
    manifest = read_manifest(path)
    if manifest is None:
        message = (
            f"{path} holds no run, comparison or sweep; name the folder that escalade "
            "run, compare --out or sweep said that everything is in"
        )
        raise StudyError(message)
    if "draws" in manifest and "arms" in manifest:
        from sim.reports.policies import drawn_page

        return drawn_page(path, manifest, question, kinds)
    if "draws" in manifest and "experiment" not in manifest:
        from sim.reports import draws

        return draws.draws_page(path, manifest, question, kinds, own)
    if "study_digest" in manifest:
        return study.sweep_page(path, manifest, question, kinds)
    run = read_run(path, kinds, own=own)
    require_complete(path, manifest)
    return run_page(run, question)
