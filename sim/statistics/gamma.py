"""Quantiles of the gamma distribution, without SciPy's special functions.

To import those takes as long as ten replications and their summary.
"""

from __future__ import annotations

from math import ceil, exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

_MOST_STEPS: Final = 20
"""Steps of the search; one to four do from where it starts."""

_CLOSE: Final = 1e-5
"""Step at which the search ends, of the quantile or the standard deviation, whichever
is less: an error of its third power is left."""

_LARGE: Final = 30.0
"""Shape from which Stirling's series has all digits of a double."""


def gamma_quantile(shape: float, share: float) -> float:
    r"""Return a quantile of the gamma distribution of scale 1.

    Parameters
    ----------
    shape
        Its shape, and mean, > 0.
    share
        Of the distribution below the quantile, 0 to 1, both excluded.

    Returns
    -------
    float
        The quantile, > 0; of shares from 0.001 to 0.999 its relative error is below
        1e-11.

    Notes
    -----
    From the approximation of Wilson and Hilferty, by Halley's steps, on the series

    .. math:: P(a, x) = \frac{x^a e^{-x}}{\Gamma(a + 1)}
              \Bigl(1 + \frac{x}{a + 1} + \frac{x^2}{(a + 1)(a + 2)} + \dots\Bigr),

    all of whose terms are positive.

    Examples
    --------
    Of shape 1 it is the exponential distribution:

    >>> round(gamma_quantile(1.0, 0.5), 12) == round(log(2.0), 12)
    True
    """
    normal = NormalDist().inv_cdf(share)
    root = 1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * sqrt(shape))
    at = shape * root**3
    if shape < 1.0 or root < 0.5:  # far below: the first term alone
        at = exp((log(share) + lgamma(shape + 1.0)) / shape)
    for _ in range(_MOST_STEPS):
        first = _first_term(shape, at)
        n_terms = ceil(max(0.0, at - shape) + 9.0 * sqrt(at + shape) + 40.0)
        ratios = at / (shape + np.arange(1.0, n_terms))
        below = first * (1.0 + float(np.cumprod(ratios).sum()))
        newton = (below - share) * at / (shape * first)
        step = newton / (1.0 - 0.5 * newton * ((shape - 1.0) / at - 1.0))
        at = max(at - step, 0.5 * at)
        if abs(step) <= _CLOSE * min(at, sqrt(shape)):
            break
    return at


def _first_term(a: float, x: float) -> float:
    r"""Return :math:`x^a e^{-x} / \Gamma(a + 1)`, from a large `a` on without loss."""
    if a < _LARGE:
        return exp(a * log(x) - x - lgamma(a + 1.0))
    apart = (x - a) / a
    rest = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * a * a)) / (a * a)) / a
    return exp(a * (log1p(apart) - apart) - rest) / sqrt(2.0 * pi * a)
