"""``escalade check``: the faults of a scenario or an experiment, or what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.present import (
    FileArgument,
    JsonOption,
    PluginOption,
    SetOption,
    parse_changes,
    print_json,
    print_table,
)
from sim.cli.progress import watched
from sim.digits import plural, short
from sim.errors import ScenarioError
from sim.verbs.watch import say

if TYPE_CHECKING:
    from sim.experiment.design import Design
    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.verbs.files.check import CheckAnswer


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
    arms = f"{n_arms} {plural(n_arms, 'arm')}"
    print(f"  {plan.scenario.name}: {arms} × {points} × {each}{total}")
    print(f"  outcomes: {', '.join(plan.outcomes)}")


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
    from sim.scenario.dump import dump, dump_yaml
    from sim.verbs.files.check import CheckAnswer
    from sim.verbs.files.check import check as check_file

    with watched() as screen:
        try:
            answer = check_file(
                file, changes=parse_changes(changes), plugin=plugins, watch=screen
            )
        except ScenarioError as error:
            if as_json:
                print_json(_faults(error))
            raise
    for warning in answer.warnings:
        say(f"no run will accept this: {warning}")
    if not isinstance(answer, CheckAnswer):
        if as_json:
            print_json(answer.data())
        else:
            _print_experiment(answer.experiment, answer.design)
    elif resolve and as_json:
        print_json(dump(answer.scenario))
    elif resolve:
        print(dump_yaml(answer.scenario), end="")
    elif as_json:
        print_json(answer.data())
    else:
        _print(answer)


def _faults(error: ScenarioError) -> dict[str, Any]:
    return {
        "ok": False,
        "file": error.path,
        "faults": [fault._asdict() for fault in error.faults],
    }


def _print(answer: CheckAnswer) -> None:
    from sim.ledger.switches import blank_rows
    from sim.verbs.arguments import header
    from sim.verbs.files.check import BASES

    scenario = answer.scenario
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
    for line in answer.record_lines():
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
        for cited in answer.ordered()
    ]
    if rows:
        heads = ("basis", "parameter", "value", "unit", "range", "source")
        print_table(heads, rows, numbers=(2,), whole=(0, 1, 3, 4))
