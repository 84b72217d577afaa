#!/usr/bin/env python
"""Score rolling origins and write the results: ``forecasts.py f01_monthly_origins``.

The folder gets the scores, the forecasts, the pictures, a manifest, and the results
section of its README.md; docs/validation.md gets the differences. A study that was
broken off goes on. Minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import results

from sim.digest import rules_digest, scenario_digest
from sim.digits import markdown_table
from sim.engine.choice import has_numba
from sim.ensemble import provenance
from sim.experiment.load import load_experiment
from sim.forecasts.origin import scoring_of
from sim.forecasts.rolling import run_origins, write_rolling
from sim.forecasts.score_table import score_page
from sim.forecasts.scoring import paired_differences
from sim.pictures.score import draw_scores

if TYPE_CHECKING:
    from sim.forecasts.rolling import Rolling
    from sim.forecasts.scoring import Score

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "validation.md"
KEPT = ("scores.csv", "differences.csv", "summary.csv", "refits.csv")
PICTURES = ("forecasts.svg", "reliability.svg")
FORECASTS = "forecasts"


def main() -> None:
    """Score one experiment."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", help="a folder beside this file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", help="where the study lies or goes on")
    asked = parser.parse_args()
    plan = load_experiment(HERE / asked.name)
    rolling = run_origins(
        plan,
        out=asked.out,
        workers=asked.workers,
        engine="compiled" if has_numba() else "simpy",
        tell=print,
    )
    scores = write_rolling(rolling)
    draw_scores(scores, rolling.path, asked.name)
    folder = HERE / asked.name
    for name in (*KEPT, *PICTURES):
        shutil.copyfile(rolling.path / name, folder / name)
    shutil.rmtree(folder / FORECASTS, ignore_errors=True)
    shutil.copytree(rolling.path / FORECASTS, folder / FORECASTS)
    text = json.dumps(manifest_of(rolling), indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    results.insert(section(rolling, scores), folder / "README.md")
    differences = score_page(scores, paired_differences(scores)).partition(
        "## Against the yardsticks\n\n"
    )[2]
    results.insert(differences.strip(), PAGE, "forecasts")


def manifest_of(rolling: Rolling) -> dict[str, object]:
    """Return what made the results."""
    plan = rolling.experiment
    scoring = scoring_of(plan)
    return {
        "command": f"experiments/forecasts.py {plan.name}",
        "scenario_digest": scenario_digest(plan.scenario),
        "rules_digest": rules_digest(plan.scenario),
        "file_digest": results.file_digest(Path(plan.path)),
        "calibration_digest": results.file_digest(
            Path((scoring.calibration or plan).path)
        ),
        "root_seed": plan.root_seed,
        "particles": scoring.options.particles,
        "draws": scoring.size.draws,
        "replications": scoring.size.replications,
        "questions": list(scoring.questions),
        "forecasts": {
            f"{made.origin}-{made.forecaster}": made.digest
            for made in rolling.forecasts
        },
        "versions": provenance.versions(),
    }


def section(rolling: Rolling, scores: list[Score]) -> str:
    """Return the results section of the README, Markdown."""
    n = len(rolling.origins)
    looked = len(paired_differences(scores))
    plan = scoring_of(rolling.experiment)
    first = (
        f"{n} origins, root_seed {rolling.experiment.root_seed}; forecasts from "
        f"{plan.size.draws} draws × {plan.size.replications} replications. "
        f"Looked at: {looked} differences, {len(plan.questions)} questions × "
        "2 scores × 4 yardsticks."
    )
    rows = (rolling.path / "refits.csv").read_text("utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    table = markdown_table(cells[0], cells[1:], numbers=range(1, len(cells[0])))
    page = score_page(scores, paired_differences(scores))
    _, _, page = page.partition("\n")  # the README has a title of its own
    pictures = [f"![{Path(name).stem}]({name})" for name in PICTURES]
    return "\n\n".join(
        [first, "The refits, each to what was known on its day:", table.rstrip("\n"),
         page.strip(), *pictures]
    )  # fmt: skip


if __name__ == "__main__":
    main()
