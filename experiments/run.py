#!/usr/bin/env python
"""Run experiments and write their results: ``experiments/run.py e03``, or ``all``.

Each folder gets `summary.csv`, figures, `manifest.json` and the results section of its
README.md. The same code and scenario give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import results

from sim.comparison.arms import ArmRunner
from sim.comparison.compare import compare_arms
from sim.comparison.words import comparison_table
from sim.digest import rules_digest
from sim.engine.choice import has_numba
from sim.ensemble import provenance
from sim.ensemble.workers import hired
from sim.experiment.load import load_experiment
from sim.outcomes import outcomes_for
from sim.pictures.comparison import forest_plot, making_of
from sim.pictures.sensitivity import sensitivity_picture
from sim.pictures.style import draw_and_save
from sim.pictures.sweep import draw_sweep
from sim.sweeps.sensitivity import analyse
from sim.sweeps.sweep import run_sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.experiment import Experiment

HERE = Path(__file__).resolve().parent


class Found(NamedTuple):
    """What an experiment found."""

    table: pd.DataFrame
    lines: list[str]
    """Of the README's results section, Markdown."""
    looked_at: int
    """Differences or effects that were looked at."""
    arms: dict[str, str] = {}  # noqa: RUF012 - never changed
    """Digest of every arm's scenario, where arms are compared."""


def compared(plan: Experiment, pictures: Path, workers: int) -> Found:
    """Compare the arms of an experiment with the first."""
    scenarios = {arm.name: plan.scenario_at(arm, ()) for arm in plan.arms}
    with hired(workers) as executor:
        crew = 1 if executor is None else executor
        how = {"workers": crew, "engine": "compiled" if has_numba() else "auto"}
        runner = ArmRunner(scenarios, plan.root_seed, plan.until, **how)
        runner.check()
        arms = runner.run(range(plan.replications or 1000))
    found = compare_arms(arms, list(plan.outcomes))
    first, making = next(iter(scenarios.values())), making_of(found)
    draw_and_save(lambda: forest_plot(found, first, making), pictures / "effects")
    labels = {arm.name: arm.label for arm in plan.arms}
    digests = {name: one.digest for name, one in scenarios.items()}
    lines = results.comparison_lines(found, labels)
    return Found(comparison_table(found), lines, found.n_looked_at, digests)


def swept(plan: Experiment, pictures: Path, workers: int) -> Found:
    """Run a grid; tell the effect of each factor from its first to its last level."""
    done = run_sweep(plan, workers=workers, keep=False)
    draw_sweep(done, pictures)
    n = len(plan.factors) * len(plan.outcomes)
    return Found(done.table(), results.grid_lines(done), n)


def screened(plan: Experiment, pictures: Path, workers: int) -> Found:
    """Run a Morris design; tell which factors matter."""
    import pandas as pd  # noqa: PLC0415 - heavy

    done = run_sweep(plan, workers=workers, keep=False)
    arm, found = plan.arms[0].name, {}
    for name in plan.outcomes:
        found[name] = one = analyse(done.design, done.responses(name, arm))
        draw_and_save(
            lambda name=name, one=one: sensitivity_picture(done, name, one),
            pictures / name,
        )
    table: Any = pd.concat({name: one.table for name, one in found.items()})
    table = table.rename_axis(["outcome", "factor"]).reset_index()
    n = len(plan.factors) * len(plan.outcomes)
    return Found(table, results.screening_lines(done, found), n)


def run(folder: Path, workers: int) -> None:
    """Run one experiment and write all that its folder keeps of it."""
    began, plan = time.monotonic(), load_experiment(folder)
    how = swept if plan.factors else compared
    how = screened if plan.design.kind == "morris" else how
    with tempfile.TemporaryDirectory() as place:
        found = how(plan, Path(place), workers)
        drawn = sorted(Path(place).glob("*.svg"))
        for old in folder.glob("*.svg"):
            old.unlink()
        for picture in drawn:
            (folder / picture.name).write_bytes(picture.read_bytes())
    table = outcomes_for(plan.scenario)
    found.table.to_csv(folder / "summary.csv", index=False, float_format="%.6g")
    manifest = {
        "experiment": plan.name,
        "command": f"experiments/run.py {plan.name.split('_')[0]}",
        "scenario": plan.scenario.name,
        "scenario_digest": plan.scenario.digest,
        "rules_digest": rules_digest(plan.scenario),
        "file_digest": results.file_digest(folder / "experiment.yaml"),
        "arms": found.arms,
        "root_seed": plan.root_seed,
        "replications": plan.replications,
        "until_days": plan.until,
        "outcomes": {name: table[name].meaning for name in plan.outcomes},
        "differences_looked_at": found.looked_at,
        "versions": provenance.versions(),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    pictures = [f"![{file.stem}]({file.name})" for file in drawn]
    section = "\n\n".join(["\n".join(found.lines), *pictures])
    results.insert(section, folder / "README.md")
    print(f"{plan.name}: {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    """Run the experiments that the command names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="such as e03, or all")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    folders = sorted(file.parent for file in HERE.glob("e*/experiment.yaml"))
    known = {folder.name.split("_")[0]: folder for folder in folders}
    names = list(known) if asked.names in ([], ["all"]) else asked.names
    if unknown := [name for name in names if name not in known]:
        parser.error(f"{unknown[0]} is none; experiments: {', '.join(known)}")
    for name in names:
        run(known[name], asked.workers)


if __name__ == "__main__":
    main()
