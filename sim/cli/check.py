"""``escalade check``: every fault of a file, or every number with its basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import (
    FileArgument,
    JsonOption,
    PluginOption,
    SetOption,
    caution,
    parse_changes,
    print_json,
    print_table,
    say,
)
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.scenario import Cited, Scenario

BASES: Final = ("assumed", "calibrated", "coded", "measured")
"""In the order in which they deserve doubt."""


def check(
    file: FileArgument,
    resolve: Annotated[
        bool,
        typer.Option(
            "--resolve",
            help="Print the resolved file: all explicit, in canonical units.",
        ),
    ] = False,
    changes: SetOption = None,
    plugins: PluginOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a scenario or an experiment; list numbers with their basis."""
    from sim.experiment.experiment import is_experiment
    from sim.reading.strict_yaml import read
    from sim.scenario.calibrated import check_calibrated
    from sim.scenario.dump import dump, dump_yaml
    from sim.scenario.load import find, load
    from sim.scenario.plugins import known_kinds

    if is_experiment(file):
        from sim.cli.check_experiment import check_experiment

        check_experiment(file, as_json, known_kinds(plugins or ()))
        return
    try:
        kinds = known_kinds(plugins or ())
        scenario = load(file, parse_changes(changes), kinds=kinds)
        check_calibrated(read(find(file)), kinds)
    except ScenarioError as error:
        if as_json:
            print_json(_faults(error))
        raise
    if warning := caution(scenario):
        say(warning)
    if resolve and as_json:
        print_json(dump(scenario))
    elif resolve:
        print(dump_yaml(scenario), end="")
    elif as_json:
        print_json(_described(scenario))
    else:
        _print(scenario)


def ordered(scenario: Scenario) -> list[Cited]:
    """Return the numbers of a scenario, the assumed ones first, else in file order."""
    return sorted(scenario.cited, key=lambda cited: BASES.index(cited.basis))


def _faults(error: ScenarioError) -> dict[str, Any]:
    return {
        "ok": False,
        "file": error.path,
        "faults": [fault._asdict() for fault in error.faults],
    }


def header(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario is, as every JSON answer begins."""
    from datetime import timedelta

    end = scenario.start + timedelta(days=scenario.horizon)
    return {
        "id": scenario.name,
        "title": scenario.title,
        "status": scenario.status,
        "start": scenario.start.isoformat(),
        "end": end.isoformat(),
        "horizon_days": scenario.horizon,
        "digest": scenario.digest,
        "file": scenario.path,
    }


def _described(scenario: Scenario) -> dict[str, Any]:
    fields = ("path", "value", "unit", "basis", "source", "low", "high", "note")
    return {
        "ok": True,
        "faults": [],
        "scenario": header(scenario),
        "actors": [
            {"name": a.name, "label": a.label, "kind": a.kind.name}
            for a in scenario.actors
        ],
        "parameters": [
            {name: getattr(cited, name) for name in fields}
            for cited in ordered(scenario)
        ],
    }


def _print(scenario: Scenario) -> None:
    top = header(scenario)
    counts = {
        basis: sum(cited.basis == basis for cited in scenario.cited) for basis in BASES
    }
    given = len(scenario.changes) + len(scenario.given)
    print(f"{scenario.path or scenario.name}: no faults")
    print(f"  {scenario.title} ({scenario.status})")
    print(
        f"  {top['start']} to {top['end']} ({scenario.horizon:g} days), "
        f"{len(scenario.actors)} actors, {len(scenario.sites)} sites, "
        f"{given} developments"
    )
    numbers = ", ".join(f"{n} {basis}" for basis, n in counts.items() if n)
    print(f"  {len(scenario.cited)} numbers: {numbers}")
    print(f"  digest {scenario.digest}")
    rows = [
        (
            cited.basis,
            cited.path,
            f"{cited.value:.6g}",
            "" if cited.unit == "1" else cited.unit,
            f"{cited.low:.6g} to {cited.high:.6g}",
            cited.source.replace(",", ", ") or "–",
        )
        for cited in ordered(scenario)
    ]
    if rows:
        heads = ("basis", "parameter", "value", "unit", "range", "source")
        print_table(heads, rows, numbers=(2,), whole=(0, 1, 3, 4))
