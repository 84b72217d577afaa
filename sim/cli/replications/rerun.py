"""``escalade rerun``: a run made again from its directory, or what failed in it."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli import completion
from sim.cli.present import EngineOption, OutcomePluginOption
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.errors import Exit
from sim.verbs.watch import say, span

if TYPE_CHECKING:
    from sim.ensemble.rerun import StoredRun
    from sim.verbs.replications.rerun import FailedAgainAnswer, RerunAnswer

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
    from sim.verbs.replications.rerun import RerunAnswer
    from sim.verbs.replications.rerun import rerun as run_again

    with watched() as screen:
        answer = run_again(
            run,
            failed=failed,
            out=out,
            workers=workers,
            cluster=cluster,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    if isinstance(answer, RerunAnswer):
        _print(answer, span(time.monotonic() - screen.began))
    else:
        _print_failed(answer)


def _print(answer: RerunAnswer, took: str) -> None:
    original, different = answer.run, answer.different
    n = len(original.manifest["parts"])
    if not different:
        print(
            f"{answer.path}: all {n} parts have the bytes of {original.path} ({took})"
        )
        return
    print(f"{answer.path}: {len(different)} of {n} parts differ from {original.path}:")
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


def _print_failed(answer: FailedAgainAnswer) -> None:
    from sim.ensemble.rerun import repeat_file

    original, still = answer.run, answer.still
    if not answer.failed:
        print(f"{original.path}: no replication failed")
        return
    print(answer.headline())
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
