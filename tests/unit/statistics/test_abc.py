"""Sequential ABC: weights, proposals, distances and the fit's own rules, by hand."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import StudyError
from sim.statistics import abc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAWS: Any = stats


def population(n: int = 300, centre: float = 0.8, spread: float = 0.7) -> Any:
    """Return a generation far from the prior, with uneven weights."""
    rng = np.random.default_rng(5)
    z = centre + spread * rng.standard_normal((n, 2))
    weights = rng.random(n) + 0.2
    return abc.Generation(
        number=0,
        scores=z,
        weights=weights / weights.sum(),
        summaries=z,
        distances=np.zeros(n),
        tolerance=1.0,
        attempts=2 * n,
        spread=np.ones(2),
    )


def test_weights_are_the_prior_over_the_proposal() -> None:
    """By SciPy's densities: the prior's share in ten attempts, the rest moved."""
    last = population()
    proposal = abc._Proposal(2, 11, 1, last)
    tried = np.random.default_rng(6).standard_normal((40, 2))
    prior = LAWS.multivariate_normal(np.zeros(2)).pdf(tried)
    kernel = proposal.root @ proposal.root.T
    moved = sum(
        weight * LAWS.multivariate_normal(centre, kernel).pdf(tried)
        for weight, centre in zip(last.weights, proposal.centres, strict=True)
    )
    expected = prior / (0.1 * prior + 0.9 * moved)
    assert proposal.weights(tried) == pytest.approx(expected / expected.sum())


def test_attempts_weighted_are_draws_of_the_prior_again() -> None:
    """Mean and variance go back to 0 and 1 from a population that lies elsewhere."""
    proposal = abc._Proposal(2, 11, 1, population())
    tried = np.concatenate([b.scores for b in islice(proposal.batches(), 20)])
    weights = proposal.weights(tried)
    error = np.sqrt((weights**2).sum())
    assert (np.abs(weights @ tried) < 4.0 * error).all()
    assert (np.abs(weights @ tried**2 - 1.0) < 4.0 * np.sqrt(2.0) * error).all()
    assert (tried.mean(axis=0) > 0.4).all()


def halfway(last: Any) -> tuple[Any, Any]:
    """Return mean and covariance of a law with half of a population's knowledge."""
    mean = last.weights @ last.scores
    covariance = np.cov(last.scores.T, aweights=last.weights)
    likelihood = np.linalg.inv(covariance) - np.eye(2)
    wider = np.linalg.inv(np.eye(2) + likelihood / 2.0)
    peak = np.linalg.solve(likelihood, np.linalg.solve(covariance, mean))
    return wider @ (likelihood / 2.0) @ peak, wider


def test_the_proposal_knows_half_of_the_last_population() -> None:
    """Moved back towards the prior, and smoothed: one attempt in ten is prior."""
    last = population()
    proposal = abc._Proposal(2, 11, 1, last)
    mean, covariance = halfway(last)
    drawn_in = np.cov(proposal.centres.T, aweights=last.weights)
    assert last.weights @ proposal.centres == pytest.approx(mean)
    kernel = proposal.root @ proposal.root.T
    assert drawn_in + kernel == pytest.approx(covariance)
    width = (1.0 / last.effective_size) ** (1.0 / 3.0)  # two parameters: 4/(d + 2) is 1
    assert kernel == pytest.approx(width * covariance)
    tried = np.concatenate([b.scores for b in islice(proposal.batches(), 30)])
    expected = 0.9 * mean
    variance = 0.9 * (np.diag(covariance) + mean**2) + 0.1 - expected**2
    error = np.sqrt(variance / len(tried))
    assert (np.abs(tried.mean(axis=0) - expected) < 4.0 * error).all()


def test_what_is_known_of_one_parameter_alone_moves_no_other() -> None:
    """A parameter that is its prior is proposed from it, one that is known from 2 x."""
    rng = np.random.default_rng(8)
    z = np.column_stack((0.1 * rng.standard_normal(4000), rng.standard_normal(4000)))
    last = population(4000)._replace(scores=z, weights=np.full(4000, 1.0 / 4000))
    proposal = abc._Proposal(2, 11, 1, last)
    kernel = proposal.root @ proposal.root.T
    spread = np.cov(proposal.centres.T, aweights=last.weights) + kernel
    assert np.diag(spread) == pytest.approx([2.0 * 0.01, 1.0], rel=0.1)


def test_a_small_population_is_smoothed_by_half_at_most() -> None:
    """Of few particles the kernel would be wider than the population itself."""
    last = population(4)
    proposal = abc._Proposal(2, 11, 1, last)
    kernel = proposal.root @ proposal.root.T
    assert kernel == pytest.approx(0.5 * halfway(last)[1], abs=1e-8)


def test_the_prior_s_batches_are_standard_normal_and_numbered() -> None:
    """200 attempts in each, no two alike; a number names the same attempt always."""
    batches = list(islice(abc.prior_batches(3, 7), 20))
    assert [batch.first for batch in batches] == [200 * n for n in range(20)]
    z = np.concatenate([batch.scores for batch in batches])
    assert z.shape == (4000, 3)
    assert len(np.unique(z)) == z.size
    assert (np.abs(z.mean(axis=0)) < 4.0 / np.sqrt(4000)).all()
    assert (np.abs(z.var(axis=0) - 1.0) < 4.0 * np.sqrt(2.0 / 4000)).all()
    later = abc._Proposal(3, 7, 2, None)
    assert next(iter(later.batches())).first == 2 * abc.SHIFT


def test_distances_are_roots_of_mean_squares_in_spreads() -> None:
    """What is undefined on one side counts two spreads, on both sides nothing."""
    observed = np.array([1.0, np.nan, 3.0])
    simulated = np.array([
        [1.0, np.nan, 3.0],
        [4.0, np.nan, 7.0],
        [1.0, 5.0, 3.0],
        [np.nan, np.nan, 3.0],
    ])  # fmt: skip
    spread = np.array([1.0, 1.0, 2.0])
    root = np.sqrt([0.0, (9.0 + 4.0) / 3.0, 4.0 / 3.0, 4.0 / 3.0])
    assert abc.distances_of(simulated, observed, spread) == pytest.approx(root)


def test_the_spread_is_the_mean_deviation_from_the_median() -> None:
    """A summary without spread takes its distance from the record, or 1."""
    summaries = np.array([
        [0.0, 2.0, 5.0, np.nan, 4.0],
        [1.0, 2.0, 5.0, np.nan, 4.0],
        [5.0, 2.0, 5.0, np.nan, 4.0],
        [np.nan, 2.0, 5.0, np.nan, 4.0],
    ])  # fmt: skip
    observed = np.array([9.0, 2.5, 5.0, 1.0, np.nan])
    spread = abc.spread_of(summaries, observed)
    assert spread == pytest.approx([5.0 / 3.0, 0.5, 1.0, 1.0, 1.0])


def test_the_correction_of_a_straight_line_is_exact() -> None:
    """Where a score is a line of the summaries, each particle goes to the record's."""
    rng = np.random.default_rng(9)
    summaries = np.column_stack((rng.normal(size=(50, 2)), np.full(50, 3.0)))
    summaries[:, 0] *= 4.0
    scores = (1.5 + summaries[:, :2] @ [0.3, -0.8])[:, None]
    observed = np.array([2.0, 0.5, 3.0])
    last = population(50)._replace(
        scores=scores,
        summaries=summaries,
        spread=np.array([2.0, 1.0, 1.0]),
        distances=rng.random(50),
    )
    at_record = 1.5 + 0.3 * 2.0 - 0.8 * 0.5
    assert abc.adjusted(last, observed) == pytest.approx(np.full((50, 1), at_record))


def test_the_correction_weighs_near_particles_more() -> None:
    """It is the weighted least squares with Epanechnikov's kernel of the distance."""
    rng = np.random.default_rng(10)
    last = population(60)._replace(
        summaries=rng.normal(size=(60, 1)), spread=np.array([1.0])
    )
    off = last.summaries[:, 0] - 0.2
    last = last._replace(distances=np.abs(off), scores=off[:, None] ** 3)
    weight = last.weights * (1.0 - (off / np.abs(off).max()) ** 2 * 0.999)
    centre = weight @ off / weight.sum()
    slope = weight @ ((off - centre) * off**3) / (weight @ (off - centre) ** 2)
    at_record = (weight @ off**3 - slope * (weight @ off)) / weight.sum()
    size = weight.sum() ** 2 / (weight**2).sum()
    wider = np.sqrt(size / (size - 2.0))  # the plane has two numbers
    moved = abc.adjusted(last, np.array([0.2]))[:, 0]
    left = off**3 - slope * off - at_record
    assert moved == pytest.approx(at_record + left * wider)


def line(batches: Iterable[abc.Batch]) -> Iterator[np.ndarray]:
    """Simulate: the first score and some chance; negative attempts run away."""
    for batch in batches:
        chance = np.random.default_rng(batch.first).standard_normal(len(batch.scores))
        summary = batch.scores[:, :1] + 0.3 * chance[:, None]
        yield np.where(batch.scores[:, :1] < -1.5, np.nan, summary)


OPTIONS = abc.Options(particles=150, generations=4, least_acceptance=0.02)


def test_generations_come_closer_and_keep_what_was_asked() -> None:
    """Each tolerance is the median distance of the one before, in its own spreads."""
    observed = np.array([1.0])
    seen: list[tuple[int, int, int]] = []
    generations: list[abc.Generation] = []
    result = abc.fit(
        1, line, observed, OPTIONS, 3,
        on_generation=generations.append,
        progress=lambda *state: seen.append(state),
    )  # fmt: skip
    assert result == generations
    assert [one.number for one in result] == [0, 1, 2, 3]
    assert result[0].tolerance == np.inf
    assert result[0].weights == pytest.approx(np.full(150, 1.0 / 150))
    for before, after in pairwise(result):
        distances = abc.distances_of(before.summaries, observed, before.spread)
        assert after.tolerance == pytest.approx(np.median(distances))
        assert (after.distances <= after.tolerance).all()
    for one in result:
        assert len(one.scores) == len(one.summaries) == 150
        assert one.weights.sum() == pytest.approx(1.0)
        assert one.acceptance == 150 / one.attempts
        assert not np.isnan(one.summaries).any()
    assert {state[0] for state in seen} == {0, 1, 2, 3}
    assert max(state[1] for state in seen) == 150
    assert {state[2] for state in seen} == {150}


def test_the_kept_are_the_first_that_are_close_in_order_of_their_numbers() -> None:
    """No attempt after the last that was kept is counted."""
    first = abc.fit(1, line, np.array([1.0]), OPTIONS._replace(generations=1), 3)[0]
    batches = list(islice(abc.prior_batches(1, 3), 2))
    z = np.concatenate([batch.scores for batch in batches])
    summaries = np.concatenate(list(line(batches)))
    kept = np.flatnonzero(~np.isnan(summaries[:, 0]))[:150]
    assert first.scores.tolist() == z[kept].tolist()
    assert first.attempts == kept[-1] + 1
    spread = abc.spread_of(summaries[: kept[-1] + 1], np.array([1.0]))
    assert first.spread == pytest.approx(spread)


def test_a_fit_does_not_depend_on_how_attempts_are_batched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Batches that grow from 3 give, bit for bit, what batches of 200 give."""

    def one_by_one(batches: Iterable[abc.Batch]) -> Iterator[np.ndarray]:
        for batch in batches:
            numbers = range(batch.first, batch.first + len(batch.scores))
            chance = [np.random.default_rng(n).standard_normal() for n in numbers]
            yield batch.scores[:, :1] + 0.3 * np.array(chance)[:, None]

    whole = abc.fit(2, one_by_one, np.array([2.0]), OPTIONS, 3)
    monkeypatch.setattr(abc, "BATCH", 3)
    sizes: list[int] = []

    def noted(batches: Iterable[abc.Batch]) -> Iterator[np.ndarray]:
        def each() -> Iterator[abc.Batch]:
            for batch in batches:
                sizes.append(len(batch.scores))
                yield batch

        return one_by_one(each())

    small = abc.fit(2, noted, np.array([2.0]), OPTIONS, 3)
    assert min(sizes) == 3
    assert max(sizes) > 3
    for one, other in zip(whole, small, strict=True):
        assert one.attempts == other.attempts
        assert one.scores.tobytes() == other.scores.tobytes()
        assert one.spread.tobytes() == other.spread.tobytes()


def test_a_fit_goes_on_where_it_was_broken_off_and_stops_when_few_are_kept() -> None:
    """The later generations are the same; below the least acceptance there is none."""
    observed = np.array([1.0])
    whole = abc.fit(1, line, observed, OPTIONS, 3)
    rest = abc.fit(1, line, observed, OPTIONS, 3, earlier=whole[:2])
    assert [one.scores.tolist() for one in rest] == [
        one.scores.tolist() for one in whole
    ]
    picky = OPTIONS._replace(least_acceptance=whole[1].acceptance * 1.001)
    assert len(abc.fit(1, line, observed, picky, 3)) == 2


def test_what_never_comes_close_is_refused_with_its_reason() -> None:
    """A model that always runs away ends the fit, and is not tried for ever."""

    def never(batches: Iterable[abc.Batch]) -> Iterator[np.ndarray]:
        for batch in batches:
            yield np.full((len(batch.scores), 1), np.nan)

    options = abc.Options(particles=2)
    with pytest.raises(StudyError, match="generation 0: 0 of 2000 attempts"):
        abc.fit(1, never, np.array([1.0]), options, 3)
