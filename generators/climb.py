"""Write into ``docs/validation.md`` how far the shipped crisis climbs, beside a class.

::

    python generators/climb.py                         200 draws of 100 replications
    python generators/climb.py --draws 400 --workers 4

Every number with a range is drawn from it. Finished draws are kept below
``runs/climb``, so that what was broken off goes on.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import yaml

import sim
from sim.comparison.range_draws import FROM_RANGES, RangeTask, range_draws
from sim.comparison.under_draws import DrawnArms, run_drawn_arms
from sim.digest import run_digest
from sim.digits import markdown_table, short
from sim.ensemble.draw_set import ArmSource
from sim.ensemble.ensemble import run_ensemble
from sim.experiment.parameter_draw import ranged_factors
from sim.experiment.variant import Variant
from sim.outcomes import outcomes_for
from sim.scenario.form import read_scenario
from sim.scenario.load import find
from sim.statistics.interval import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "validation.md"
CLASSES: Final = ROOT / "seeds" / "reference_classes.yaml"
SCENARIO: Final = "iraq_endogenous_2019_2020"
OUTCOMES: Final = ("direct_exchange_happened_true", "both_struck_happened_true")
BLOCK: Final = re.compile(
    r"(?<=<!-- climb: begin -->\n).*?(?=<!-- climb: end -->)", re.DOTALL
)
ROOT_SEED: Final = 1


def under_draws(
    n_draws: int, replications: int, workers: int, folder: Path
) -> tuple[dict[str, NDArray[np.float64]], int]:
    """Return the share of worlds of each outcome by draw, and how many were refused."""
    source = ArmSource(read_scenario(find(SCENARIO)), Variant())
    scenario = source.scenario()
    task = RangeTask(
        {SCENARIO: source}, ranged_factors(source.document, scenario), ROOT_SEED
    )
    until = scenario.horizon
    digest = task.digest([run_digest(scenario, ROOT_SEED, until)])
    draws, n_refused = range_draws(
        task=task,
        n_draws=n_draws,
        replications=replications,
        digest=digest,
        workers=workers,
        folder=folder,
    )
    arms = DrawnArms({SCENARIO: scenario}, draws, ROOT_SEED, until, task.arms)
    drawn = run_drawn_arms(arms, OUTCOMES, workers=workers, engine="compiled")
    shares = {
        name: np.nanmean(drawn.values[name][SCENARIO], axis=1) for name in OUTCOMES
    }
    return shares, n_refused


def percent(share: float) -> str:
    """Write a share in per cent."""
    return f"{short(100.0 * share)} %"


def block(n_draws: int, replications: int, n: int, workers: int, folder: Path) -> str:
    """Return the table, and what it was made from."""
    scenario = sim.load(SCENARIO)
    shares, n_refused = under_draws(n_draws, replications, workers, folder)
    shipped = run_ensemble(
        scenario, replications=n, root_seed=ROOT_SEED, workers=workers
    )
    classes = yaml.safe_load(CLASSES.read_text("utf-8"))["classes"]
    beside = {row["beside"]: row for row in classes.values() if "beside" in row}
    table, happened = outcomes_for(scenario), cast("Any", shipped.outcomes)
    rows: list[tuple[str, ...]] = []
    for name in OUTCOMES:
        share, low, high = wilson(float(happened[name].sum()), n)
        ends = ", ".join(map(percent, np.quantile(shares[name], (0.05, 0.5, 0.95))))
        row = beside.get(name.removesuffix("_true"))
        usual = (
            "–" if row is None else f"{percent(row['per_252_days'])}: {row['meaning']}"
        )
        shown = f"{percent(share)} ({percent(low)} to {percent(high)})"
        rows.append((f"{table[name].label} (`{name}`)", shown, ends, usual))
    heads = "Outcome", "As shipped", "Over draws: 5, 50, 95 %", "Reference class"
    below = (
        f"Of `{SCENARIO}`, 252 days; in brackets 95 % of Monte Carlo error, {n:,} "
        f"replications. {n_draws} draws {FROM_RANGES}, {replications} replications of "
        f"each, whose chance widens the quantiles a little; {n_refused} more ran away "
        "or were no scenario, and were drawn again."
    )
    return f"{markdown_table(heads, rows, numbers=range(1, 4))}\n{below}\n"


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--shipped", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("runs/climb"))
    asked = parser.parse_args()
    text = block(
        asked.draws, asked.replications, asked.shipped, asked.workers, asked.out
    )
    page = PAGE.read_text("utf-8")
    PAGE.write_text(BLOCK.sub(lambda _: text, page), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
