"""Which file is meant by the name of an experiment, and whether it is one.

Nothing of what an experiment is need be known for that, so nothing of it is loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sim.errors import Fault, ScenarioError, nearest
from sim.files import data_folder
from sim.reading.slot import as_mapping
from sim.reading.strict_yaml import read
from sim.scenario.load import shipped_scenarios

FILE_NAME: Final = "experiment.yaml"
"""The file of an experiment, in a folder of its name."""

A_SCENARIO: Final = (
    "is a scenario, not an experiment; escalade run and compare take it, and escalade "
    "new experiment writes a file to begin with"
)


def find_experiment(path: str | Path) -> Path:
    """Return the file of an experiment that is named by path, folder or bare id.

    Raises
    ------
    ScenarioError
        If there is none; it names the nearest.
    """
    file = Path(path)
    if file.is_dir():
        return file / FILE_NAME
    shipped = shipped_experiments()
    name = str(path)
    if file.exists() or file.suffix:
        return file
    if name not in shipped:
        message = f"no such file, and no shipped experiment{nearest(name, shipped)}"
        if name in shipped_scenarios():
            message = A_SCENARIO
        raise ScenarioError(name, [Fault(0, 0, "", message)])
    return shipped[name]


def shipped_experiments() -> dict[str, Path]:
    """Return the files of the experiments of this checkout, by id."""
    try:
        folder = data_folder("experiments")
    except FileNotFoundError:
        return {}
    return {file.parent.name: file for file in sorted(folder.glob(f"*/{FILE_NAME}"))}


def is_experiment(path: str | Path) -> bool:
    """Whether a path names an experiment and not a scenario."""
    file = Path(path)
    if file.name == FILE_NAME or (file / FILE_NAME).is_file():
        return True
    if not file.is_file():
        return str(path) in shipped_experiments()
    try:
        top = as_mapping(read(file).data)
    except ScenarioError:
        return False
    return "actors" not in top and bool(
        {"scenario", "question", "factors"} & top.keys()
    )
