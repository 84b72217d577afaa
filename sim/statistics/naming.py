r"""Which of several models made a history, learned from simulations of each.

A multinomial logistic regression on summaries of simulated worlds. As many worlds of
each model are in the bank, so its probabilities are those of models that are alike
likely before, given the summaries, and their logarithms add up over independent
histories like log likelihoods. Counting the nearest worlds of the bank, the usual ABC
model choice, would need a bank that grows exponentially with the number of summaries;
a regression learns from all of the bank which of them tell models apart (Beaumont
2008; Pudlo et al. 2016), and its probabilities can be held against worlds left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

PENALTIES: Final = (3e-4, 3e-3, 3e-2)
"""Ridge penalties that are tried on a fifth of the bank."""
_FARTHEST: Final = 4.0
"""Spreads beyond which a summary counts as this far: it would be extrapolation."""
_SELDOM: Final = 0.01
"""Share of the bank below which it is not told whether a summary is defined."""


class Naming(NamedTuple):
    """A regression that was learned."""

    middles: Floats
    """Of each transformed summary, shape (summaries,)."""
    spreads: Floats
    says_defined: NDArray[np.bool_]
    """Of which summaries it counts whether they are defined."""
    slopes: Floats
    """Shape (models, terms)."""
    penalty: float


def learned(summaries: Floats, models: Integers) -> Naming:
    """Learn to name models from a bank of simulations.

    Parameters
    ----------
    summaries
        Shape (worlds, summaries); nan where undefined.
    models
        Number of the model that made each world, from 0, shape (worlds,); as many
        worlds of each, in any order.
    """
    values = _transformed(summaries)
    defined = ~np.isnan(values)
    share = defined.mean(axis=0)
    with np.errstate(invalid="ignore"):
        total = np.where(defined, values, 0.0).sum(axis=0)
        middles = total / np.maximum(defined.sum(axis=0), 1)
        off = np.where(defined, values - middles, 0.0)
        spreads = np.sqrt((off**2).mean(axis=0) / np.maximum(share, 1e-9))
    blank = Naming(
        middles=middles,
        spreads=np.where(spreads > 1e-9, spreads, 1.0),
        says_defined=(share > _SELDOM) & (share < 1.0 - _SELDOM),
        slopes=np.zeros((0, 0)),
        penalty=0.0,
    )
    terms = _terms(blank, summaries)
    n_models = int(models.max()) + 1
    tested = np.arange(len(models)) % 5 == 0
    scores = [
        _log_score(
            _slopes(terms[~tested], models[~tested], n_models, penalty),
            terms[tested],
            models[tested],
        )
        for penalty in PENALTIES
    ]
    penalty = PENALTIES[int(np.argmin(scores))]
    slopes = _slopes(terms, models, n_models, penalty)
    return blank._replace(slopes=slopes, penalty=penalty)


def log_probabilities(naming: Naming, summaries: Floats) -> Floats:
    """Return the logarithm of each model's probability, shape (worlds, models)."""
    return _log_shares(_terms(naming, summaries) @ naming.slopes.T)


def _transformed(summaries: Floats) -> Floats:
    """Draw long tails in: the logarithm of one more than the size, with its sign."""
    return np.sign(summaries) * np.log1p(np.abs(summaries))


def _terms(naming: Naming, summaries: Floats) -> Floats:
    """Return a constant, the summaries, their squares, and which are defined."""
    scaled = (_transformed(summaries) - naming.middles) / naming.spreads
    defined = ~np.isnan(scaled)
    scaled = np.clip(np.where(defined, scaled, 0.0), -_FARTHEST, _FARTHEST)
    squares = np.where(defined, scaled**2 - 1.0, 0.0) / np.sqrt(2.0)
    flags = defined[:, naming.says_defined].astype(float)
    return np.column_stack((np.ones(len(scaled)), scaled, squares, flags))


def _slopes(terms: Floats, models: Integers, n_models: int, penalty: float) -> Floats:
    """Return the slopes that maximise the penalised likelihood."""
    from scipy.optimize import minimize

    n, width = terms.shape
    truth = np.zeros((n, n_models))
    truth[np.arange(n), models] = 1.0
    held = np.full(width, penalty)
    held[0] = 0.0

    def loss(flat: Floats) -> tuple[float, Floats]:
        slopes = flat.reshape(n_models, width)
        logs = _log_shares(terms @ slopes.T)
        value = -float((truth * logs).sum()) / n
        value += 0.5 * float((held * slopes**2).sum())
        gradient = (np.exp(logs) - truth).T @ terms / n + held * slopes
        return value, gradient.ravel()

    best: Any = minimize(
        loss, np.zeros(n_models * width), jac=True, method="L-BFGS-B",
        options={"maxiter": 300},
    )  # fmt: skip
    return best.x.reshape(n_models, width)


def _log_score(slopes: Floats, terms: Floats, models: Integers) -> float:
    logs = _log_shares(terms @ slopes.T)
    return -float(logs[np.arange(len(models)), models].mean())


def _log_shares(values: Floats) -> Floats:
    from scipy.special import logsumexp

    return values - logsumexp(values, axis=1, keepdims=True)
