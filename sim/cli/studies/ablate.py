"""``escalade ablate``: what each mechanism of a scenario moves, switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    FromOption,
    JsonOption,
    PluginOption,
    RootSeedOption,
    SetOption,
    UntilOption,
    integer_option,
    parse_changes,
    print_json,
    print_table,
)
from sim.cli.progress import ClusterOption, WorkersOption, watched
from sim.cli.replications.run import DrawsOption, PosteriorOption
from sim.cli.studies.sweep import OutOption

if TYPE_CHECKING:
    from sim.verbs.studies.ablate import LedgerAnswer


def ablate(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="Scenario file or the id of a shipped one; or an experiment file, of "
            "which an arm is taken.",
            autocompletion=completion.files,
        ),
    ],
    arm: Annotated[
        str | None,
        typer.Option(help="Of an experiment: which arm. Default: the first."),
    ] = None,
    changes: SetOption = None,
    free_from: FromOption = None,
    replications: Annotated[
        int | None,
        integer_option(
            "--replications",
            "-n",
            help="Of each arm (of each draw, with --posterior). Default: 2000, or 2.",
        ),
    ] = None,
    root_seed: RootSeedOption = 1,
    until: UntilOption = None,
    outcomes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="What is measured; names that end in _true.",
            autocompletion=completion.outcomes,
        ),
    ] = None,
    mechanism: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[.NAME]",
            help="Run these rows only, and the null; may be repeated.",
        ),
    ] = None,
    posterior: PosteriorOption = None,
    draws: DrawsOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    out: OutOption = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Switch each mechanism off, then all, in coupled worlds; show what that moves."""
    from sim.verbs.studies.ablate import ablate as switch_off

    with watched() as screen:
        answer = switch_off(
            file,
            arm=arm,
            changes=parse_changes(changes),
            free_from=free_from,
            replications=replications,
            root_seed=root_seed,
            until=until,
            outcomes=outcomes,
            mechanism=mechanism,
            posterior=posterior,
            draws=draws,
            workers=workers,
            cluster=cluster,
            out=True if out is None else out,
            engine=engine,
            plugin=plugins,
            watch=screen,
        )
    if as_json:
        print_json(answer.data())
    else:
        _print(answer)
    screen.done(f"everything is in {answer.path}")


def _print(answer: LedgerAnswer) -> None:
    from sim.ledger.table import legend, null_words, table_cells, table_heads

    ledger = answer.result
    print(answer.headline())
    print_table(table_heads(ledger), table_cells(ledger), whole=(0, 1))
    for text in legend(ledger):
        print(text)
    moved = "; ".join(null_words(ledger)) or "nothing by a size that counts"
    print(f"All feedback together moves: {moved}.")
