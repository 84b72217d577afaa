"""``escalade new experiment`` and ``new scenario``: commented files to start from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.verbs.watch import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.authoring.starter import Theatre
    from sim.scenario.scenario import Scenario

app: Final = typer.Typer(
    no_args_is_help=True, help="Write a commented file to start from."
)


def new_experiment(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Its name, such as e03_raids.")
    ],
    folder: Annotated[
        Path, typer.Option("--in", help="Where its folder is made.")
    ] = Path("experiments"),
) -> None:
    """Write a commented experiment that runs as it stands."""
    from sim.errors import StudyError
    from sim.experiment.named import FILE_NAME
    from sim.experiment.starter import starting_text
    from sim.files import make_folder, write_text
    from sim.reading.structure import name_fault

    if message := name_fault(identity):
        raise StudyError(message)
    file = folder / identity / FILE_NAME
    if file.exists():
        message = f"{file} is there already; choose another id, or edit it"
        raise StudyError(message)
    make_folder(file.parent)
    write_text(file, starting_text(identity))
    print(file)
    out = f"--out runs/{identity}"
    say(f"next: edit it, then: escalade check {file} && escalade compare {file} {out}")


def new_scenario(
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="Its name, such as my_theatre_2019.")
    ],
    folder: Annotated[
        Path, typer.Option("--in", help="Where its file is written.")
    ] = Path(),
    militia: Annotated[
        list[str] | None, typer.Option(help="Name of a militia; repeat it for more.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Name of the government.")] = None,
    sponsor: Annotated[str | None, typer.Option(help="Name of the sponsor.")] = None,
    power: Annotated[
        str | None, typer.Option(help="Name of the foreign power.")
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME,LAT,LON", help="A site, in degrees; repeat it for more."
        ),
    ] = None,
    troops: Annotated[
        float | None, typer.Option(help="Persons of the foreign power at each site.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="DATE", help="First day.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="How many days.")] = None,
    utc_offset: Annotated[
        float | None, typer.Option(help="Local time less UTC, hours.")
    ] = None,
    attacks: Annotated[
        float | None, typer.Option(help="Reported attacks a week, about.")
    ] = None,
    deadly: Annotated[
        float | None,
        typer.Option(help="Share of reported attacks in which somebody dies, 0 to 1."),
    ] = None,
    salvo: Annotated[
        float | None, typer.Option(help="Rounds in the middle attack.")
    ] = None,
    red_line: Annotated[
        float | None,
        typer.Option(
            help="Deaths of its people at which the foreign power strikes with even "
            "odds."
        ),
    ] = None,
    raids: Annotated[
        float | None, typer.Option(help="Reported raids of the government a year.")
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            help="Name of a militia that the sponsor arms; repeat it for more. "
            "Default: all of them."
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Search again in the file as it was edited, for --attacks, --deadly "
            "and --raids; print the numbers.",
        ),
    ] = False,
    posterior: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the scenario that was fitted, with this posterior's numbers.",
        ),
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --posterior: file that was fitted, if it is not a shipped one.",
        ),
    ] = None,
    renew: Annotated[
        bool,
        typer.Option("--renew", help="With --posterior: write over what is there."),
    ] = False,
) -> None:
    """Write a scenario that runs, from few numbers (asked for in a terminal).

    Its attacks, their deaths and its raids are brought about by a search. With
    --posterior, write the scenario that was fitted.
    """
    from sim.errors import Fault, ScenarioError, StudyError
    from sim.files import make_folder, write_text
    from sim.scenario.authoring.starter import starting_scenario
    from sim.scenario.load import shipped_scenarios
    from sim.scenario.schema import write_schema

    file = folder / f"{identity}.yaml"
    if posterior is not None:
        _write_fitted(posterior, base, file, renew)
        return
    if base is not None or renew:
        option = "--base" if base is not None else "--renew"
        message = f"{option} goes with --posterior, and there is none"
        raise StudyError(message)
    if again:
        _search_again(
            file,
            {
                "attacks_per_week": attacks,
                "deadly_share": deadly,
                "raids_per_year": raids,
            },
        )
        return
    message = ""
    if file.exists():
        message = "is there already; choose another id, or edit it"
    elif identity in shipped_scenarios():
        message = f"a shipped scenario is called {identity!r}; choose another id"
    if message:
        raise ScenarioError(str(file), [Fault(0, 0, "", message)])
    starting_scenario(identity)  # refuses what is no id before anything is asked
    given = {
        "militias": militia,
        "clients": client,
        "host": host,
        "sponsor": sponsor,
        "power": power,
        "sites": site,
        "troops": troops,
        "start": start,
        "days": days,
        "utc_offset_hours": utc_offset,
        "attacks_per_week": attacks,
        "deadly_share": deadly,
        "salvo": salvo,
        "red_line": red_line,
        "raids_per_year": raids,
    }
    theatre = _theatre({name: x for name, x in given.items() if x is not None})
    text, said = _set_by_search(identity, theatre)
    make_folder(file.parent)
    write_text(file, text)
    write_schema(file.parent)
    print(file)
    for line in said:
        say(line)
    say(f"next: edit it, then: escalade check {file} && escalade run {file} -n 100")
    if said:
        say(
            f"to search again after edits: escalade new scenario {identity} --again "
            f"--attacks {theatre.attacks_per_week:g} --deadly {theatre.deadly_share:g} "
            f"--raids {theatre.raids_per_year:g}"
        )


def _theatre(given: dict[str, Any]) -> Theatre:
    """Return what is said of a new theatre; ask in a terminal where nothing is.

    Raises
    ------
    StudyError
        For a site, a date or a number that is none.
    """
    from datetime import date

    from sim.docstrings import field_texts
    from sim.errors import StudyError, nearest
    from sim.scenario.authoring.starter import Place, Theatre

    usual = Theatre()
    if not given and sys.stdin.isatty():
        texts = field_texts(Theatre)
        shown: dict[str, Any] = usual._asdict() | {
            "militias": "; ".join(usual.militias),
            "clients": "",
            "sites": "; ".join(",".join(map(str, place)) for place in usual.sites),
            "start": usual.start.isoformat(),
        }
        for name, value in shown.items():
            words = f"{name.replace('_', ' ')}: {texts[name].rstrip('.')}"
            answer = typer.prompt(words, default=value, err=True)
            is_list = name in ("militias", "clients", "sites")
            given[name] = answer.split(";") if is_list else answer
    try:
        for name in {"militias", "clients"} & given.keys():
            names = (one.strip() for one in given[name])
            given[name] = tuple(one for one in names if one)
        if "start" in given:
            given["start"] = date.fromisoformat(given["start"])
        if "sites" in given:
            parts = [one.rsplit(",", 2) for one in given["sites"]]
            if any(len(part) < 3 for part in parts):
                message = "a site has a name, degrees north and degrees east"
                raise ValueError(message)
            given["sites"] = tuple(
                Place(name.strip(), float(lat), float(lon)) for name, lat, lon in parts
            )
    except ValueError as error:
        message = (
            f"{error}; a date is like 2020-01-31, a site like 'Taji base,33.5,44.3'"
        )
        raise StudyError(message) from error
    theatre = usual._replace(**given)
    for name in theatre.clients:
        if name not in theatre.militias:
            hint = nearest(name, theatre.militias)
            message = f"--client {name!r} is none of the militias{hint}"
            raise StudyError(message)
    return theatre


def _set_by_search(identity: str, theatre: Theatre) -> tuple[str, list[str]]:
    """Return a scenario's text, and what was done to bring its violence about."""
    from sim.reading.strict_yaml import parse
    from sim.rules.registry import KINDS
    from sim.scenario.authoring.starter import starting_scenario
    from sim.scenario.form import whole
    from sim.scenario.resolve import resolve
    from sim.sources import shipped_sources

    asked = {
        name: getattr(theatre, name)
        for name in ("attacks_per_week", "deadly_share", "raids_per_year")
    }
    if wrong := [name for name, x in asked.items() if not 0.0 <= x < 1000.0]:
        raise _beyond(wrong[0])
    values = {
        number: 0.0
        for number, name in (
            ("base_rate", "attacks_per_week"),
            ("killed_per_hit", "deadly_share"),
        )
        if asked[name] == 0.0
    }
    text = starting_scenario(identity, theatre, values)
    scenario = resolve(whole(parse(text, f"{identity}.yaml")), KINDS, shipped_sources())
    if theatre.attacks_per_week == 0.0:
        return text, []
    values_set, notes = _searched(scenario, asked)
    text = starting_scenario(identity, theatre, values | values_set, notes)
    return text, [f"{name}: {note}" for name, note in notes.items()]


def _beyond(name: str) -> Exception:
    from sim.errors import StudyError

    return StudyError(f"{name}: what is asked for must lie from 0 to 1000")


def _searched(
    scenario: Scenario, asked: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str]]:
    """Return the numbers that bring about what is asked, and what came out of each."""
    from sim.calibration.matched import N_WORLDS, Wish, matched

    weeks, years = scenario.horizon / 7.0, scenario.horizon / 365.25
    rows = (
        ("attacks_per_week", "base_rate", "militia", "n_rocket_attacks", weeks,
         "reported attacks a week"),
        ("deadly_share", "killed_per_hit", "means", "share_attacks_with_deaths", 1.0,
         "of the reported attacks with deaths"),
        ("raids_per_year", "will", "host_government", "n_raids", years,
         "reported raids a year"),
    )  # fmt: skip
    rows = [row for row in rows if asked.get(row[0], 0.0) > 0.0]
    if not rows:
        return {}, {}
    say("searching for the numbers that bring this about (half a minute at most)")
    match = matched(
        scenario,
        [
            Wish(outcome, asked[name] * length, kind, number, number == "will")
            for name, number, kind, outcome, length, _ in rows
        ],
    )
    notes: dict[str, str] = {}
    for name, number, _, outcome, length, words in rows:
        mean = match.means[outcome] / length
        notes[number] = (
            f"Set by a search: {N_WORLDS} coupled replications have {mean:.3g} "
            f"{words}; {asked[name]:.12g} was asked for"
        )
        is_near = abs(mean / asked[name] - 1.0) < _NEAR
        notes[number] += "." if is_near else ", which it cannot reach alone."
    return match.values, notes


_NEAR: Final = 0.05
"""How far a search may miss what was asked for, as a share of it, unsaid."""


def _search_again(file: Path, asked: Mapping[str, float | None]) -> None:
    """Print the numbers that bring about what is asked in a file as it was edited."""
    from sim.errors import StudyError
    from sim.reading.written import written
    from sim.scenario.authoring.starter import searched_numbers
    from sim.scenario.load import load

    wanted = {name: x for name, x in asked.items() if x is not None}
    if not wanted or min(wanted.values()) <= 0.0:
        message = "--again needs one of --attacks, --deadly, --raids, and above 0"
        raise StudyError(message)
    if max(wanted.values()) >= 1000.0:
        raise _beyond(max(wanted, key=lambda name: wanted[name]))
    scenario = load(file)
    kinds = {actor.kind.name for actor in scenario.actors}
    if missing := sorted({"militia", "host_government"} - kinds):
        message = f"{file} has no {missing[0]}, so nothing is searched for"
        raise StudyError(message)
    values, notes = _searched(scenario, wanted)
    numbers = searched_numbers(values, notes)
    print(written({kind: ours for kind, ours in numbers.items() if ours}), end="")
    say(f"put these in the place of those in {file}; nothing was written")


def _write_fitted(
    posterior: Path, base: Path | None, file: Path, is_renewed: bool
) -> None:
    from sim.calibration.fitted_scenario import write_fitted
    from sim.experiment.posterior import read_posterior
    from sim.scenario.load import find

    fit = read_posterior(posterior)
    fitted = find(fit.metadata["scenario"] if base is None else base)
    beside = write_fitted(fit, fitted, file, is_renewed=is_renewed)
    print(file)
    print(beside)
    say(f"next: escalade check {file} && escalade run {file} -n 1000")
