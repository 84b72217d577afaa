"""Ranks of a few truths in the fit that ships, with all its generations, in small."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.calibration.ranking import rank_truth
from sim.experiment.load import load_experiment
from sim.statistics import abc

pytestmark = [pytest.mark.verify, pytest.mark.numba]

EXPERIMENT = load_experiment("c01_iraq_2019_2020")
OPTIONS = abc.Options(particles=60, generations=3)
N_TRUTHS = 20
UNLIKELY = 6.3e-5  # z = 4, two-sided


@cache
def ranks(shift=0.0):
    """Return where truths lie, shape (truths, parameters), and their second records."""
    every = [
        rank_truth(EXPERIMENT, OPTIONS, truth, shift=shift) for truth in range(N_TRUTHS)
    ]
    whole = [one for one in every if one.parameters]
    assert len(whole) > N_TRUTHS / 2
    return tuple(
        np.array([[*getattr(one, kind).values()] for one in whole])
        for kind in ("parameters", "statistics")
    )


def unlike_uniform(places):
    """Return the probability of so uneven ranks; those of a truth are averaged."""
    means = stats.norm.ppf(np.clip(places, 0.01, 0.99)).mean(axis=1)
    tested: Any = stats.ttest_1samp(means, 0.0)
    return float(tested.pvalue)


@pytest.mark.parametrize("kind", [0, 1])
def test_ranks_of_truths_are_uniform(kind):
    """Of parameters and of statistics. Those of one truth hang together, so each is
    averaged: the mean of n has the error of n, not of all.
    """
    places = ranks()[kind]
    assert unlike_uniform(places) > UNLIKELY
    assert ((places >= 0.0) & (places <= 1.0)).all()


def test_truths_that_are_not_of_the_priors_are_caught():
    """The planted fault: truths one and a half deviations above the priors.

    Their mean scores are 0.62 with a deviation of 0.35 between truths (12 of them), so
    20 catch it with a chance of 0.98; 12 did in half.
    """
    places = ranks(1.5)[0]
    assert unlike_uniform(places) < UNLIKELY


def test_a_truth_has_the_same_rank_again():
    """Its chance hangs on its number alone."""
    again = rank_truth(EXPERIMENT, OPTIONS, 2)
    assert [*again.parameters.values()] == pytest.approx(ranks()[0][2].tolist())
