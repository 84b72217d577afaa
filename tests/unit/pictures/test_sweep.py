"""Maps of a sweep: their colours are of differences that are told from chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from sim.experiment.load import load_experiment
from sim.pictures.sweep import sweep_pictures
from sim.sweeps.sweep import run_sweep

matplotlib.use("Agg")

SCENARIO = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"
TEXT = f"""\
schema: 1
id: small
question: Which of two numbers moves the attacks?
scenario: {SCENARIO}
root_seed: 3
replications: 60
until: 30
outcomes: [n_rocket_attacks_true]
factors:
  rate: {{path: actors.brigade.base_rate, levels: [0.02, 0.06]}}
  swing: {{path: actors.brigade.swing, levels: [0.5, 1.0]}}
design: {{kind: grid}}
"""


def test_colours_span_what_is_told_from_chance(tmp_path: Path) -> None:
    """White where a difference from the base may be 0; the ends are the largest."""
    file = tmp_path / "small.yaml"
    file.write_text(TEXT, "utf-8")
    sweep = run_sweep(load_experiment(file), keep=False)
    figure = sweep_pictures(sweep)["map-rate-swing"]()
    (image,) = (image for axes in figure.axes for image in axes.images)
    shown: Any = np.asarray(image.get_array())
    table: Any = sweep.table()
    difference, low, high, mean = (
        table.pivot(index="swing", columns="rate", values=column)
        .loc[[0.5, 1.0], [0.02, 0.06]]
        .to_numpy()
        for column in ("difference", "difference_low", "difference_high", "mean")
    )
    told = (low > 0.0) | (high < 0.0)
    assert (difference[~told] != 0.0).any()
    wanted = np.where(told, difference, 0.0)
    assert shown.tolist() == wanted.tolist()
    reach = np.abs(wanted).max()
    assert image.get_clim() == (-reach, reach)
    assert 0.0 < reach < mean.max()
