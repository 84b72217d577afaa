"""``escalade ablate``: what each mechanism of a scenario moves, switched off."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    day_from,
    days_until,
    integer_option,
    names_in,
    parse_changes,
    print_json,
    print_table,
    require,
    say,
    say_caution,
    write_json,
)
from sim.cli.progress import (
    ClusterOption,
    WorkersOption,
    progress,
    resumable,
    span,
    workers_asked,
)
from sim.cli.replications.run import DrawsOption, PosteriorOption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.ledger.ledger import Ledger
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


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
    out: Annotated[
        Path | None,
        typer.Option(help="Folder. Default: runs/ and a name of its own."),
    ] = None,
    engine: EngineOption = "auto",
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Switch each mechanism off, then all, in coupled worlds; show what that moves."""
    from sim.ensemble.draw_set import DRAWS
    from sim.errors import StudyError
    from sim.experiment.posterior import read_posterior
    from sim.ledger.ablation import ablate as run_ledger
    from sim.ledger.ablation import folder_of
    from sim.ledger.ledger import HEADLINES
    from sim.ledger.switches import blank_rows
    from sim.scenario.plugins import known_kinds

    began = time.monotonic()
    crew = workers_asked(workers, cluster)
    require("--root-seed", root_seed, 0)
    if replications is not None:
        require("--replications", replications, 1, 10_000_000)
    if draws is not None and posterior is None:
        message = "--draws needs --posterior, from which to draw"
        raise StudyError(message)
    kinds = known_kinds(plugins or (), installed=True)
    scenario, length = _asked(file, arm, parse_changes(changes), free_from, kinds)
    length = length if until is None else days_until(until, scenario)
    say_caution(scenario)
    if blank := blank_rows(scenario):
        say(f"cannot be switched off, since no neutral value is declared: "
            f"{', '.join(blank)}")  # fmt: skip
    request: dict[str, Any] = {
        "replications": replications,
        "root_seed": root_seed,
        "until": length,
        "outcomes": names_in(outcomes) or HEADLINES,
        "posterior": None if posterior is None else read_posterior(posterior),
        "draws": draws or DRAWS,
    }
    folder = folder_of(scenario, **request) if out is None else out
    with (
        resumable(lambda: f"finished rows are kept in {folder}"),
        progress(f"switching off, {scenario.name}") as shown,
    ):
        ledger = run_ledger(
            scenario,
            **request,
            mechanisms=tuple(mechanism or ()),
            workers=crew,
            out=folder,
            progress=shown,
            engine=engine,
            tell=say,
        )
    _write(ledger, folder)
    if as_json:
        from sim.ledger.table import ledger_data

        print_json(ledger_data(ledger) | {"out": str(folder)})
    else:
        _print(ledger)
    say(f"done in {span(time.monotonic() - began)}; everything is in {folder}")


def _asked(
    file: str,
    arm: str | None,
    changes: dict[str, Any],
    free_from: str | None,
    kinds: Mapping[str, Kind],
) -> tuple[Scenario, float]:
    """Return the scenario that is asked for, and how long it is simulated."""
    from sim.errors import StudyError, nearest, one_of
    from sim.experiment.load import load_experiment
    from sim.experiment.named import is_experiment
    from sim.experiment.variant import variant_of
    from sim.scenario.load import load

    if not is_experiment(file):
        if arm is not None:
            message = f"--arm {arm}: {file} is no experiment and has no arms"
            raise StudyError(message)
        scenario = load(file, changes, kinds=kinds, free_from=day_from(free_from))
        return scenario, scenario.horizon
    if free_from is not None:
        message = "--from is for a scenario; an experiment's own scenario says it"
        raise StudyError(message)
    plan = load_experiment(file, kinds)
    arms = {one.name: one for one in plan.arms}
    if arm is not None and arm not in arms:
        listed = one_of(arms)
        message = f"--arm {arm}: {plan.name} has {listed}{nearest(arm, arms)}"
        raise StudyError(message)
    chosen = plan.arms[0] if arm is None else arms[arm]
    mine = {**plan.changes, **chosen.variant.changes, **changes}
    variant = replace(chosen.variant, changes=mine)
    return variant_of(plan.document, variant, kinds=kinds), plan.until


def _write(ledger: Ledger, folder: Path) -> None:
    """Write a ledger's table, data, page and picture."""
    from sim.files import write_bytes
    from sim.ledger.table import ledger_data, ledger_table, markdown
    from sim.pictures.ledger import ledger_picture
    from sim.pictures.style import plot_and_save

    table: Any = ledger_table(ledger)
    write_bytes(folder / "ledger.csv", table.to_csv(index=False).encode())
    write_json(folder / "ledger.json", ledger_data(ledger))
    write_bytes(folder / "ledger.md", markdown(ledger).encode())
    plot_and_save(lambda: ledger_picture(ledger), folder / "ledger")


def _print(ledger: Ledger) -> None:
    from sim.ledger.table import legend, null_words, table_cells, table_heads

    drawn = f", {ledger.draws}" if ledger.draws else ""
    print(
        f"{ledger.scenario.name}: {ledger.replications} replications an arm{drawn}, "
        f"root_seed {ledger.root_seed}, {ledger.until:g} days"
    )
    print_table(table_heads(ledger), table_cells(ledger), whole=(0, 1))
    for text in legend(ledger):
        print(text)
    moved = "; ".join(null_words(ledger)) or "nothing by a size that counts"
    print(f"All feedback together moves: {moved}.")
