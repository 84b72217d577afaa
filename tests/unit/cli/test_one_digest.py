"""A scenario has one digest, whoever shows it: all places show the same for a file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.experiment.load import load_experiment
from sim.experiment.posterior import fit_metadata

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = "iraq_2019_2020"
FREE = "iraq_from_july_2020"
EXPERIMENT = """\
schema: 1
id: {id}
question: Which digest?
scenario: {scenario}
root_seed: 1
replications: 2
until: 3
outcomes: [peak_rung]
factors:
  rate: {{path: actors.kataib_hezbollah.base_rate}}
design: {{kind: grid, points: 2}}
"""


def escalade(*words: str | Path | int, code: int = 0) -> str:
    """Run the command in this process; return all that it printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(("name", "days"), [(SHIPPED, 20), (FREE, 265)])
def test_all_places_show_one_value(tmp_path: Path, name: str, days: int) -> None:
    """Check, manifest, report, pictures and refusal agree on a file's digest."""
    run, quick = tmp_path / "run", ("--workers", 1, "--until", days)
    shown = re.findall(r"digest ([0-9a-f]{64})", escalade("check", name))
    asked = ("run", name, "-n", 2, *quick, "--out", run)
    escalade(*asked)
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    shown.append(manifest["scenario"]["digest"])
    escalade("report", run)
    page = (run / "report.html").read_text("utf-8")
    row = r"digest of the scenario</\w+>\s*<td[^>]*>([0-9a-f]+)"
    shown += [d.ljust(64, "?") for d in re.findall(row, page)]
    refusal = escalade(*asked, "--root-seed", 2, code=2)
    short = re.findall(r"holds another run.*digest\s+([0-9a-f]{12})", refusal, re.S)
    short += re.findall(r"Scenario [^<]*digest ([0-9a-f]{12})", page)
    assert len(shown) == 3
    assert short
    assert {digest[:12] for digest in (*shown, *short)} == {shown[0][:12]}
    assert len(set(shown)) == 1


def test_studies_show_that_value_too(tmp_path: Path) -> None:
    """Sweep, posterior and experiment name their scenario by the same digest."""
    (value,) = re.findall(r"digest ([0-9a-f]{64})", escalade("check", SHIPPED))
    folder = tmp_path / "x01"
    folder.mkdir()
    file = folder / "experiment.yaml"
    file.write_text(EXPERIMENT.format(id="x01", scenario=SHIPPED), "utf-8")
    out = tmp_path / "study"
    escalade("sweep", file, "--out", out, "--workers", 1)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["scenario"]["digest"] == value
    plan = load_experiment(file)
    metadata = fit_metadata(
        plan.scenario, plan.factors, experiment=plan.name, root_seed=1, until=1.0
    )
    assert metadata["scenario_digest"] == value
