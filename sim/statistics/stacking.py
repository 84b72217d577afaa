r"""Stacking: the mixture of forecasters that would have forecast best.

Weights maximise the mean logarithmic score of the mixture out of sample,
:math:`\sum_i \log \sum_k w_k p_k(y_i)` (Yao et al. 2018). Unlike posterior
probabilities of models they do not pretend that one of them is true, and forecasters
who say the same share one weight between them, in whatever parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS: Final = 2000
_CLOSE: Final = 1e-9
"""Gain of the mean log score at which the weights stand still."""


class Stacked(NamedTuple):
    """Weights, and how far they can be trusted."""

    weights: Floats
    """They add up to 1, shape (forecasters,)."""
    errors: Floats
    """Standard errors, by leaving out one window at a time; nan of fewer than two
    windows."""
    log_score: float
    """Mean log score of the mixture, minus the logarithm: smaller is better."""


def stacking_weights(log_shares: Floats) -> Floats:
    """Return the weights of the best mixture.

    Parameters
    ----------
    log_shares
        Logarithm of the probability that each forecaster gave to what came, shape
        (answers, forecasters), finite.

    Notes
    -----
    The score is concave in the weights. From equal ones each step multiplies a weight
    by the mean share that its forecaster has in the mixture's probability of what came,
    which never lowers the score.

    Examples
    --------
    Of two that are each right once, both are wanted.

    >>> shares = np.array([[0.9, 0.1], [0.1, 0.9]])
    >>> stacking_weights(np.log(shares)).round(6).tolist()
    [0.5, 0.5]
    """
    shares = np.exp(log_shares - log_shares.max(axis=1, keepdims=True))
    weights = np.full(shares.shape[1], 1.0 / shares.shape[1])
    before = -np.inf
    for _ in range(_STEPS):
        mixed = shares @ weights
        score = float(np.log(mixed).mean())
        if score - before < _CLOSE:
            break
        before = score
        weights = weights * (shares / mixed[:, None]).mean(axis=0)
        weights = weights / weights.sum()
    return weights


def stacked(log_shares: Floats, windows: Floats) -> Stacked:
    """Return the weights of the best mixture, with errors.

    Parameters
    ----------
    log_shares
        As in `stacking_weights`.
    windows
        Number of the window of each answer, shape (answers,). Answers of one window
        hang together, so errors are a jackknife over windows.
    """
    weights = stacking_weights(log_shares)
    top = log_shares.max(axis=1, keepdims=True)
    mixed = np.log(np.exp(log_shares - top) @ weights) + top[:, 0]
    names = np.unique(windows)
    n = len(names)
    errors = np.full(len(weights), np.nan)
    if n > 1:
        without = np.array(
            [stacking_weights(log_shares[windows != name]) for name in names]
        )
        off = without - without.mean(axis=0)
        errors = np.sqrt((n - 1) / n * (off**2).sum(axis=0))
    return Stacked(weights, errors, -float(mixed.mean()))
