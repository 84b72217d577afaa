"""A linear tension: units that arrive, echo and fade (immigration, birth, death)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.ladder import Act
from tests.verification.judging import (
    NO_FAULT,
    counts_off,
    judge,
    logs_of,
    mean_off,
    variance_off,
    without_band,
)
from tests.verification.kinds import TENSION, TensionParams, alone

pytestmark = pytest.mark.verify

ARRIVAL, ECHO, FADING, DAYS = 1.0, 0.1, 0.2, 12.0


def arrivals_unheeded(cast: Any) -> None:
    """Plant: one arrival in twenty is not remembered."""
    kind = cast.kinds[0]

    def notice(params: Any, memory: Any, percept: Any, now: float) -> None:
        if percept.act != Act.SHOW_OF_FORCE or now * 1000.0 % 20.0 >= 1.0:
            kind.notice(params, memory, percept, now)

    cast.kinds = (kind._replace(notice=notice), *cast.kinds[1:])


FAULTS: dict[str, tuple[dict[str, float], Any]] = {
    NO_FAULT: ({}, None),
    "arrival 5 % high": ({"arrival": ARRIVAL * 1.05}, None),
    "fading 10 % slow": ({"fading": FADING * 0.9}, None),
    "echo 20 % strong": ({"echo": ECHO * 1.2}, None),
    "lowest band of fading dropped": ({}, without_band("talks", 0)),
    "one arrival in twenty forgotten": ({}, arrivals_unheeded),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_linear_tension_has_its_exact_law(fault: str) -> None:
    """After T days the number of units is negative binomial about its known mean.

    With arrival a, echo b and fading d, k = b - d: the mean is a / k (exp(k T) - 1),
    the size a / b. 4,000 replications: 5 % in the arrivals is 6.4 standard errors.
    """
    changed, spoil = FAULTS[fault]
    params = TensionParams(ARRIVAL, ECHO, FADING, 40.0)._replace(**changed)
    final: list[int] = []
    for log in logs_of(alone(TENSION, params, DAYS), 4000, spoil=spoil):
        acts = [record.act for record in log.incidents()]
        final.append(len(acts) - 2 * acts.count(Act.TALKS))
    k = ECHO - FADING
    mean = ARRIVAL / k * np.expm1(k * DAYS)
    size = ARRIVAL / ECHO
    variance = mean + mean * mean / size
    judge(
        {
            "mean": mean_off(final, mean, variance),
            "variance": variance_off(final, variance),
            "law": counts_off(final, stats.nbinom(size, size / (size + mean))),
        },
        fault,
    )
