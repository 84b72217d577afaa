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
    from sim.study.archive import plain_failure, write_whole
    from sim.study.plan import FILE_NAME
    from sim.study.plan_shape import name_fault
    from sim.study.plan_start import starting_text

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
) -> None:
    """Write a commented scenario that runs as it stands."""
    from sim.errors import Fault, ScenarioError
    from sim.scenario.load import shipped_scenarios
    from sim.scenario.starter import starting_scenario
    from sim.study.archive import plain_failure, write_whole

    text = starting_scenario(identity).encode()
    file = folder / f"{identity}.yaml"
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
