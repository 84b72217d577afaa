"""``escalade explain``: why an incident happened, and what if one had not."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    SCREEN,
    EngineOption,
    JsonOption,
    integer_option,
    print_json,
    print_table,
)
from sim.cli.progress import watched

if TYPE_CHECKING:
    from sim.explanation.necessity import ButFor
    from sim.explanation.paths import Paths
    from sim.scenario.scenario import Scenario
    from sim.verbs.replications.explain import DifferenceAnswer, ExplanationAnswer

WIDTH = 100

OutcomesOption = Annotated[
    str | None,
    typer.Option(
        help="Outcomes, with commas between; default: the main ones.",
        autocompletion=completion.outcomes,
    ),
]
RunArgument = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help="The folder of an escalade run.",
        autocompletion=completion.studies,
    ),
]


def explain(
    run: RunArgument,
    replication: Annotated[
        int | None,
        integer_option(
            "--replication",
            "-k",
            help="Number of the replication. Default: one that ends in a strike; of "
            "--without and --put-in all of the run's.",
        ),
    ] = None,
    incident: Annotated[
        str | None,
        typer.Option(
            help="Its number in the story (escalade replay), its identity, or words "
            "such as 'first strike', 'last raid', 'worst attack', 'first coalition "
            "death', 'air_strike@2020-01-01'. Default: of its strikes the first on the "
            "highest rung, or without any the first on the highest rung.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INCIDENT",
            help="Tell what if this had not happened: words as of --incident, "
            "act=ACT, act=ACT@DATE or 'all strikes' for a class, development=ID or "
            "record=ROW; with --replication also a number in the story, or an "
            "identity, and several.",
        ),
    ] = None,
    put_in: Annotated[
        str | None,
        typer.Option(
            "--put-in",
            metavar="INCIDENT",
            help="Tell what if this had happened: act=ACT,actor=NAME,at=DATE, and "
            "target=, site= and what it does (killed_foreign=2); with --replication "
            "also author=N: what if who did incident N were known for sure.",
        ),
    ] = None,
    outcomes: OutcomesOption = None,
    paths_to: Annotated[
        str | None,
        typer.Option(
            "--paths-to",
            metavar="ACT",
            help="Tell over the whole run by which chains this act first comes about "
            "(or what other words of --incident name), and where chains end.",
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw it, into this file (.svg and .png)."),
    ] = None,
    engine: EngineOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Say why an incident happened, or what would be without one."""
    from sim.verbs.arguments import caution
    from sim.verbs.replications import explain as answers

    with watched() as screen:
        answer = answers.explain(
            run,
            replication=replication,
            incident=incident,
            without=without,
            put_in=put_in,
            outcomes=outcomes,
            paths_to=paths_to,
            picture=picture,
            engine=engine,
            watch=screen,
        )
    if as_json:
        print_json(answer.data())
        return
    if text := caution(answer.scenario):
        print(fill(f"Caution: {text}.", WIDTH))
    title = answer.scenario.title
    match answer:
        case answers.PathsAnswer():
            _print_paths(answer.result, title)
        case answers.ButForAnswer():
            _print_over_all(answer.result, answer.scenario)
        case answers.DifferenceAnswer():
            _print_difference(answer)
        case answers.ExplanationAnswer():
            _print_why(answer)


def _print_why(answer: ExplanationAnswer) -> None:
    from sim.reports.why import (
        bans_text,
        chance_text,
        described,
        heading,
        marks_legend,
        needed_line,
        others_text,
        prevention_cells,
        prevention_rows,
        preventions_legend,
        reasons_legend,
        short_text,
        swaps_text,
    )

    one, steps = answer.result, answer.step_texts
    if answer.chosen:
        print(fill(answer.chosen, WIDTH))
    print(fill(f"{answer.scenario.title}: {heading(one)}", WIDTH))
    print(f"\n{fill(f'In short: {short_text(one)}', WIDTH)}")
    print("\nWhat would have prevented it, and what comes then\n")
    if one.needed:
        print(fill(f"{needed_line(one)}:", WIDTH))
        for text in described(one, one.needed):
            print(_paragraph("  ", text, room=4))
    if text := others_text(one):
        print(fill(text, WIDTH))
    if one.preventions:
        heads, rows = prevention_cells(one)
        print_table(heads, rows, numbers=(2, 3, 4), width=SCREEN)
        print(fill(preventions_legend(one), WIDTH))
    for text in filter(None, (bans_text(one), swaps_text(one), chance_text(one))):
        print(f"\n{fill(text, WIDTH)}")
    print(f"\nWhat it hangs on, step by step\n\n{fill(marks_legend(one), WIDTH)}\n")
    for step in steps:
        head = f"{step.sentence.number:4d}  {step.sentence.date:16}  "
        mark = "= " if step is steps[-1] else "* " if step.is_needed else "  "
        print(_paragraph(mark + head, step.sentence.text))
        room = " " * (len(head) + 2)
        is_whole = step.is_in_chain and step.reasons
        brief = f"{step.weight}; " if step.weight and not is_whole else ""
        print(_paragraph(room, f"<- {brief}{step.links}"))
        if is_whole:
            print(_paragraph(room, f"   {step.reasons}"))
    if answer.over_all:
        print(f"\n{fill(answer.over_all, WIDTH)}")
        for question in answer.questions():
            print(f"  {question}")
    if one.preventions:
        print(
            "\nEach row's world beside this one (where nothing is put in, with branch "
            "in place of explain: 200\nfutures by other draws, with and without it):"
        )
        for row in prevention_rows(one):
            print(f"  {row.command}")
    print(f"\n{fill(reasons_legend(one, steps), WIDTH)}")
    print(f"  {answer.story}")


def _print_difference(answer: DifferenceAnswer) -> None:
    from sim.explanation.difference import author_known
    from sim.reports.why import difference_text, folded, outcome_cells, side_by_side

    number = answer.result.own.replication
    print(fill(f"{answer.scenario.title}: replication {number} {answer.asked}", WIDTH))
    word = "with it put in" if answer.put_in else "without"
    if answer.put_in and (answer.without or author_known(answer.put_in)):
        word = "otherwise"
    rows = folded(side_by_side(answer.result, answer.scenario))
    heads = ("date, local time", "status", "as it was", word)
    print_table(heads, rows, whole=(0, 1))
    names = [*answer.outcomes, "peak_rung_true"]
    cells = outcome_cells(answer.result, answer.scenario, dict.fromkeys(names))
    print_table(("in all", "as it was", word), cells, numbers=(1, 2), whole=(0,))
    print(fill(difference_text(answer.result), WIDTH))


def _print_over_all(one: ButFor, scenario: Scenario) -> None:
    from sim.reports.why import NEEDS_LEGEND, need_cells

    n = f"{'all' if one.n_with_cause == one.n else one.n_with_cause}"
    if one.is_put_in:
        text = f"{one.n} replications as they are and with {one.cause}"
    else:
        text = (
            f"without {one.cause}. It happens in {n} of {one.n} replications; both "
            "columns are of these, itself struck out of either"
        )
    print(fill(f"{scenario.title}: {text}", WIDTH))
    heads, rows = need_cells(one, scenario)
    for columns, cells in zip(heads, rows, strict=True):
        if cells:
            print_table(columns, cells, numbers=range(1, len(columns)), whole=(0,))
    print(fill(NEEDS_LEGEND, WIDTH))


MOST_PATHS: Final = 12
MOST_RAMPS: Final = 20


def _print_paths(paths: Paths, title: str) -> None:
    from sim.reports.why import paths_text, ramp_cells

    print(
        fill(
            f"{title}: {paths.label} comes in {paths.n_reached} of {paths.n} "
            "replications. How it comes about:",
            WIDTH,
        )
        + "\n"
    )
    for text in paths_text(paths, MOST_PATHS):
        print(_paragraph("- ", text).replace("\n- ", "\n  "))
    print("\nWhere chains end: what nobody answers, of all incidents of an act")
    heads = ("act", "incidents", "end here %", "interval", "most often comes of it")
    cells = ramp_cells(paths)[:MOST_RAMPS]
    print_table(heads, cells, numbers=(1, 2, 3), whole=(0,))


def _paragraph(head: str, text: str, room: int | None = None) -> str:
    """Return a text as a paragraph that hangs from its head, by default under it."""
    hung = " " * (len(head) if room is None else room)
    return fill(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=hung,
        break_long_words=False,
        break_on_hyphens=False,
    )
