r"""A self-exciting process as a yardstick: incidents that make further ones likelier.

The intensity is :math:`\lambda(t) = \mu + n \beta \sum_{t_i < t} e^{-\beta (t - t_i)}`
(Hawkes 1971): a rate :math:`\mu` of its own, a branching ratio n (how many incidents
one brings about), and a decay :math:`\beta`. Incidents before the record began are not
known and taken as none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_BRANCHING: Final = 0.95
"""Upper bound of the branching ratio: at 1 the process explodes."""
DECAYS: Final = (1.0 / 30.0, 2.0)
"""Bounds of the decay, per day: from an excitement of a month to one of half a day."""

_MEANS, _BRANCHINGS, _DECAYS = 60, 19, 12
"""Size of the grid in each direction."""
_SPAN: Final = (1.0 / 60.0, 12.0)
"""Range of the mean rate, in parts of the rate that the record shows."""


class Hawkes(NamedTuple):
    """Parameters; numbers, or arrays of one shape."""

    rate: Any
    """:math:`\\mu`, per day, > 0."""
    branching: Any
    """n, 0 to `MOST_BRANCHING`."""
    decay: Any
    """:math:`\\beta`, per day, > 0."""


def log_likelihood(model: Hawkes, times: Floats, days: float) -> Any:
    r"""Return the log likelihood of incidents observed over [0, days).

    Parameters
    ----------
    model
        Parameters, of any one shape.
    times
        Days, rising, shape (n,).
    days
        Length of the observation.

    Returns
    -------
    float or numpy.ndarray
        Of the parameters' shape.

    Notes
    -----
    :math:`\sum_i \log \lambda(t_i) - \mu T - n \sum_i (1 - e^{-\beta (T - t_i)})`, with
    the sum inside :math:`\lambda` by Ozaki's recursion (1979), so that the work grows
    with the number of incidents and not with its square.

    Examples
    --------
    Without excitement it is the Poisson process: 2 log(0.1) - 0.1 * 20.

    >>> value = log_likelihood(Hawkes(0.1, 0.0, 1.0), np.array([3.0, 4.0]), 20.0)
    >>> round(float(value), 6)
    -6.60517
    """
    rate, branching, decay = (np.asarray(value, np.float64) for value in model)
    total = -rate * days
    echo = np.zeros_like(total)
    before = 0.0
    for number, time in enumerate(times.tolist()):
        if number:
            echo = np.exp(-decay * (time - before)) * (1.0 + echo)
        total = total + np.log(rate + branching * decay * echo)
        total = total - branching * -np.expm1(-decay * (days - time))
        before = time
    return total


def excitement(decay: Any, times: Floats, days: float) -> Any:
    """Return how much of the incidents is still felt on the last day, in incidents."""
    decays = np.asarray(decay, np.float64)
    felt = np.zeros_like(decays)
    for time in times.tolist():
        felt = felt + np.exp(-decays * (days - time))
    return felt


def posterior(times: Floats, days: float) -> tuple[Hawkes, Floats]:
    """Return parameters on a grid, and their weights given the incidents.

    A forecaster who takes the most likely values for the true ones is too sure of
    itself where a dozen incidents are known. The prior of the mean rate (the rate over
    one minus the branching ratio) is Jeffreys' of a Poisson process, as for the other
    yardsticks; that of the branching ratio is even, that of the decay even in its
    logarithm, both within the bounds.

    Returns
    -------
    tuple of Hawkes and numpy.ndarray
        Parameters, each of shape (points,), and weights that add up to 1.
    """
    shown = (len(times) + 0.5) / days
    means = shown * np.geomspace(*_SPAN, _MEANS)
    step = MOST_BRANCHING / _BRANCHINGS
    branchings = step * (np.arange(_BRANCHINGS) + 0.5)
    decays = np.geomspace(*DECAYS, _DECAYS)
    grid = np.meshgrid(means, branchings, decays, indexing="ij")
    mean, branching, decay = (axis.ravel() for axis in grid)
    model = Hawkes(mean * (1.0 - branching), branching, decay)
    # The grid is even in log(mean): Jeffreys' density mean**-1/2 times mean.
    log_weight = log_likelihood(model, times, days) + 0.5 * np.log(mean)
    weight = np.exp(log_weight - log_weight.max())
    return model, weight / weight.sum()


def simulated_counts(
    model: Hawkes, felt: Floats, window: float, random: Generator, lead: float = 0.0
) -> Floats:
    """Simulate the process forward, and count.

    Parameters
    ----------
    model
        Parameters of each simulation, shape (n,).
    felt
        What is still felt of the past at the start (`excitement`), shape (n,).
    window
        Days in which to count.
    random
        Source of chance.
    lead
        Days that pass before the window.

    Returns
    -------
    numpy.ndarray
        Incidents in the window, shape (n,).

    Notes
    -----
    Thinning after Ogata (1981): between incidents the intensity only falls, so that
    its present value bounds it up to the next one.
    """
    rate, branching, decay = (np.array(value, np.float64) for value in model)
    counts = np.zeros(len(rate))
    excess = branching * decay * felt
    time = np.zeros(len(rate))
    running = np.arange(len(rate))
    while len(running):
        bound = rate[running] + excess[running]
        wait = random.standard_exponential(len(running)) / bound
        height = random.random(len(running)) * bound
        time[running] += wait
        excess[running] *= np.exp(-decay[running] * wait)
        is_inside = time[running] < lead + window
        came = is_inside & (height < rate[running] + excess[running])
        hit = running[came]
        counts[hit] += time[hit] >= lead
        excess[hit] += branching[hit] * decay[hit]
        running = running[is_inside]
    return counts
