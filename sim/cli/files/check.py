"""``escalade check``: the faults of a scenario or an experiment, or what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sim.cli.present import (
    FileArgument,
    JsonOption,
    PluginOption,
    SetOption,
    header,
    parse_changes,
    print_json,
    print_table,
    say,
    say_caution,
)
from sim.digits import plural, short
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiment.design import Design
    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Cited, Scenario


def check_experiment(path: str, as_json: bool, kinds: Mapping[str, Kind]) -> None:
    """Check an experiment's file and tell what it will run."""
    from sim.experiment.design import design_of
    from sim.experiment.load import load_experiment
    from sim.sweeps.cells import warnings_of

    try:
        plan = load_experiment(path, kinds)
    except ScenarioError as error:
        if as_json:
            print_json(_faults(error))
        raise
    design = design_of(plan.design, plan.factors)
    say_caution(plan.scenario)
    is_swept = plan.scoring is None and plan.calibration is None
    warnings = warnings_of(plan, design) if is_swept else []
    for warning in warnings:
        say(f"no run will accept this: {warning}")
    if as_json:
        print_json({**_experiment_described(plan, design), "warnings": warnings})
    else:
        _print_experiment(plan, design)


def _experiment_described(plan: Experiment, design: Design) -> dict[str, Any]:
    fields = ("name", "label", "kind", "paths", "unit", "low", "high", "levels")
    return {
        "ok": True,
        "faults": [],
        "experiment": plan.name,
        "question": plan.question,
        "scenario": plan.scenario.name,
        "arms": [{"name": arm.name, "label": arm.label} for arm in plan.arms],
        "factors": [{key: getattr(f, key) for key in fields} for f in plan.factors],
        **(
            {"calibrate": plan.calibration.options._asdict()}
            if plan.calibration is not None
            else {
                "design": {"kind": plan.design.kind, "points": len(design)},
                "replications": plan.replications,
            }
        ),
        "origins": []
        if plan.scoring is None
        else [[str(day) for day in window] for window in plan.scoring.windows],
        "outcomes": list(plan.outcomes),
    }


def _print_scoring(scenario: str, plan: ScorePlan) -> None:
    """Tell what escalade score will run."""
    n, options, size = len(plan.windows), plan.options, plan.size
    print(
        f"  {scenario}: {n} {plural(n, 'origin')}, each refitted with "
        f"{options.particles} particles in at most {options.generations} generations "
        f"and forecast with {size.draws} draws × {size.replications} replications"
    )
    for origin, end in plan.windows:
        print(f"    from {origin} up to {end}")
    print(f"  questions: {', '.join(plan.questions)}")


def _print_experiment(plan: Experiment, design: Design) -> None:
    n_arms = len(plan.crossed_arms()) or 1
    cells = len(design) * n_arms
    print(f"{plan.path}: no faults")
    print(f"  {plan.question.strip()}")
    if plan.scoring is not None:
        _print_scoring(plan.scenario.name, plan.scoring)
        return
    if plan.calibration is not None:
        _print_fit(plan)
    else:
        _print_design(plan, design, cells, n_arms)
    rows: list[tuple[str, ...]] = []
    for factor in plan.factors:
        if factor.levels:
            values = ", ".join(factor.text(level) for level in factor.levels)
        else:
            ends = (factor.text(factor.value(0.0)), factor.text(factor.value(1.0)))
            values = f"{ends[0]} to {ends[1]}"
        if factor.distribution is not None:
            values += f" ({factor.distribution.shape}, {factor.distribution.basis})"
        where = ", ".join(factor.paths) or "arms"
        rows.append((factor.name, values, where))
    if rows:
        print_table(("factor", "values", "sets"), rows)


def _print_fit(plan: Experiment) -> None:
    """Tell what escalade calibrate will run."""
    from sim.record.targets import fitted_targets, targets_for

    assert plan.calibration is not None
    options, scenario = plan.calibration.options, plan.scenario
    wanted = plan.calibration.targets
    targets = fitted_targets(targets_for(scenario, plan.until), wanted)
    print(
        f"  {scenario.name}: a fit of {len(plan.factors)} factors with "
        f"{options.particles} particles in at most {options.generations} generations"
    )
    for target in targets:
        print(f"  target {target.name}: {target.meaning}, {short(target.value)}")


def _print_design(plan: Experiment, design: Design, cells: int, n_arms: int) -> None:
    """Tell what escalade sweep or compare will run."""
    points = f"{len(design)} design points ({plan.design.kind})"
    if plan.replications is not None:
        each = f"{plan.replications} replications"
        total = f" = {cells * plan.replications} in all"
    else:
        assert plan.precision is not None
        wanted = plan.precision
        each = f"replications until ± {wanted.half_width:g} in {wanted.outcome}"
        total = f", at most {cells * wanted.at_most} in all"
    arms = "arm" if n_arms == 1 else "arms"
    print(f"  {plan.scenario.name}: {n_arms} {arms} × {points} × {each}{total}")
    print(f"  outcomes: {', '.join(plan.outcomes)}")


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
    from sim.analytic.branching import warnings_of
    from sim.experiment.named import is_experiment
    from sim.scenario.calibrated import check_calibrated
    from sim.scenario.dump import dump, dump_yaml
    from sim.scenario.form import read_scenario
    from sim.scenario.load import find, load
    from sim.scenario.plugins import known_kinds

    if is_experiment(file):
        check_experiment(file, as_json, known_kinds(plugins or ()))
        return
    try:
        kinds = known_kinds(plugins or ())
        scenario = load(file, parse_changes(changes), kinds=kinds)
        check_calibrated(read_scenario(find(file), kinds), kinds)
    except ScenarioError as error:
        if as_json:
            print_json(_faults(error))
        raise
    say_caution(scenario)
    warnings = warnings_of(scenario)
    for warning in warnings:
        say(f"no run will accept this: {warning}")
    if resolve and as_json:
        print_json(dump(scenario))
    elif resolve:
        print(dump_yaml(scenario), end="")
    elif as_json:
        print_json({**_described(scenario), "warnings": warnings})
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


def _described(scenario: Scenario) -> dict[str, Any]:
    from sim.ledger.switches import blank_rows

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
        "cannot_be_switched_off": list(blank_rows(scenario)),
        "record": _record_lines(scenario),
    }


def _record_lines(scenario: Scenario) -> list[str]:
    """Say what the scenario's record holds, what it lacks, and what is left out."""
    from sim.record.targets import targets_for
    from sim.scenario.event_table import OUTSIDE
    from sim.scenario.history import record_of

    if not scenario.record:
        return []
    table = record_of(scenario)
    events, sites = table.events, {site.name for site in scenario.sites}
    spans = ", ".join(f"from {first} up to {after}" for first, after in table.covered)
    lines = [f"record {scenario.record}: {len(events)} incidents, coded {spans}"]
    silent = sum(not event.sources for event in events)
    outside = sum(event.actor.startswith(OUTSIDE) for event in events)
    places = sorted({event.site for event in events} - sites - {""})
    if silent:
        lines.append(f"{silent} {plural(silent, 'incident')} without a source")
    if outside:
        lines.append(
            f"{outside} {plural(outside, 'incident')} by whom the scenario leaves out"
        )
    if places:
        lines.append(f"at no site of the scenario: {', '.join(places)}")
    if scenario.targets:
        targets = targets_for(scenario)
        fitted = sum(target.role == "fitted" for target in targets)
        lines.append(
            f"targets {scenario.targets}: {len(targets)} statistics, {fitted} to be "
            "fitted"
            if targets
            else f"targets {scenario.targets}: of another period, so none is used"
        )
    return lines


def _print(scenario: Scenario) -> None:
    from sim.ledger.switches import blank_rows

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
    for line in _record_lines(scenario):
        print(f"  {line}")
    if blank := blank_rows(scenario):
        print(
            "  without a declared neutral value, so blank rows of escalade ablate: "
            f"{', '.join(blank)}"
        )
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
