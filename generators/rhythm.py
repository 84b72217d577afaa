"""Write into ``docs/validation.md`` how attacks cluster, beside record and class.

::

    python generators/rhythm.py                         2,000 worlds of each swing
    python generators/rhythm.py --worlds 500

The scenario is run with the swing of its campaigns set to several values, in coupled
worlds; counted is what the press reported, as in the record.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import yaml

import sim
from sim.analytic.dates import attack_days
from sim.digits import interval_text, markdown_table, places_of
from sim.engine.cast import Cast
from sim.engine.choice import driver_for, has_numba
from sim.engine.driver import Renewable
from sim.record.summary import record_rows
from sim.record.table import mid_rank
from sim.scenario.renumber import with_numbers
from sim.statistics.bootstrap import (
    generator,
    percentile_interval,
    resampled_weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario

    Floats = NDArray[np.float64]

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "validation.md"
CLASSES: Final = ROOT / "seeds" / "reference_classes.yaml"
SCENARIO: Final = "iraq_endogenous_2019_2020"
SWINGS: Final = (0.0, 0.3, 0.5, 0.6, 0.7, 0.9)
ROOT_SEED: Final = 1
WEEK: Final = 7.0
MONTH: Final = 28.0
"""Days of a fair month: nine fill the 252 days, and each has four weeks."""


def worlds_of(
    scenario: Scenario, points: Iterable[Mapping[str, float]]
) -> Iterator[Floats]:
    """Yield the days of attacks in one world at each point of numbers by path.

    Worlds are numbered from 0, so those of equal number are coupled between calls.
    """
    base = Cast(scenario)
    engine = "compiled" if has_numba() else "simpy"
    driver = None
    last: Mapping[str, float] | None = None
    for number, point in enumerate(points):
        if driver is None or point != last:
            cast = base.renumbered(with_numbers(scenario, point))
            if isinstance(driver, Renewable):
                driver.renew(cast)
            else:
                driver = driver_for(cast, engine)
            last = point
        yield attack_days(driver.rows(ROOT_SEED, number, scenario.horizon))


def counts_of(days: Iterable[Floats], window: float, horizon: float) -> Floats:
    """Return attacks by world and whole window, shape (worlds, windows)."""
    n = int(horizon / window)
    return np.array([np.histogram(d, n, (0.0, n * window))[0] for d in days], float)


def dispersion(counts: Floats) -> Floats:
    """Return the variance (of a sample) over the mean of each row; nan of none."""
    mean = counts.mean(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(mean > 0.0, counts.var(axis=-1, ddof=1) / mean, np.nan)


def intensity_of(months: Floats, weights: Floats | None = None) -> tuple[Any, Any]:
    """Return what a variable intensity adds to counts of months, and how it lasts.

    Parameters
    ----------
    months
        Counts, shape (worlds, months).
    weights
        How often each world counts, shape (..., worlds); once each when None.

    Returns
    -------
    tuple
        Theta, the variance of the intensity over its squared mean: what the counts'
        variance has above their mean, as a Poisson process would have none. Rho, the
        correlation of the intensities of successive months. Both about the one mean of
        all months, shape (...).
    """
    weight = np.ones(len(months)) if weights is None else weights
    share = weight / weight.sum(axis=-1, keepdims=True)
    mean = share @ months.mean(axis=1)
    square = share @ (months**2).mean(axis=1)
    product = share @ (months[:, 1:] * months[:, :-1]).mean(axis=1)
    beside = share @ (months[:, 1:] + months[:, :-1]).mean(axis=1)
    variance = square - mean**2 - mean
    covariance = product - mean * beside + mean**2
    return variance / mean**2, covariance / variance


def chance_dispersion(n: int, months: int) -> tuple[float, float]:
    """Return the middle 95 % of the dispersion of n attacks at a constant rate."""
    random = generator(ROOT_SEED, "rhythm", "chance")
    even = np.full(months, 1.0 / months)
    counts = random.multinomial(n, even, size=20_000).astype(float)
    low, high = np.quantile(dispersion(counts), (0.025, 0.975))
    return float(low), float(high)


def common_trend(months: Floats) -> float:
    """Return the part of theta that all worlds share: their mean month by month."""
    means = months.mean(axis=0)
    return float(means.var() / means.mean() ** 2)


def usual_lag(months: Floats) -> Floats:
    """Return the middle 90 % of the correlation of successive months of one world."""
    pairs = [(row[:-1], row[1:]) for row in months]
    lags = [np.corrcoef(*pair)[0, 1] for pair in pairs if min(np.std(pair, axis=1)) > 0]
    return np.quantile(lags, (0.05, 0.95))


def with_interval(value: float, resampled: Floats) -> str:
    """Write a number and the interval of its resamples."""
    low, high = percentile_interval(resampled)
    places = max(1, places_of((high - low) / 2.0))
    return f"{value:.{places}f} ({interval_text(low, high)})"


def row_of(label: str, days: list[Floats], horizon: float, recorded: float) -> Any:
    """Return the cells of one arm."""
    months = counts_of(days, MONTH, horizon)
    theta, rho = intensity_of(months)
    weights = resampled_weights(len(days), generator(ROOT_SEED, "rhythm"))
    pieces = [intensity_of(months, some) for some in weights]
    thetas, rhos = (np.concatenate(values) for values in zip(*pieces, strict=True))
    # Where the intensity hardly varies there is nothing whose parts could correlate.
    has_rho = percentile_interval(thetas)[0] > 0.02
    weekly = dispersion(counts_of(days, WEEK, horizon))
    weekly = weekly[~np.isnan(weekly)]
    ends = np.quantile(weekly, (0.05, 0.5, 0.95))
    return (
        label,
        f"{np.mean([len(d) for d in days]):.1f}",
        with_interval(theta, thetas),
        with_interval(rho, rhos) if has_rho else "–",
        ", ".join(f"{end:.2f}" for end in ends),
        f"{mid_rank(weekly, recorded):.1f}",
    )


def class_rows() -> list[tuple[str, ...]]:
    """Return the cells of the series of the reference class."""
    classes = yaml.safe_load(CLASSES.read_text("utf-8"))["classes"]
    return [
        (
            series["where"],
            f"{series['months']}",
            f"{series['mean']}",
            f"{series['theta']}"
            + (f" ({series['low']} to {series['high']})" if "low" in series else ""),
            f"{series.get('lag_1', '–')}",
        )
        for series in classes["rhythm_of_harassment"]["series"]
    ]


def block(n: int) -> str:
    """Return the tables, and what they were made from."""
    scenario = sim.load(SCENARIO)
    militias = [a for a in scenario.actors if a.kind.name == "militia"]
    (shipped,) = {militia.params.swing for militia in militias}
    horizon = scenario.horizon
    record = attack_days(record_rows(scenario, horizon))
    by_week = float(dispersion(counts_of([record], WEEK, horizon))[0])
    rows: list[tuple[str, ...]] = []
    trend, lag = 0.0, np.zeros(2)
    for swing in sorted({*SWINGS, shipped}):
        point = {f"actors.{militia.name}.swing": swing for militia in militias}
        days = list(worlds_of(scenario, [point] * n))
        label = f"{swing:g}, shipped" if swing == shipped else f"{swing:g}"
        rows.append(row_of(label, days, horizon, by_week))
        if swing == shipped:
            months = counts_of(days, MONTH, horizon)
            trend, lag = common_trend(months), usual_lag(months)
    arms = markdown_table(
        (
            "Swing",
            "attacks",
            "theta, 28 days",
            "rho",
            "weekly dispersion: 5, 50, 95 %",
            "percentile of the record",
        ),
        rows,
        numbers=range(1, 6),
    )
    classes = markdown_table(
        ("Elsewhere", "months", "attacks a month", "theta, 28 days", "lag 1 of counts"),
        class_rows(),
        numbers=range(1, 5),
    )
    low, high = (f"{end:.1f}".replace("-", "−") for end in lag)
    return (
        f"{arms}\n"
        f"`{SCENARIO}`, {n:,} worlds of {horizon:.0f} days in each row, the same "
        "numbers in all, reported attacks; in brackets 95 % of Monte Carlo error, by "
        "resampling worlds. A mean that differs from month to month in all worlds "
        f"alike makes {trend:.3f} of theta at the shipped swing. The correlation of "
        "successive months within one history of nine is no test: in 90 of 100 worlds "
        f"at the shipped swing it lies between {low} and {high}.\n\n"
        f"{record_words(record, horizon)}\n\n{classes}"
    )


def record_words(record: Floats, horizon: float) -> str:
    """Say how the record's own attacks vary, by fair months and by weeks."""
    months = counts_of([record], MONTH, horizon)
    counts = " ".join(f"{count:.0f}" for count in months[0])
    monthly = float(dispersion(months)[0])
    weekly = float(dispersion(counts_of([record], WEEK, horizon))[0])
    low, high = chance_dispersion(len(record), months.shape[1])
    return (
        f"The record: {len(record)} attacks, by fair months {counts}, so a dispersion "
        f"(variance over mean) of {monthly:.2f}, where a constant rate gives {low:.2f} "
        f"to {high:.2f} in 95 of 100, and a theta of "
        f"{(monthly - 1.0) / months.mean():.3f}; by weeks a dispersion of {weekly:.2f}."
    )


def renew(name: str, text: str, page: Path | None = None) -> None:
    """Write a text between the marks of its name on a page, else on validation's."""
    page = page or PAGE
    part = re.compile(
        rf"(?<=<!-- {name}: begin -->\n).*?(?=<!-- {name}: end -->)", re.DOTALL
    )
    before = page.read_text("utf-8")
    if len(part.findall(before)) != 1:
        message = f"{page.name} has not one part {name!r}"
        raise ValueError(message)
    page.write_text(part.sub(lambda _: text, before), "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--worlds", type=int, default=2000)
    asked = parser.parse_args(arguments)
    renew("rhythm", block(asked.worlds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
