"""``escalade replay``: one replication, told with its causes."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.present import (
    EngineOption,
    FileArgument,
    FromOption,
    JsonOption,
    LineageOption,
    OutcomePluginOption,
    PastOption,
    RootSeedOption,
    SetOption,
    UntilOption,
    WithoutOption,
    integer_option,
    parse_changes,
    print_json,
)
from sim.cli.progress import watched
from sim.digits import plural

if TYPE_CHECKING:
    from sim.reports.narrative import Sentence
    from sim.verbs.replications.replay import Replay

WIDTH = 100

LEGEND = (
    "<- leads to what a sentence answers, [by its number]. Reported: the press has it; "
    "author unknown: it does not say who did it. Without that note only those "
    "concerned know of it, who answer it all the same. Given: put in from outside. "
    "Dates without an hour: only the day is known, or the hour of such an act means "
    "nothing. The host's side: its forces, and locals who fight with the foreign "
    "power. Numbers are of all incidents, as in escalade explain; those that are "
    "missing are moves of readiness, which nobody observes: --every tells them too."
)


def replay(
    file: FileArgument,
    replication: Annotated[
        int,
        integer_option(
            "--replication",
            "-k",
            help="Number of the replication, from 0.",
        ),
    ],
    root_seed: RootSeedOption = 1,
    free_from: FromOption = None,
    past: PastOption = None,
    until: UntilOption = None,
    changes: SetOption = None,
    lineage: LineageOption = None,
    without: WithoutOption = None,
    engine: EngineOption = "auto",
    plugins: OutcomePluginOption = None,
    every: Annotated[
        bool,
        typer.Option(
            "--every",
            help="Tell each incident apart: also moves of readiness, and claims.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell one replication as a dated story with causes."""
    from sim.verbs.replications.replay import replay as replay_scenario

    with watched() as screen:
        one = replay_scenario(
            file,
            replication,
            root_seed=root_seed,
            free_from=free_from,
            past=past,
            until=until,
            changes=parse_changes(changes),
            lineage=lineage,
            without=without,
            engine=engine,
            plugin=plugins,
            every=every,
            watch=screen,
        )
    if as_json:
        print_json(one.data())
        return
    print(
        f"{one.scenario.heading}: replication {replication}, root_seed {root_seed}, "
        f"{one.log.horizon:g} days{f', {one.altered}' if one.altered else ''}"
    )
    print(fill(LEGEND, WIDTH))
    for sentence in one.story:
        print(sentence_text(sentence))
    print(fill(_ending(one), WIDTH))


def sentence_text(sentence: Sentence) -> str:
    """Return a sentence as one dated paragraph.

    The number of the sentence that tells its cause stands after an arrow.
    """
    head = f"{sentence.number:4d}  {sentence.date:16}  "
    text = sentence.text
    if sentence.because:
        number = f" [{sentence.cause}]" if sentence.cause else ""
        text += f" <- {sentence.because}{number}"
    notes = "given" if sentence.is_given else ""
    if sentence.press != "unreported":
        notes = f"{notes}; {sentence.press}" if notes else sentence.press
    if notes:
        text += f" ({notes})"
    return fill(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _ending(one: Replay) -> str:
    """Return the last line: what it came to."""
    from sim.ladder import RUNGS

    values = one.outcomes

    def count(name: str, noun: str) -> str:
        return f"{values[name]:.0f} {plural(values[name], noun)}"

    n = sum(1 for _ in one.log.incidents())
    peak = int(values["peak_rung_true"])
    return (
        f"{n} incidents, told in {len(one.story)} sentences; of those not given: "
        f"{count('n_rocket_attacks_true', 'rocket attack')} "
        f"({values['n_rocket_attacks']:.0f} reported), "
        f"{count('n_strikes_true', 'strike')}, "
        f"{count('n_coalition_deaths_true', 'coalition death')}, highest rung "
        f"{peak} ({RUNGS[peak]})"
    )
