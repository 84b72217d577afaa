"""``escalade explain``: why an incident happened, and what if one had not."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.present import (
    EngineOption,
    JsonOption,
    header,
    integer_option,
    print_json,
    print_table,
    require,
    say_caution,
)

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.explanation.explain import Explanation

WIDTH = 100

RunArgument = Annotated[
    Path, typer.Argument(metavar="RUN", help="The folder of an escalade run.")
]


def explain(
    run: RunArgument,
    replication: Annotated[
        int,
        integer_option("--replication", "-k", help="Number of the replication."),
    ],
    incident: Annotated[
        str | None,
        typer.Option(
            help="Its number in the story (escalade replay), or its identity. "
            "Default: the first on the highest rung.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INCIDENT",
            help="Tell what if this had not happened: a number in the story, an "
            "identity, act=NAME, or act=NAME@DATE; may be repeated.",
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw it on the ladder, into this file (.svg and .png)."),
    ] = None,
    engine: EngineOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Say why an incident happened, or what would be without one."""
    from sim.ensemble.rerun import read_run
    from sim.errors import StudyError

    require("--replication", replication, 0)
    stored = read_run(run)
    if stored.why_other_rules:
        message = f"{stored.why_other_rules}: make it again, with escalade rerun {run}"
        raise StudyError(message)
    ensemble = stored.ensemble()
    say_caution(ensemble.scenario)
    if without:
        if incident is not None or picture is not None:
            message = "--without tells what would be; leave --incident and --picture"
            raise StudyError(message)
        _but_for(ensemble, replication, without, engine, as_json=as_json)
        return
    _why(ensemble, replication, incident, picture, engine, as_json=as_json)


def _why(
    ensemble: Ensemble,
    replication: int,
    incident: str | None,
    picture: Path | None,
    engine: str,
    *,
    as_json: bool,
) -> None:
    from sim.explanation.explain import explain
    from sim.reports.why import ending, tell

    explanation = explain(ensemble, replication, incident, engine=engine)
    told = tell(explanation)
    if picture is not None:
        _plot(explanation, picture)
    if as_json:
        data = explanation.as_data()
        for step, words in zip(data["steps"], told, strict=True):
            step["text"], step["reasons"] = words.sentence.text, words.reasons
        print_json({"scenario": header(ensemble.scenario)} | data)
        return
    last = told[-1].sentence
    print(
        f"{ensemble.scenario.title}: why incident {last.number} of replication "
        f"{replication} happened\n"
    )
    for one in told:
        head = f"{one.sentence.number:4d}  {one.sentence.when:%Y-%m-%d %H:%M}  "
        mark = "* " if one.is_in_chain else "  "
        print(_paragraph(mark + head, one.sentence.text))
        room = " " * (len(head) + 2)
        print(_paragraph(room, f"<- {one.links}"))
        if one.reasons:
            print(_paragraph(room, f"   {one.reasons}"))
    print(f"\n{fill(ending(explanation), WIDTH)}")
    print(
        fill(
            "* is in the chain. What weighed: its value, for that at the start, and by "
            "what it alone multiplied the rate or the probability.",
            WIDTH,
        )
    )


def _but_for(
    ensemble: Ensemble,
    replication: int,
    without: list[str],
    engine: str,
    *,
    as_json: bool,
) -> None:
    from sim.explanation.difference import but_for
    from sim.reports.why import difference_text, side_by_side

    found = but_for(ensemble, replication, without, engine=engine)
    rows = side_by_side(found, ensemble.scenario)
    if as_json:
        data = found.as_data()
        for incident, words in zip(data["incidents"], rows, strict=True):
            incident |= {"factual": words.factual, "otherwise": words.otherwise}
        print_json({"scenario": header(ensemble.scenario), "without": without} | data)
        return
    print(
        f"{ensemble.scenario.title}: replication {replication} without "
        f"{', '.join(without)}"
    )
    print_table(
        ("date, local time", "", "as it was", "without"),
        rows,
        whole=(0, 1),
    )
    print(fill(difference_text(found), WIDTH))


def _plot(explanation: Explanation, file: Path) -> None:
    """Plot an explanation on the ladder."""
    from sim.pictures.style import plot_and_save
    from sim.pictures.why import why_picture

    plot_and_save(lambda: why_picture(explanation), file.with_suffix(""))


def _paragraph(head: str, text: str) -> str:
    """Return a text as a paragraph that hangs from its head."""
    room = " " * len(head)
    return fill(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=room,
        break_long_words=False,
        break_on_hyphens=False,
    )
