r"""Incidents whose rate jumps between hidden states, and what their times tell of them.

A Markov-modulated Poisson process: a chain moves at random moments between a few
states, and incidents come at the rate of the state that it is in. Given the times of
the incidents the probability of each state is exact by a forward recursion, without
simulation: between incidents the row of weights w obeys :math:`w' = w (Q - \Lambda)`
with the moves Q and the diagonal of rates :math:`\Lambda`, at an incident it is
multiplied by :math:`\Lambda`, and what is left of it at the end adds up to the
likelihood (Rydén 1996).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Modulated(NamedTuple):
    """A chain in detailed balance, with a rate in each state.

    A ladder of states always has such a balance, and so have independent ladders beside
    one another. All arrays may have further axes in front, for many models at once.
    """

    rates: Floats
    """Incidents a day in each state, > 0, shape (..., states)."""
    moves: Floats
    """Moves a day from one state (row) to another, shape (..., states, states); the
    diagonal makes each row add up to 0."""
    balance: Floats
    """Weights p > 0 with ``p[i] * moves[i, j] == p[j] * moves[j, i]``: the shares of
    the states in the long run, up to a factor where all are reached, shape
    (..., states)."""


class Filtered(NamedTuple):
    """What the times of incidents tell."""

    log_likelihood: Any
    """Of the times, natural logarithm, shape (...)."""
    states: Floats
    """Probability of each state at the end of the observation, shape (..., states)."""


def filtered(
    model: Modulated, times: Floats, days: float, start: Floats | None = None
) -> Filtered:
    """Return likelihood and hidden state, given all incidents of [0, days).

    Parameters
    ----------
    model
        The process.
    times
        Days, rising, shape (n,).
    days
        Length of the observation, >= the last time.
    start
        Probability of each state at 0, shape (..., states); the balance when None. A
        model that changes on a day is two calls: the second starts from the states of
        the first.

    Examples
    --------
    With one rate in both states it is the Poisson process: 2 log(0.1) - 0.1 * 20.

    >>> moves = np.array([[-0.5, 0.5], [0.5, -0.5]])
    >>> same = Modulated(np.full(2, 0.1), moves, np.full(2, 0.5))
    >>> round(float(filtered(same, np.array([3.0, 4.0]), 20.0).log_likelihood), 6)
    -6.60517

    A quiet month speaks for the state of few incidents.

    >>> unlike = same._replace(rates=np.array([0.01, 0.5]))
    >>> filtered(unlike, np.array([]), 30.0).states.round(2).tolist()
    [0.62, 0.38]
    """
    root = np.sqrt(model.balance)
    ending = model.moves - model.rates[..., None] * np.eye(root.shape[-1])
    # Balance makes it symmetric, so that its powers are known to rounding.
    symmetric = root[..., :, None] * ending / root[..., None, :]
    speeds, vectors = np.linalg.eigh(symmetric)
    into = vectors / root[..., :, None]
    back = np.swapaxes(vectors, -1, -2) * root[..., None, :]
    states = np.asarray(model.balance if start is None else start, np.float64)
    states = states / states.sum(axis=-1, keepdims=True)
    total = np.zeros(model.rates.shape[:-1])
    n = len(times)
    for number, gap in enumerate(np.diff(times, prepend=0.0, append=days).tolist()):
        modes = (states[..., None, :] @ into) * np.exp(speeds * gap)[..., None, :]
        states = np.maximum((modes @ back)[..., 0, :], 0.0)
        if number < n:
            states = states * model.rates
        weight = states.sum(axis=-1)
        total = total + np.log(weight)
        states = states / weight[..., None]
    return Filtered(total, states)


def beside(first: Modulated, second: Modulated) -> Modulated:
    """Return two independent processes as one, whose incidents nobody tells apart.

    Its states are the pairs of states, those of the second changing fastest.
    """
    n, m = first.rates.shape[-1], second.rates.shape[-1]
    moves = (
        first.moves[..., :, None, :, None] * np.eye(m)[:, None, :]
        + np.eye(n)[:, None, :, None] * second.moves[..., None, :, None, :]
    )
    rates = first.rates[..., :, None] + second.rates[..., None, :]
    balance = first.balance[..., :, None] * second.balance[..., None, :]
    shape = rates.shape[:-2]
    return Modulated(
        rates=rates.reshape(*shape, n * m),
        moves=moves.reshape(*shape, n * m, n * m),
        balance=balance.reshape(*shape, n * m),
    )


def stacked(models: list[Modulated]) -> Modulated:
    """Return many models of as many states as one, along a new first axis."""
    return Modulated(*(np.stack(arrays) for arrays in zip(*models, strict=True)))


_MEANS, _SPAN = 9, (1.0 / 3.0, 3.0)
"""Mean rates of a regime's grid, about what was seen."""
_SHARES = (0.2, 0.35, 0.5, 0.65)
"""Shares of the time in the busy state."""
_FACTORS = (1.5, 3.0, 6.0, 15.0)
"""Rates of the busy state, in those of the quiet one."""
_SPELLS = (10.0, 25.0, 60.0, 150.0)
"""Time in which an excess fades to 1 / e, days."""


def two_states(times: Floats, days: float) -> tuple[Modulated, Floats, Floats]:
    """Return two-state regimes on a grid, their weights, and where each stands.

    The prior of the mean rate is Jeffreys' of a Poisson process, as of the other simple
    forecasters; those of the share of time in the busy state, of how much busier it is
    and of how long a state lasts are even over the grid. The likelihood is exact
    (`filtered`), from the long run's shares on.

    Returns
    -------
    tuple
        Models with a leading axis (points,), weights that add up to 1, shape (points,),
        and the chances of the states at the end, shape (points, 2).
    """
    shown = (len(times) + 0.5) / days
    grid = np.meshgrid(
        shown * np.geomspace(*_SPAN, _MEANS), _SHARES, _FACTORS, _SPELLS, indexing="ij"
    )
    mean, share, factor, spell = (axis.ravel() for axis in grid)
    quiet = mean / (1.0 - share + share * factor)
    up, down = share / spell, (1.0 - share) / spell
    model = Modulated(
        rates=np.stack([quiet, factor * quiet], axis=-1),
        moves=np.stack(
            [np.stack([-up, up], axis=-1), np.stack([down, -down], axis=-1)], axis=-2
        ),
        balance=np.stack([1.0 - share, share], axis=-1),
    )
    fit = filtered(model, times, days)
    # The grid is even in log(mean): Jeffreys' density mean**-1/2 times mean.
    log_weight = fit.log_likelihood + 0.5 * np.log(mean)
    weight = np.exp(log_weight - log_weight.max())
    return model, weight / weight.sum(), fit.states


def simulated_counts(
    model: Modulated,
    state: Floats,
    window: float,
    random: Generator,
    lead: float = 0.0,
) -> Floats:
    """Simulate two-state regimes forward, and count.

    Parameters
    ----------
    model
        Of two states, with a leading axis (n,).
    state
        The state that each begins in, 0 or 1, shape (n,).
    window
        Days in which to count.
    random
        Source of chance.
    lead
        Days that pass before the window.

    Returns
    -------
    numpy.ndarray
        Incidents in the window, shape (n,): given the path of the states they are
        Poisson with the integral of the rate.
    """
    n, end = len(state), lead + window
    here, time, expected = np.array(state, np.int64), np.zeros(n), np.zeros(n)
    running = np.arange(n)
    while len(running):
        at = here[running]
        leaving = -model.moves[running, at, at]
        until = time[running] + random.standard_exponential(len(running)) / leaving
        inside = np.minimum(until, end) - np.maximum(time[running], lead)
        expected[running] += np.maximum(inside, 0.0) * model.rates[running, at]
        time[running], here[running] = until, 1 - at
        running = running[until < end]
    return random.poisson(expected).astype(np.float64)
