"""How often intervals cover the truth, and the tables of it in ``docs/validation.md``.

::

    python -m tests.verification.coverage         renew the tables (some minutes)

Synthetic truth: pairs a known share of which differs, by sizes of a known law. The
scenario: 20,000 coupled replications of arms, whose mean is the truth, split into 200
groups of 100, each of which gets its interval.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.digits import markdown_table
from sim.statistics.bootstrap import generator
from sim.statistics.effect import Sample, mean_effect
from sim.statistics.mean_interval import own_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Method = Callable[[Column, Column, bool], tuple[float, float]]

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
SHARES: Final = (0.001, 0.003, 0.01, 0.026, 0.05, 0.08, 0.1, 0.2, 0.35, 0.5)
SAMPLES: Final = 2000
GROUPS: Final = 200
OF_A_GROUP: Final = 100
ROOT_SEED: Final = 20200705


@dataclass(frozen=True)
class Law:
    """Of the sizes of what differs."""

    label: str
    draw: Callable[[Any, int], Column]
    """Sizes of n pairs."""
    mean: float
    """Of a size."""
    spread: float
    """Of the outcome itself, which both arms share; 0: the outcome is 0 or 1."""


def _signs(random: Any, n: int, share: float) -> Column:
    return np.where(random.random(n) < share, 1.0, -1.0)


LAWS: Final = (
    Law("shares, one direction", lambda _, n: np.ones(n), 1.0, 0.0),
    Law("shares, 4 of 5 up", lambda r, n: _signs(r, n, 0.8), 0.6, 0.0),
    Law("shares, both alike", lambda r, n: _signs(r, n, 0.5), 0.0, 0.0),
    Law(
        "counts, one direction",
        lambda r, n: r.geometric(0.4, n).astype(float), 2.5, 5.0,
    ),
    Law(
        "counts, 4 of 5 up",
        lambda r, n: r.geometric(0.4, n) * _signs(r, n, 0.8), 1.5, 5.0,
    ),
    Law("times, one direction", lambda r, n: r.exponential(10.0, n), 10.0, 20.0),
    Law("times, both directions", lambda r, n: r.normal(2.0, 8.0, n), 2.0, 10.0),
    Law(
        "heavy tail (log-normal, σ = 1)",
        lambda r, n: np.exp(r.normal(size=n)), float(np.exp(0.5)), 3.0,
    ),
)  # fmt: skip


def ours(reference: Column, arm: Column, is_share: bool) -> tuple[float, float]:
    """Return the interval that `escalade compare` gives, but for the swap test."""
    effect = mean_effect(Sample(reference, arm, True), is_share=is_share)
    return effect.low, effect.high


def normal(reference: Column, arm: Column, is_share: bool) -> tuple[float, float]:
    """Return the normal interval of paired differences."""
    del is_share
    return normal_of(arm - reference)


def normal_of(values: Column) -> tuple[float, float]:
    """Return the normal interval of a mean."""
    half = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5
    return float(values.mean()) - half, float(values.mean()) + half


def coverage(method: Method, law: Law, share: float, *, n: int, samples: int) -> float:
    """Return how often an interval of n pairs covers the truth."""
    random = generator(ROOT_SEED, "coverage", law.label, f"{share}", f"{n}")
    truth, covered = share * law.mean, 0
    for _ in range(samples):
        apart = np.where(random.random(n) < share, law.draw(random, n), 0.0)
        # Of shares only the difference is looked at: a reference of zeros will do.
        reference = law.spread * random.normal(size=n)
        low, high = method(reference, reference + apart, law.spread == 0.0)
        covered += low <= truth <= high
    return covered / samples


def synthetic_table(n: int) -> str:
    """Return coverage by law and share of differing pairs."""
    rows = [
        (
            law.label,
            name,
            *(
                f"{coverage(method, law, share, n=n, samples=SAMPLES):.3f}"
                for share in SHARES
            ),
        )
        for law in LAWS
        for name, method in (("normal", normal), ("escalade", ours))
    ]
    heads = ("what differs", "interval", *(f"{100 * s:g} %" for s in SHARES))
    return markdown_table(heads, rows, numbers=range(2, len(heads)))


_CHANGES: Final[dict[str, dict[str, Any]]] = {
    "base": {},
    "custody": {
        "actors.iraq.custody_days": "3650 days",
        "actors.iraq.release_share": 0,
    },
    "permits": {"actors.iraq.restriction_rate": "0/week"},
    "support": {"actors.united_states.support_rate": "2/month"},
    "no_strikes": {
        "actors.united_states.tolerance": 1000,
    },
}


def scenario_columns() -> dict[str, dict[str, Column]]:
    """Return every outcome of the arms, defined throughout, by arm and name."""
    from sim.ensemble.ensemble import run_ensemble
    from sim.experiment.variant import Variant, variant_of
    from sim.scenario.form import read_scenario
    from sim.scenario.load import find

    document = read_scenario(find("iraq_endogenous_2019_2020"))
    found: dict[str, dict[str, Column]] = {}
    for arm, changes in _CHANGES.items():
        frame = run_ensemble(
            variant_of(document, Variant(changes)),
            replications=GROUPS * OF_A_GROUP,
            root_seed=ROOT_SEED,
            engine="compiled",
        ).outcomes
        found[arm] = {name: frame[name].to_numpy() for name in frame.columns}
    return found


def groups(column: Column) -> Column:
    """Return a column as groups, shape (200, 100)."""
    return column.reshape(GROUPS, OF_A_GROUP)


def paired_cases(
    columns: dict[str, dict[str, Column]],
) -> Iterator[tuple[float, ...]]:
    """Yield the share that differs, and both coverages, of each arm and outcome."""
    base = columns["base"]
    for arm in list(columns)[1:]:
        for name, a in base.items():
            b = columns[arm][name]
            share = float((a != b).mean())
            if np.isnan(a + b).any() or share == 0.0:
                continue
            is_share = bool(np.isin(a, (0.0, 1.0)).all() & np.isin(b, (0.0, 1.0)).all())
            truth = float((b - a).mean())
            pairs = list(zip(groups(a), groups(b), strict=True))
            yield (
                share,
                *(
                    float(
                        np.mean(
                            [
                                low - 1e-12 <= truth <= high + 1e-12
                                for low, high in (
                                    method(x, y, is_share) for x, y in pairs
                                )
                            ]
                        )
                    )
                    for method in (normal, ours)
                ),
            )


def single_cases(
    columns: dict[str, dict[str, Column]],
) -> Iterator[tuple[float, ...]]:
    """Yield the share away from the median, and both coverages, of each outcome."""
    for name in columns["base"]:
        values = columns["base"][name]
        if np.isnan(values).any() or np.isin(values, (0.0, 1.0)).all():
            continue
        share = float((values != np.median(values)).mean())
        if share == 0.0:
            continue
        truth = float(values.mean())
        yield (
            share,
            *(
                float(
                    np.mean([low <= truth <= high for low, high in map(method, sample)])
                )
                for method, sample in (
                    (m, groups(values)) for m in (normal_of, own_interval)
                )
            ),
        )


EDGES: Final = (0.0, 0.001, 0.003, 0.01, 0.026, 0.05, 0.1, 0.2, 0.5, 1.0)


def scenario_table(cases: Iterator[tuple[float, ...]], head: str) -> str:
    """Return coverage in bins of the share, over outcomes and arms."""
    found = np.array(list(cases))
    rows: list[tuple[str, ...]] = []
    for low, high in pairwise(EDGES):
        some = found[(found[:, 0] > low) & (found[:, 0] <= high)]
        if len(some):
            rows.append(
                (
                    f"{100 * low:g} to {100 * high:g} %",
                    f"{len(some)}",
                    f"{some[:, 1].mean():.3f}",
                    f"{some[:, 2].mean():.3f}",
                    f"{some[:, 2].min():.3f}",
                    f"{(some[:, 2] < 0.93).sum()}",
                )
            )
    heads = (head, "outcomes", "normal", "escalade", "lowest", "below 0.93")
    return markdown_table(heads, rows, numbers=range(1, 6))


def page_part() -> str:
    """Return all tables."""
    columns = scenario_columns()
    parts = [
        f"Synthetic pairs, {SAMPLES:,} samples each (standard error 0.005), by the "
        "share of pairs that differ. Samples of 100 pairs:",
        synthetic_table(100),
        "Samples of 300 pairs:",
        synthetic_table(300),
        "`iraq_endogenous_2019_2020`, four arms against the scenario as it stands, "
        f"every outcome that is always defined: {GROUPS} groups of {OF_A_GROUP} pairs "
        "(the standard error of one outcome's coverage is 0.015: at a true 0.95 some 8 "
        "in 100 come out below 0.93 by chance).",
        scenario_table(paired_cases(columns), "pairs that differ"),
        "The mean of one arm alone, of outcomes that are not 0 or 1:",
        scenario_table(single_cases(columns), "replications off the median"),
    ]
    return "\n\n".join(part.rstrip("\n") for part in parts)


def main() -> int:
    """Renew the tables."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- coverage: begin -->", "<!-- coverage: end -->"
    pattern = re.compile(f"{begin}.*?{end}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        sys.stderr.write(f"{PAGE.name} wants one part from {begin} to {end}\n")
        return 1
    part = page_part()
    page = pattern.sub(lambda _: f"{begin}\n\n{part}\n\n{end}", text)
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
