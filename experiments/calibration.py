#!/usr/bin/env python
"""Run a calibration and write its results: ``calibration.py c01_iraq_2019_2020``.

Its folder gets the tables, the pictures, the posterior and a manifest;
docs/validation.md gets the tables. A fit that was broken off goes on. Minutes on two
cores.
"""

from __future__ import annotations

import argparse
import json
import shutil
from hashlib import sha256
from pathlib import Path

import results

from sim.calibration.calibrate import run_calibration
from sim.calibration.table import write_tables
from sim.digest import scenario_digest
from sim.digits import markdown_table
from sim.engine.choice import has_numba
from sim.ensemble.archive import read_manifest
from sim.experiment.load import load_experiment
from sim.pictures.calibration import PICTURES, write_pictures

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "validation.md"
KEPT = (
    "posterior.parquet", "generations.csv", "parameters.csv", "targets.csv",
    "diagnostics.csv", *(f"{name}.svg" for name in PICTURES),
)  # fmt: skip
TABLES = ("generations", "parameters", "diagnostics", "targets", "limits")


def main() -> None:
    """Run one calibration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="a folder beside this file")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", help="where the fit lies or goes on")
    asked = parser.parse_args()
    plan = load_experiment(HERE / asked.name)
    found = run_calibration(
        plan,
        out=asked.out,
        workers=asked.workers,
        engine="compiled" if has_numba() else "simpy",
        tell=print,
    )
    write_tables(found)
    write_pictures(found)
    folder = HERE / asked.name
    for name in KEPT:
        shutil.copyfile(found.path / name, folder / name)
    made = read_manifest(found.path) or {}
    manifest = {
        "command": f"experiments/calibration.py {asked.name}",
        "scenario_digest": scenario_digest(plan.scenario),
        "file_digest": sha256((folder / "experiment.yaml").read_bytes()).hexdigest(),
        "rules_digest": made.get("rules_digest"),
        "posterior_digest": found.posterior.digest,
        "root_seed": plan.root_seed,
        "particles": len(found.posterior.weights),
        "generations": len(found.generations),
        "effective_size": round(found.generations[-1].effective_size, 1),
        "targets": [target.name for target in found.targets],
        "versions": made.get("versions"),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    write_page(found.path)


def write_page(path: Path) -> None:
    """Put the tables of a fit into the page, between their marks."""
    for name in TABLES:
        if not results.insert(told(path, name).rstrip(), PAGE, name):
            print(f"{PAGE.name} has no place for the table {name}")


def told(path: Path, name: str) -> str:
    """Return one table in Markdown."""
    if name != "generations":
        return (path / f"{name}.md").read_text("utf-8")
    rows = (path / "generations.csv").read_text("utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    heads = [head.replace("_", " ") for head in cells[0]]
    return markdown_table(heads, cells[1:], numbers=range(len(heads)))


if __name__ == "__main__":
    main()
