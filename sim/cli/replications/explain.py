"""``escalade explain``: why an incident happened, and what if one had not."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sim.cli import completion
from sim.cli.present import (
    EngineOption,
    JsonOption,
    header,
    integer_option,
    names_in,
    print_json,
    print_table,
    require,
    say_caution,
)
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble
    from sim.explanation.explain import Explanation

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
            help="Number of the replication; with --without or --put-in all where "
            "none is given.",
        ),
    ] = None,
    incident: Annotated[
        str | None,
        typer.Option(
            help="Its number in the story (escalade replay), its identity, or an act, "
            "whose first incident is meant. Default: the first on the highest rung.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="INCIDENT",
            help="Tell what if this had not happened: a number in the story, an "
            "identity, act=NAME, or act=NAME@DATE; may be repeated. Over a whole run: "
            "first=ACT, act=ACT, act=ACT@DATE, development=ID or record=ROW.",
        ),
    ] = None,
    put_in: Annotated[
        str | None,
        typer.Option(
            "--put-in",
            metavar="INCIDENT",
            help="Tell what if this had happened: act=ACT,actor=NAME,at=DATE, and "
            "target=, site= and what it does (killed_foreign=2).",
        ),
    ] = None,
    outcomes: OutcomesOption = None,
    paths_to: Annotated[
        str | None,
        typer.Option(
            "--paths-to",
            metavar="ACT",
            help="Tell over the whole run by which chains this act first comes about, "
            "and where chains end.",
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
    from sim.ensemble.rerun import read_run
    from sim.errors import StudyError

    stored = read_run(run)
    if stored.why_other_rules:
        message = f"{stored.why_other_rules}: make it again, with escalade rerun {run}"
        raise StudyError(message)
    ensemble = stored.ensemble()
    say_caution(ensemble.scenario)
    if paths_to is not None:
        if replication is not None or without or put_in or incident:
            message = "--paths-to is asked of the whole run, and alone"
            raise StudyError(message)
        _paths(ensemble, paths_to, picture, engine, as_json=as_json)
        return
    if replication is None or put_in is not None:
        if (without is None) == (put_in is None) or replication is not None:
            message = (
                "name a --replication to explain, or over the whole run one --without, "
                "one --put-in or --paths-to"
            )
            raise StudyError(message)
        _over_all(ensemble, without, put_in, outcomes, engine, as_json=as_json)
        return
    require("--replication", replication, 0)
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
        head = f"{one.sentence.number:4d}  {one.sentence.date:16}  "
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


def _over_all(
    ensemble: Ensemble,
    without: list[str] | None,
    put_in: str | None,
    outcomes: str | None,
    engine: str,
    *,
    as_json: bool,
) -> None:
    from dataclasses import asdict

    from sim.errors import StudyError
    from sim.explanation.necessity import ASKED, but_for_all, incident_of, with_put_in
    from sim.reports.why import NEEDS_LEGEND, need_cells

    names = names_in(outcomes) or ASKED
    if put_in is not None:
        incident = incident_of(put_in, ensemble.scenario)
        found = with_put_in(ensemble, incident, names, engine=engine)
    else:
        assert without is not None
        if len(without) > 1:
            message = "over a whole run one --without at a time"
            raise StudyError(message)
        found = but_for_all(ensemble, without[0], names, engine=engine)
    if as_json:
        print_json({"scenario": header(ensemble.scenario)} | asdict(found))
        return
    word = "with" if found.is_put_in else "without"
    print(
        f"{ensemble.scenario.title}: {found.n} replications {word} {found.cause}, "
        f"which {'is put in' if found.is_put_in else 'happens in'} "
        f"{'all' if found.n_with_cause == found.n else found.n_with_cause}"
    )
    heads, rows = need_cells(found)
    for title, cells in zip(heads, rows, strict=True):
        if cells:
            print_table(title, cells, numbers=range(1, len(title)), whole=(0,))
    print(fill(NEEDS_LEGEND, WIDTH))


MOST_PATHS: Final = 12
MOST_RAMPS: Final = 20


def _paths(
    ensemble: Ensemble, act: str, picture: Path | None, engine: str, *, as_json: bool
) -> None:
    from sim.explanation.paths import paths_to
    from sim.pictures.paths import paths_picture
    from sim.pictures.style import plot_and_save
    from sim.reports.why import paths_text, ramp_cells

    with progress("replaying") as shown:
        paths = paths_to(ensemble, act, engine=engine, progress=shown)
    if picture is not None:
        plot_and_save(lambda: paths_picture(paths), picture.with_suffix(""))
    if as_json:
        print_json({"scenario": header(ensemble.scenario)} | paths.as_data())
        return
    print(
        f"{ensemble.scenario.title}: {act} comes in {paths.n_reached} of {paths.n} "
        "replications. How it first comes about:\n"
    )
    for text in paths_text(paths, MOST_PATHS):
        print(_paragraph("- ", text).replace("\n- ", "\n  "))
    print("\nWhere chains end: what nobody answers, of all incidents of an act")
    heads = ("act", "incidents", "end here %", "interval", "most often comes of it")
    cells = ramp_cells(paths)[:MOST_RAMPS]
    print_table(heads, cells, numbers=(1, 2, 3), whole=(0,))


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
