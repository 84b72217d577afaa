"""``escalade check`` for an experiment: its faults, or what it will run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.present import caution, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiment.design import Design
    from sim.experiment.experiment import Experiment, ScorePlan
    from sim.rules.behaviour import Kind


def check_experiment(path: str, as_json: bool, kinds: Mapping[str, Kind]) -> None:
    """Check an experiment's file and tell what it will run."""
    from sim.errors import ScenarioError
    from sim.experiment.design import design_of
    from sim.experiment.experiment import load_experiment

    try:
        plan = load_experiment(path, kinds)
    except ScenarioError as error:
        if as_json:
            faults = [fault._asdict() for fault in error.faults]
            print_json({"ok": False, "file": error.path, "faults": faults})
        raise
    design = design_of(plan.design, plan.factors)
    if warning := caution(plan.scenario):
        say(warning)
    if as_json:
        print_json(_described(plan, design))
    else:
        _print(plan, design)


def _described(plan: Experiment, design: Design) -> dict[str, Any]:
    return {
        "ok": True,
        "faults": [],
        "experiment": plan.name,
        "question": plan.question,
        "scenario": plan.scenario.name,
        "arms": [{"name": arm.name, "label": arm.label} for arm in plan.arms],
        "factors": [
            {
                "name": f.name,
                "label": f.label,
                "kind": f.kind,
                "paths": list(f.paths),
                "unit": f.unit,
                "low": f.low,
                "high": f.high,
                "levels": list(f.levels),
            }
            for f in plan.factors
        ],
        "design": {"kind": plan.design.kind, "points": len(design)},
        "replications": plan.replications,
        "origins": []
        if plan.scoring is None
        else [[str(day) for day in window] for window in plan.scoring.windows],
        "outcomes": list(plan.outcomes),
    }


def _print_scoring(scenario: str, plan: ScorePlan) -> None:
    """Tell what escalade score will run."""
    n, options, size = len(plan.windows), plan.options, plan.size
    print(
        f"  {scenario}: {n} origin{'s'[: n != 1]}, each refitted with "
        f"{options.particles} particles in at most {options.generations} generations "
        f"and forecast with {size.draws} draws × {size.replications} replications"
    )
    for origin, end in plan.windows:
        print(f"    from {origin} up to {end}")
    print(f"  questions: {', '.join(plan.questions)}")


def _print(plan: Experiment, design: Design) -> None:
    n_arms = len(plan.crossed_arms()) or 1
    cells = len(design) * n_arms
    print(f"{plan.path}: no faults")
    print(f"  {plan.question.strip()}")
    if plan.scoring is not None:
        _print_scoring(plan.scenario.name, plan.scoring)
        return
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
    rows: list[tuple[str, ...]] = []
    for factor in plan.factors:
        if factor.levels:
            what = ", ".join(factor.told(level) for level in factor.levels)
        else:
            ends = (factor.told(factor.value(0.0)), factor.told(factor.value(1.0)))
            what = f"{ends[0]} to {ends[1]}"
        if factor.distribution is not None:
            what += f" ({factor.distribution.shape}, {factor.distribution.basis})"
        where = ", ".join(factor.paths) or "arms"
        rows.append((factor.name, what, where))
    if rows:
        print_table(("factor", "values", "sets"), rows)
