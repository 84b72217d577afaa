"""``escalade new experiment`` and ``new scenario``: commented files to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from sim.cli.present import say

app: Final = typer.Typer(
    no_args_is_help=True, help="Write a commented file to start from."
)


def new_experiment(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Its name, such as e03_raids.")
    ],
    folder: Annotated[
        Path, typer.Option("--in", help="Where its folder is made.")
    ] = Path("experiments"),
) -> None:
    """Write a commented experiment that runs as it stands."""
    from sim.errors import StudyError
    from sim.experiment.named import FILE_NAME
    from sim.experiment.starter import starting_text
    from sim.files import plain_failure, write_whole
    from sim.reading.structure import name_fault

    if message := name_fault(identity):
        raise StudyError(message)
    file = folder / identity / FILE_NAME
    if file.exists():
        message = f"{file} is there already; choose another id, or edit it"
        raise StudyError(message)
    text = starting_text(identity).encode()
    with plain_failure(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda stream: stream.write(text))
    print(file)
    say(f"next: edit it, then: escalade check {file} && escalade sweep {file}")


def new_scenario(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Its name, such as my_theatre_2019.")
    ],
    folder: Annotated[
        Path, typer.Option("--in", help="Where its file is written.")
    ] = Path(),
    posterior: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the scenario that was fitted, with this posterior's numbers.",
        ),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --posterior: file that was fitted, if it is not a shipped one.",
        ),
    ] = None,
    renew: Annotated[
        bool,
        typer.Option("--renew", help="With --posterior: write over what is there."),
    ] = False,
) -> None:
    """Write a commented scenario that runs as it stands, or a fitted one."""
    from sim.errors import Fault, ScenarioError, StudyError
    from sim.files import plain_failure, write_whole
    from sim.scenario.load import shipped_scenarios
    from sim.scenario.starter import starting_scenario

    file = folder / f"{identity}.yaml"
    if posterior is not None:
        _write_fitted(posterior, base, file, renew)
        return
    if base is not None or renew:
        option = "--base" if base is not None else "--renew"
        message = f"{option} goes with --posterior, and there is none"
        raise StudyError(message)
    text = starting_scenario(identity).encode()
    message = ""
    if file.exists():
        message = "is there already; choose another id, or edit it"
    elif identity in shipped_scenarios():
        message = f"a shipped scenario is called {identity!r}; choose another id"
    if message:
        raise ScenarioError(str(file), [Fault(0, 0, "", message)])
    with plain_failure(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, lambda stream: stream.write(text))
    print(file)
    say(f"next: edit it, then: escalade check {file} && escalade run {file} -n 100")


def _write_fitted(
    posterior: Path, base: Path | None, file: Path, is_renewed: bool
) -> None:
    from sim.calibration.fitted_scenario import write_fitted
    from sim.experiment.posterior import read_posterior
    from sim.scenario.load import find

    fit = read_posterior(posterior)
    fitted = find(fit.metadata["scenario"] if base is None else base)
    beside = write_fitted(fit, fitted, file, is_renewed=is_renewed)
    print(file)
    print(beside)
    say(f"next: escalade check {file} && escalade run {file} -n 1000")
