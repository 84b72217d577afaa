"""``escalade replay``: one replication, told with its causes."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

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
    header,
    integer_option,
    print_json,
    require,
    scenario_asked,
)

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.reports.narrative import Sentence
    from sim.scenario.scenario import Scenario

WIDTH = 100

LEGEND = (
    "<- leads to what a sentence answers, [by its number]. Reported: the press has it; "
    "author unknown: it does not say who did it. Without that note only those "
    "concerned know of it, who answer it all the same. Given: put in from outside. "
    "Dates without an hour: only the day is known. The host's side: its forces, and "
    "locals who fight with the foreign power."
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
    as_json: JsonOption = False,
) -> None:
    """Tell one replication as a dated story with causes."""
    from sim.engine.alteration import alteration_of
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.reports.narrative import narrate

    require("--replication", replication, 0)
    require("--root-seed", root_seed, 0)
    scenario, length = scenario_asked(file, changes, plugins, free_from, until, past)
    driver, _ = choose_driver(Cast(scenario), 1, engine, length)
    alteration = alteration_of(scenario.start, lineage or (), without or ())
    log = driver.log(root_seed, replication, length, alteration)
    sentences = narrate(log, scenario)
    if as_json:
        print_json(_as_data(scenario, log, sentences))
        return
    print(
        f"{scenario.heading}: replication {replication}, root_seed {root_seed}, "
        f"{length:g} days{f', {alteration}' if alteration else ''}"
    )
    print(fill(LEGEND, WIDTH))
    for sentence in sentences:
        print(sentence_text(sentence))
    print(fill(_ending(log, scenario, len(sentences)), WIDTH))


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


def _ending(log: IncidentLog, scenario: Scenario, n_sentences: int) -> str:
    """Return the last line: what it came to."""
    from sim.ladder import RUNGS
    from sim.outcomes import outcomes_of

    values = outcomes_of(log, scenario)
    n = sum(1 for _ in log.incidents())
    peak = int(values["peak_rung_true"])
    return (
        f"{n} incidents, told in {n_sentences} sentences; of those not given: "
        f"{values['n_rocket_attacks_true']:.0f} "
        f"rocket attacks ({values['n_rocket_attacks']:.0f} reported), "
        f"{values['n_strikes_true']:.0f} strikes, "
        f"{values['n_coalition_deaths_true']:.0f} coalition deaths, highest rung "
        f"{peak} ({RUNGS[peak]})"
    )


def _as_data(
    scenario: Scenario, log: IncidentLog, sentences: list[Sentence]
) -> dict[str, Any]:
    from sim.engine.log import COLUMNS, LOG_VERSION
    from sim.outcomes import outcomes_of

    return {
        "scenario": header(scenario),
        "root_seed": log.root_seed,
        "replication": log.replication,
        "until_days": log.horizon,
        "outcomes": outcomes_of(log, scenario),
        "story": [
            sentence._asdict() | {"when": sentence.when.isoformat(timespec="seconds")}
            for sentence in sentences
        ],
        "log_version": LOG_VERSION,
        "columns": list(COLUMNS),
        "records": [list(row) for row in log.rows()],
    }
