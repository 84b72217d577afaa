"""What is kept of a view: its file, an experiment, a run, a report, and the commands.

All of it goes into one folder below the page's own; nothing is written elsewhere. The
numbers that the commands print are those that were seen, to the last digit.
"""

from __future__ import annotations

import shlex
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from sim.ensemble.ensemble import run_draws, run_ensemble
from sim.errors import StudyError
from sim.explorer.session import AS_IT_STANDS, EXPLORED, PER_DRAW
from sim.files import make_folder, write_text
from sim.reading.structure import name_fault
from sim.reading.written import written
from sim.scenario.dump import write_resolved
from sim.scenario.load import shipped_scenarios

if TYPE_CHECKING:
    from sim.ensemble.part import Progress
    from sim.explorer.session import Session
    from sim.explorer.view import View
    from sim.scenario.scenario import Scenario

Form = Literal["view", "experiment", "run", "report"]
FORMS: Final[tuple[str, ...]] = get_args(Form)

VIEW, NUMBERS = "view.yaml", "numbers.json"
EXPERIMENT = "experiment.yaml"
RANGES, RUN, BASE = "ranges.parquet", "run", "as_it_stands"


class KeptView(NamedTuple):
    """What was kept."""

    files: tuple[Path, ...]
    commands: tuple[str, ...]
    """What repeats it, the first being that of the form which was asked for."""
    numbers: str
    """What was seen, as JSON, to the last digit."""


def keep(
    session: Session,
    view: View,
    form: str,
    home: Path,
    name: str,
    progress: Progress | None = None,
) -> KeptView:
    """Keep a view in a folder of its own.

    Parameters
    ----------
    session, view
        What is looked at.
    form
        ``view``, ``experiment``, ``run`` or ``report``; the view's file and its numbers
        come with each.
    home
        The folder of all that is kept; made when it is not there.
    name
        Of the view's own folder in it, and id of the experiment.
    progress
        Called with the worlds done and asked, of a run or a report.

    Raises
    ------
    StudyError
        If the name is no id, its folder holds another view or is a link to
        elsewhere, or an experiment is asked of a view with a range.
    RunError
        If the folder cannot be written.
    """
    if message := name_fault(name):
        raise StudyError(message)
    folder = home / name
    if not folder.resolve().is_relative_to(home.resolve()):
        message = f"{folder} is a link to elsewhere; choose another name"
        raise StudyError(message)
    if form not in FORMS:
        message = f"{form!r} is none of {', '.join(FORMS)}"
        raise StudyError(message)
    scenario = session.scenario_of(view)
    if form == "experiment" and view.ranges:
        message = (
            "an experiment's arm has values, and this view has a range: keep it as a "
            "run, or choose a value"
        )
        raise StudyError(message)
    make_folder(folder)
    text = _view_text(session, view, folder)
    if (folder / VIEW).is_file() and (folder / VIEW).read_text("utf-8") != text:
        message = f"{folder} holds another view; choose another name"
        raise StudyError(message)
    files = [_write(folder / VIEW, text)]
    commands = [_words("explore", folder / VIEW, "--print")]
    answer = session.answer(view, view.replications, progress)
    numbers = dumps(answer.numbers(), indent=2)
    files.append(_write(folder / NUMBERS, f"{numbers}\n"))
    if form == "experiment":
        asked = experiment_text(session, view, folder)
        files.append(_write(folder / EXPERIMENT, asked))
        commands.insert(0, _words("compare", folder / EXPERIMENT))
    if form in ("run", "report"):
        changed = write_resolved(scenario, folder)
        files += changed
        words: list[str | Path] = ["run", changed[0]]
        words += ["--root-seed", f"{view.root_seed}", "--out", folder / RUN]
        if session.until != scenario.horizon:
            words += ["--until", f"{session.until!r}"]
        words += _run(session, view, scenario, folder, progress)
        files += [folder / RANGES] if view.ranges else []
        files.append(folder / RUN)
        again = [] if view.ranges else [_words("rerun", folder / RUN)]
        commands[:0] = [_words(*words), *again]
    if form == "report":
        from sim.reports.report import write_report

        question = f"What do the changes of {folder.name} make of the scenario?"
        file = write_report(folder / RUN, folder / "report.html", question=question)
        files.append(file)
        commands.insert(0, _words("report", folder / RUN, "--out", file))
    return KeptView(tuple(files), tuple(commands), numbers)


def experiment_text(session: Session, view: View, folder: Path) -> str:
    """Return the experiment that asks what a view shows."""
    arm: dict[str, Any] = {"label": EXPLORED}
    if view.changes:
        arm["changes"] = {
            path: session.written(path, value) for path, value in view.changes.items()
        }
    if view.moves:
        arm["developments"] = [dict(move) for move in view.moves]
    outcome = session.outcomes[view.outcome]
    return written(
        {
            "schema": 1,
            "id": folder.name,
            "question": (
                f"What do these changes make of {outcome.label}, in the same worlds?"
            ),
            "scenario": _scenario_of(session, folder),
            "root_seed": view.root_seed,
            "replications": view.replications,
            "until": session.until,
            "outcomes": [view.outcome],
            "arms": {
                "as_it_stands": {"label": AS_IT_STANDS},
                "explored": arm,
            },
        }
    )


def _scenario_of(session: Session, folder: Path) -> str:
    """Return how a file in the folder names the scenario as it stands.

    One that does not ship is written beside it, as it was resolved.
    """
    shipped = shipped_scenarios().get(session.scenario.name)
    if shipped is not None and shipped == Path(session.scenario.path):
        return session.scenario.name
    file = write_resolved(session.scenario, folder / BASE)[0]
    return file.relative_to(folder).as_posix()


def _view_text(session: Session, view: View, folder: Path) -> str:
    from dataclasses import replace

    is_whole = session.until == session.scenario.horizon
    until = None if is_whole else session.until
    return replace(view, scenario=_scenario_of(session, folder), until=until).text()


def _run(
    session: Session,
    view: View,
    scenario: Scenario,
    folder: Path,
    progress: Progress | None,
) -> list[str | Path]:
    """Run a view into the folder; return what the command has more."""
    from sim.experiment.posterior import write_posterior

    how: dict[str, Any] = {
        "root_seed": view.root_seed,
        "workers": session.crew,
        "until": session.until,
        "out": folder / RUN,
        "engine": session.engine,
        "progress": progress,
    }
    if not view.ranges:
        run_ensemble(scenario, replications=view.replications, **how)
        return ["-n", f"{view.replications}"]
    posterior = session.posterior(view, scenario)
    write_posterior(folder / RANGES, posterior)
    draws = view.replications // PER_DRAW
    run_draws(scenario, posterior, draws=draws, replications=PER_DRAW, **how)
    words: list[str | Path] = ["--posterior", folder / RANGES]
    return [*words, "--draws", f"{draws}", "-n", f"{PER_DRAW}"]


def _write(file: Path, text: str) -> Path:
    write_text(file, text)
    return file


def _words(*words: str | Path) -> str:
    """Return a command of escalade."""
    return shlex.join(["escalade", *map(str, words)])
