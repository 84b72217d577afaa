"""What a shell completes: scenarios, studies, parameter paths and outcomes.

A shell asks at every press of a key, so that nothing is loaded that can be remembered:
paths and outcomes of a file are kept until a file beside it, or the program, changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from sim.files import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST: Final = 200
"""Files of the folder that are offered."""


def files(incomplete: str) -> list[str]:
    """Return scenarios and experiments: shipped ones by id, others by path."""
    ids = [file.stem for file in _yaml_in("scenarios", "*.yaml")]
    ids += [file.parent.name for file in _yaml_in("experiments", "*/experiment.yaml")]
    return _starting(incomplete, [*ids, *_near(incomplete, (".yaml", ".yml"))])


def studies(incomplete: str) -> list[str]:
    """Return the folders that a run or another study left, here and in runs/."""
    folders = [*Path().glob("*/"), *Path("runs").glob("*/")]
    marks = ("manifest.json", "comparison.json")
    known = [str(f) for f in folders if any((f / mark).is_file() for mark in marks)]
    near = [name for name in _near(incomplete, ()) if name.rstrip("/") not in known]
    return _starting(incomplete, [*sorted(known), *near])


def paths(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the paths of a scenario's numbers, as ``--set`` takes them.

    The one that is left stands also with its value, so that a shell shows that and
    puts no space after the equals sign.
    """
    numbers: dict[str, float] = _known(ctx)["paths"]
    names = _starting(incomplete.partition("=")[0], numbers)
    if len(names) == 1:
        names.append(f"{names[0]}={numbers[names[0]]:g}")
    return [name if "=" in name else f"{name}=" for name in names]


def plain_paths(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the paths of a scenario's numbers."""
    return _starting(incomplete, _known(ctx)["paths"])


def outcome(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of a scenario's outcomes."""
    return _starting(incomplete, _known(ctx)["outcomes"])


def outcomes(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of outcomes after those that stand, commas between."""
    before, comma, last = incomplete.rpartition(",")
    taken = before.split(",")
    names = [name for name in outcome(ctx, last) if name not in taken]
    return [f"{before}{comma}{name}" for name in names]


def _starting(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _yaml_in(folder: str, pattern: str) -> list[Path]:
    try:
        return sorted(data_folder(folder).glob(pattern))
    except FileNotFoundError:
        return []


def _near(incomplete: str, suffixes: tuple[str, ...]) -> list[str]:
    """Return folders and files that go on from what is typed."""
    start = Path(incomplete)
    folder = start if incomplete.endswith("/") else start.parent
    try:
        entries = sorted(folder.iterdir())[:MOST]
    except OSError:
        return []
    return [
        f"{entry}/" if entry.is_dir() else f"{entry}"
        for entry in entries
        if entry.is_dir() or entry.suffix in suffixes
    ]


def _known(ctx: typer.Context) -> dict[str, Any]:
    """Return numbers by path, and outcomes, of the scenario that is named."""
    named: list[str] = [*ctx.args]  # while an option's value is typed: all words
    for one in ("file", "files", "experiment", "run"):
        value: Any = ctx.params.get(one)
        if value:
            named = [f"{value}"] if one != "files" else [f"{word}" for word in value]
    file = named[0] if named else ""
    if file and Path(file).is_dir():  # a run keeps its scenario
        file = next(map(str, sorted(Path(file).glob("*.yaml"))), file)
    from importlib.metadata import version

    from sim.memo import keep, key_of, recall

    place = _file_of(file)
    beside = [*place.parent.glob("*.yaml")] if place is not None else []
    states = [f"{one} {one.stat().st_mtime_ns}" for one in beside]
    key = key_of(
        "completion of numbers", [version("escalade"), str(place), *states], ()
    )
    known = recall(key, lambda value: set(value) == {"paths", "outcomes"})
    if known is None:
        known = _read(file)
        keep(key, known)
    return known


def _file_of(name: str) -> Path | None:
    """Return the file that a name stands for, without loading a reader of it."""
    if Path(name).is_file():
        return Path(name).resolve()
    shipped = _yaml_in("scenarios", f"{name}.yaml") if name else []
    shipped += _yaml_in("experiments", f"{name}/experiment.yaml") if name else []
    return shipped[0] if shipped else None


def _read(file: str) -> dict[str, Any]:
    """Read a file's numbers and outcomes; those of every scenario if it has a fault."""
    from sim.errors import SimError
    from sim.experiment.load import load_experiment
    from sim.experiment.named import is_experiment
    from sim.outcomes import OUTCOMES, outcomes_for
    from sim.scenario.load import load

    try:
        read: Callable[[], Any] = (
            (lambda: load_experiment(file).scenario)
            if is_experiment(file)
            else lambda: load(file)
        )
        scenario = read()
    except (SimError, OSError):
        return {"paths": {}, "outcomes": list(OUTCOMES)}
    return {
        "paths": {cited.path: cited.value for cited in scenario.cited},
        "outcomes": list(outcomes_for(scenario)),
    }
