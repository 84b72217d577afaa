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
