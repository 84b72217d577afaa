"""Times that may lie beyond the horizon: survival, competing events, time lost.

A replication in which the event did not come is censored at the horizon: it says only
"later". Survival curves come from SciPy (product limit); where events compete, so that
the first one changes what may follow, the share that sees each *first* comes from the
Aalen-Johansen estimator here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """The share of replications in which an event has not come yet, by time."""

    times: NDArray[np.float64]
    """Days, rising, from 0 to the horizon."""
    survival: NDArray[np.float64]
    """0 to 1, never rises; the value holds from its time up to the next."""
    low: NDArray[np.float64]
    """Pointwise interval of this arm alone."""
    high: NDArray[np.float64]


def survival_curve(
    times: NDArray[np.float64],
    happened: NDArray[np.bool_],
    until: float,
) -> SurvivalCurve:
    """Return the Kaplan-Meier curve of one arm.

    Its pointwise band of 95 % is Greenwood's, on the log-log scale.

    Parameters
    ----------
    times
        Days to the event, or to where it was censored, shape (n,).
    happened
        Whether each is an event, shape (n,).
    until
        The horizon, days: the curve's last time.

    Examples
    --------
    >>> curve = survival_curve(
    ...     np.array([1.0, 2.0, 4.0, 4.0]), np.array([True, True, False, False]), 4.0)
    >>> curve.times.tolist(), curve.survival.tolist()
    ([0.0, 1.0, 2.0, 4.0], [1.0, 0.75, 0.5, 0.5])
    """
    import warnings

    from scipy.stats import ecdf

    curve: Any = ecdf(censored(times, happened)).sf
    with warnings.catch_warnings():  # Greenwood has no error at 0 and at 1
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = curve.confidence_interval(0.95, method="log-log")
    # Where nothing is left at risk SciPy's product is 0 by 0; the last value holds.
    at = np.asarray(curve.quantiles, dtype=float)
    there = at[at <= until]
    grid = np.concatenate([[0.0], there, [] if until in there else [until]])

    def stepped(values: Any, first: float) -> NDArray[np.float64]:
        padded = np.concatenate(
            [[first], np.asarray(values, dtype=float)[: len(there)]]
        )
        if len(padded) < len(grid):
            padded = np.append(padded, padded[-1])
        return padded

    survival = stepped(curve.probabilities, 1.0)
    low, high = (
        stepped(band.low.probabilities, 1.0),
        stepped(band.high.probabilities, 1.0),
    )
    low = np.where(np.isnan(low), survival, low)
    high = np.where(np.isnan(high), survival, high)
    return SurvivalCurve(grid, survival, low, high)


def survival_quantile(
    times: NDArray[np.float64], happened: NDArray[np.bool_], share: float
) -> float:
    """Return the time by which a share of replications has seen it (Kaplan-Meier).

    Parameters
    ----------
    times
        Times of the event or of its censoring, days, shape (n,).
    happened
        Whether each is an event, shape (n,).
    share
        Between 0 and 1.

    Returns
    -------
    float
        The smallest time at which the product-limit estimate of survival is at most
        ``1 - share``; inf when it never gets there.
    """
    ordered = np.sort(times)
    moments, events = np.unique(times[happened], return_counts=True)
    at_risk = len(times) - np.searchsorted(ordered, moments, side="left")
    left = np.cumprod(1.0 - events / at_risk)
    reached = np.flatnonzero(left <= 1.0 - share + 1e-12)
    return float(moments[reached[0]]) if len(reached) else inf


def censored(times: NDArray[np.float64], happened: NDArray[np.bool_]) -> Any:
    """Return times as SciPy's censored data."""
    from scipy.stats import CensoredData

    return CensoredData(uncensored=times[happened], right=times[~happened])


def logrank_p_value(
    reference: tuple[NDArray[np.float64], NDArray[np.bool_]],
    arm: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> float:
    """Return SciPy's log-rank p-value; only for arms that are independent.

    nan where the event never came in either arm.
    """
    from scipy.stats import logrank

    if not (reference[1].any() or arm[1].any()):
        return float("nan")
    return float(logrank(censored(*reference), censored(*arm)).pvalue)


@dataclass(frozen=True, eq=False)
class Incidence:
    """By when each of several competing events has come first."""

    times: NDArray[np.float64]
    """Days, rising, from 0."""
    shares: dict[str, NDArray[np.float64]]
    """Share of replications that saw it first by each time, by event; never falls.
    Over all events it adds up to the share that saw any."""


def cumulative_incidence(
    times: NDArray[np.float64],
    causes: NDArray[np.int64],
    names: tuple[str, ...],
) -> Incidence:
    r"""Return the Aalen-Johansen estimate of each event's cumulative incidence.

    Parameters
    ----------
    times
        Days to the first of the events, or to where it was censored, shape (n,).
    causes
        Which came: 1 for the first name and so on, 0 where censored, shape (n,).
    names
        The events.

    Notes
    -----
    :math:`F_k(t) = \sum_{t_i \le t} S(t_i^-) d_{ik} / n_i`, with :math:`d_{ik}` the
    events of kind k at :math:`t_i`, :math:`n_i` those at risk just before and S the
    product-limit survival of all events together. One minus a Kaplan-Meier curve that
    counts the other events as censored is larger, and no probability of anything.

    Examples
    --------
    Four replications: a raid on day 1, a strike on day 2, censored on day 3, a raid
    on day 4. At day 4 half is still without event and one is at risk.

    >>> curves = cumulative_incidence(
    ...     np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 2, 0, 1]), ("raid", "strike"))
    >>> {name: share.tolist() for name, share in curves.shares.items()}
    {'raid': [0.0, 0.25, 0.25, 0.25, 0.75], 'strike': [0.0, 0.0, 0.25, 0.25, 0.25]}
    """
    grid = np.unique(times)
    at_risk = len(times) - np.searchsorted(np.sort(times), grid, side="left")
    came = np.stack(
        [
            np.bincount(
                np.searchsorted(grid, times[causes == k + 1]), minlength=len(grid)
            )
            for k in range(len(names))
        ]
    )
    left = np.cumprod(1.0 - came.sum(axis=0) / at_risk)
    before = np.concatenate([[1.0], left[:-1]])
    shares = np.cumsum(before * came / at_risk, axis=1)
    start = np.zeros((len(names), 1))
    whole = np.concatenate([start, shares], axis=1)
    return Incidence(
        np.concatenate([[0.0], grid]), dict(zip(names, whole, strict=True))
    )


def first_of(
    columns: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the time of the first of several events, and which it was.

    Parameters
    ----------
    columns
        By event: its time or censoring in days, and 1 where it happened, else 0; each
        of shape (n,). An event that is named before another wins a tie.

    Returns
    -------
    tuple of numpy.ndarray
        Time, days, and cause: 1 for the first name and so on, 0 where none came.

    Raises
    ------
    StudyError
        If fewer than two events are given.
    """
    if len(columns) < 2:
        message = "events compete only when there are two or more; name another"
        raise StudyError(message)
    all_times = np.stack([times for times, _ in columns.values()])
    came = np.stack([happened > 0.0 for _, happened in columns.values()])
    waiting = np.where(came, all_times, np.inf)
    which = np.argmin(waiting, axis=0)
    any_came = came.any(axis=0)
    time = np.where(any_came, waiting.min(axis=0), all_times.min(axis=0))
    return time, np.where(any_came, which + 1, 0)
