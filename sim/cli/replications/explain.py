"""``escalade explain``: why an incident happened, and what if one had not."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Final

import typer

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
    typer.Option(help="Outcomes, with commas between; default: the main ones."),
]
RunArgument = Annotated[
    Path, typer.Argument(metavar="RUN", help="The folder of an escalade run.")
]


def explain(
    run: RunArgument,
    replication: Annotated[
        int | None,
        integer_option(
            "--replication",
            "-k",
            help="Number of the replication; of --without and --put-in all of the "
            "run's where none is given.",
        ),
    ] = None,
    incident: Annotated[
        str | None,
        typer.Option(
            help="Its number in the story (escalade replay), its identity, or words "
            "such as 'first strike', 'last raid', 'worst attack', 'first coalition "
            "death', 'air_strike@2020-01-01'. Default: the first on the highest rung.",
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
            "target=, site= and what it does (killed_foreign=2).",
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
    if without and put_in is not None:
        message = "--without and --put-in are two questions: ask one at a time"
        raise StudyError(message)
    is_otherwise = bool(without) or put_in is not None
    if is_otherwise and (incident is not None or picture is not None):
        option = "--without" if without else "--put-in"
        message = f"{option} tells what would be; leave --incident and --picture"
        raise StudyError(message)
    if replication is None:
        if not is_otherwise:
            message = (
                "name a --replication to explain, or over the whole run one --without, "
                "one --put-in or --paths-to"
            )
            raise StudyError(message)
        _over_all(ensemble, without, put_in, outcomes, engine, as_json=as_json)
        return
    require("--replication", replication, 0)
    if is_otherwise:
        _otherwise(
            ensemble, replication, without, put_in, outcomes, engine, as_json=as_json
        )
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
    from sim.reports.why import (
        REASONS_LEGEND,
        ending,
        heading,
        prevention_cells,
        tell,
    )

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
    print(fill(f"{ensemble.scenario.title}: {heading(explanation)}", WIDTH) + "\n")
    for one in told:
        head = f"{one.sentence.number:4d}  {one.sentence.date:16}  "
        mark = "* " if one.is_in_chain else "  "
        print(_paragraph(mark + head, one.sentence.text))
        room = " " * (len(head) + 2)
        print(_paragraph(room, f"<- {one.links}"))
        if one.reasons:
            print(_paragraph(room, f"   {one.reasons}"))
    print(f"\n{fill(ending(explanation), WIDTH)}")
    if explanation.preventions:
        print("\nWhat would have prevented it, and what comes then")
        heads, rows = prevention_cells(explanation)
        print_table(heads, rows, numbers=(2,), whole=(3,))
    print(fill(REASONS_LEGEND, WIDTH))


def _otherwise(
    ensemble: Ensemble,
    replication: int,
    without: list[str] | None,
    put_in: str | None,
    outcomes: str | None,
    engine: str,
    *,
    as_json: bool,
) -> None:
    from sim.explanation.difference import but_for
    from sim.explanation.necessity import ASKED, known_outcomes
    from sim.reports.why import difference_text, folded, outcome_cells, side_by_side

    scenario = ensemble.scenario
    names = known_outcomes(scenario, names_in(outcomes) or ASKED)
    found = but_for(ensemble, replication, without or (), put_in=put_in, engine=engine)
    rows = side_by_side(found, scenario)
    asked = {"without": without} if without else {"put_in": put_in}
    if as_json:
        data = found.as_data()
        for incident, words in zip(data["incidents"], rows, strict=True):
            incident |= {"factual": words.factual, "otherwise": words.otherwise}
        print_json({"scenario": header(scenario)} | asked | data)
        return
    word = "without" if without else "with it put in"
    cause = f"without {', '.join(without)}" if without else f"with {put_in} put in"
    print(fill(f"{scenario.title}: replication {replication} {cause}", WIDTH))
    heads = ("date, local time", "status", "as it was", word)
    print_table(heads, folded(rows), whole=(0, 1))
    cells = outcome_cells(found, scenario, list(names))
    print_table(("in all", "as it was", word), cells, numbers=(1, 2), whole=(0,))
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
    from sim.explanation.cause import incident_of
    from sim.explanation.necessity import ASKED, but_for_all, with_put_in
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
    n = f"{'all' if found.n_with_cause == found.n else found.n_with_cause}"
    if found.is_put_in:
        text = f"{found.n} replications as they are and with {found.cause}"
    else:
        text = (
            f"without {found.cause}. It happens in {n} of {found.n} "
            "replications; both columns are of these, itself struck out of either"
        )
    print(fill(f"{ensemble.scenario.title}: {text}", WIDTH))
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
        fill(
            f"{ensemble.scenario.title}: {paths.label} comes in {paths.n_reached} "
            f"of {paths.n} replications. How it comes about:",
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
