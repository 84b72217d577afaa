"""Whom an observer blames for a covert act, and how sure it is.

Evidence names one suspect. With probability `quality` it names the true author;
otherwise it names somebody by the prior alone. The observer blames whom the evidence
names and gives that suspect its posterior probability, so belief can be wrong and
knows how wrong it may be.
"""

from __future__ import annotations

from math import exp
from typing import Final

MOST_LOG_ODDS: Final = 500.0
"""Log odds beyond which a belief moves no further, either way: it is sure to the last
digit long before, and a sum of such odds is still a number."""


def evidence_is_true(quality: float, u: float) -> bool:
    """Whether the evidence names the true author.

    Parameters
    ----------
    quality
        Probability of it, 0 to 1.
    u
        Uniform in [0, 1).

    Examples
    --------
    >>> evidence_is_true(1.0, 0.999), evidence_is_true(0.0, 0.0)
    (True, False)
    """
    return u < quality


def posterior_of_named(quality: float, prior: float) -> float:
    r"""Posterior probability of the suspect whom the evidence names.

    Parameters
    ----------
    quality
        Probability that evidence names the true author, 0 to 1.
    prior
        Prior probability of that suspect, 0 to 1.

    Returns
    -------
    float
        Probability, 0 to 1; never below `prior`.

    Notes
    -----
    With likelihood :math:`P(s|j) = q\,1[s=j] + (1-q)\,p_s` Bayes gives
    :math:`P(s|s) = q + (1-q)\,p_s` and :math:`P(j|s) = (1-q)\,p_j` for the others.
    The mean of the posterior over the evidence is the prior.

    Examples
    --------
    >>> posterior_of_named(0.5, 0.2)
    0.6
    """
    return quality + (1.0 - quality) * prior


def odds_of(log_odds: float) -> float:
    """Return what odds are multiplied by, > 0 and finite.

    Examples
    --------
    >>> odds_of(0.0), odds_of(-1e9) > 0.0, odds_of(1e9) == odds_of(1e6)
    (1.0, True, True)
    """
    return exp(max(-MOST_LOG_ODDS, min(log_odds, MOST_LOG_ODDS)))


def moved(probability: float, log_odds: float) -> float:
    """Return a probability whose log odds have moved by `log_odds`.

    Examples
    --------
    >>> moved(0.5, 0.0), moved(0.0, 3.0), moved(1.0, -3.0)
    (0.5, 0.0, 1.0)
    >>> moved(0.3, 1e4), moved(1.0, -1e4)
    (1.0, 1.0)
    """
    odds = probability * odds_of(log_odds)
    return odds / (odds + (1.0 - probability))
