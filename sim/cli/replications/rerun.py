"""``escalade rerun``: a run made again from its directory, or what failed in it."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli import completion
from sim.cli.present import EngineOption, OutcomePluginOption, say
from sim.cli.progress import ClusterOption, WorkersOption, progress, span, workers_asked
from sim.errors import Exit

if TYPE_CHECKING:
    from sim.ensemble.rerun import StoredRun
    from sim.ensemble.workers import Workers

MOST_SHOWN: Final = 20


def rerun(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help="A run directory.",
            autocompletion=completion.studies,
        ),
    ],
    failed: Annotated[
        bool,
        typer.Option("--failed", help="Only the replications that failed in it."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the new run. Default: RUN with -again added."),
    ] = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    engine: EngineOption = "auto",
    plugins: OutcomePluginOption = None,
) -> None:
    """Make a run again and say whether every byte is the same."""
    from sim.ensemble.rerun import read_run
    from sim.scenario.plugins import known_kinds, own_outcomes

    crew = workers_asked(workers, cluster)
    kinds = known_kinds(plugins or (), installed=True, or_outcomes=True)
    original = read_run(run, kinds, own=own_outcomes(plugins or ()))
    if failed:
        _rerun_failed(original, crew, engine)
    else:
        folder = run.with_name(run.name + "-again") if out is None else out
        _rerun(original, folder, crew, engine)


def _rerun(original: StoredRun, folder: Path, crew: Workers, engine: str) -> None:
    from sim.ensemble.rerun import run_again

    began = time.monotonic()
    with progress(f"again: {original.path.name}") as shown:
        different = run_again(original, folder, crew, shown, engine)
    n = len(original.manifest["parts"])
    took = span(time.monotonic() - began)
    if not different:
        print(f"{folder}: all {n} parts have the bytes of {original.path} ({took})")
        return
    print(f"{folder}: {len(different)} of {n} parts differ from {original.path}:")
    for name in different[:MOST_SHOWN]:
        print(f"  {name}")
    _tell_versions(original)
    raise typer.Exit(Exit.BROKEN)


def _tell_versions(original: StoredRun) -> None:
    """Say which versions are not those that made the run."""
    from sim.ensemble.provenance import versions

    then, now = original.manifest.get("versions", {}), versions()
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            print(f"  {name} was {then.get(name)!r}, is {now.get(name)!r}")


def _rerun_failed(original: StoredRun, crew: Workers, engine: str) -> None:
    from sim.ensemble.rerun import repeat_file, run_failed_again

    with progress(f"failed: {original.path.name}") as shown:
        had_failed, still = run_failed_again(original, crew, shown, engine)
    if not had_failed:
        print(f"{original.path}: no replication failed")
        return
    print(f"{original.path}: {len(had_failed)} failed, {len(still)} still fail")
    if original.why_other_rules:
        say(f"{original.why_other_rules}; so {original.path} is left as it is")
    words = ["escalade", "replay", str(repeat_file(original))]
    words += ["--root-seed", str(original.root_seed)]
    if original.until != original.scenario.horizon:
        words += ["--until", repr(original.until)]
    for number, error in list(still.items())[:MOST_SHOWN]:
        print(f"  {number}: {error}\n    {shlex.join(words)} --replication {number}")
    if len(still) > MOST_SHOWN:
        print(f"  and {len(still) - MOST_SHOWN} more")
    if still:
        raise typer.Exit(Exit.BROKEN)
