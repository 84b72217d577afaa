"""The maximum of a log likelihood over a box, and how sure it is.

Standard errors are from the observed information, the curvature at the maximum;
intervals from the profile: where the best that the other parameters can do falls short
of the maximum by half the quantile of chi-square with one degree of freedom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = np.ndarray[Any, np.dtype[np.float64]]

LEVEL: Final = 0.95
"""Of intervals."""

_IMPOSSIBLE: Final = -1e6
"""Stands for a log likelihood of minus infinity, so that a search can go on."""

_EDGE: Final = 1e-3
"""How near to an end of the box the maximum lies at the end."""

_STEP: Final = 1e-4


class Maximum(NamedTuple):
    """Where a log likelihood over the unit box is largest."""

    place: Floats
    """Shape (parameters,), each 0 to 1."""
    value: float
    """The log likelihood there."""
    covariance: Floats
    """Inverse of the observed information; nan in rows of `at_end`."""
    at_end: tuple[bool, ...]
    """Whether the maximum lies at an end of the box, where there is no curvature."""


def maximise(
    function: Callable[[Floats], float], starts: list[Floats], *, is_final: bool = True
) -> Maximum:
    """Maximise a smooth function over the unit box.

    Parameters
    ----------
    function
        Of a place, shape (parameters,), to a log likelihood; -inf is allowed.
    starts
        Where to search from; the best end counts.
    is_final
        Whether the curvature is wanted as well.
    """
    found = [_search(function, start) for start in starts]
    place, value = max(found, key=lambda pair: pair[1])
    at_end = tuple(bool(x < _EDGE or x > 1.0 - _EDGE) for x in place)
    covariance = np.full((len(place), len(place)), np.nan)
    if is_final:
        inner = [k for k, is_end in enumerate(at_end) if not is_end]
        if inner:
            found_there = _inverse_information(function, place, value, inner)
            covariance[np.ix_(inner, inner)] = found_there
    return Maximum(place, value, covariance, at_end)


def profile_interval(
    function: Callable[[Floats], float],
    maximum: Maximum,
    k: int,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Return the profile interval of one parameter; an end of the box may be its end.

    Parameters
    ----------
    function, maximum
        What was maximised, and where.
    k
        The parameter's place.
    level
        Of the interval.
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    allowed = 0.5 * float(chi2.ppf(level, 1))
    others = [i for i in range(len(maximum.place)) if i != k]
    last = maximum.place.copy()

    def left(x: float) -> float:
        """Return what is left of the allowance at a value of the parameter."""
        point = last.copy()
        point[k] = x
        if not others:
            return allowed - (maximum.value - _value(function, point))

        def of_others(rest: Floats) -> float:
            point[others] = rest
            return _value(function, point)

        rest, best = _search(of_others, last[others])
        last[others] = rest
        return allowed - (maximum.value - best)

    ends: list[float] = []
    spread = np.sqrt(maximum.covariance[k, k])
    stride = float(spread) * 2.0 if np.isfinite(spread) else 0.1
    for sign, end in ((-1.0, 0.0), (1.0, 1.0)):
        last[:] = maximum.place
        inner, outer, width = float(maximum.place[k]), float(maximum.place[k]), stride
        while outer != end:
            outer = float(np.clip(outer + sign * width, 0.0, 1.0))
            if left(outer) < 0.0:
                break
            inner, width = outer, 1.5 * width
        else:
            ends.append(end)
            continue
        root: Any = brentq(left, inner, outer, xtol=2e-3 * stride)
        ends.append(float(root))
    return ends[0], ends[1]


def _value(function: Callable[[Floats], float], place: Floats) -> float:
    found = function(place)
    return found if found > _IMPOSSIBLE else _IMPOSSIBLE


def _search(function: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    from scipy.optimize import minimize

    def fall(place: Floats) -> float:
        return -_value(function, place)

    found: Any = minimize(
        fall,
        start,
        method="L-BFGS-B",
        bounds=[(0.0, 1.0)] * len(start),
        options={"eps": _STEP, "ftol": 1e-8, "gtol": 1e-4},
    )
    return np.asarray(found.x, float), -float(found.fun)


def _inverse_information(
    function: Callable[[Floats], float], place: Floats, value: float, inner: list[int]
) -> Floats:
    """Return the inverse of minus the second derivatives, by central differences.

    Each step is as long as lowers the log likelihood by about a tenth, so that rounding
    and what is not quadratic are both small; it stays within the box.
    """
    steps = np.zeros(len(place))
    for k in inner:
        room = min(place[k], 1.0 - place[k])
        step = min(0.02, room)
        for _ in range(6):
            moved = place.copy()
            moved[k] += step
            fall = value - _value(function, moved)
            if 0.02 < fall < 0.5:
                break
            factor = np.sqrt(0.1 / max(fall, 1e-6))
            step = min(step * float(np.clip(factor, 0.1, 10.0)), room)
        steps[k] = step

    def at(*moves: tuple[int, float]) -> float:
        moved = place.copy()
        for k, sign in moves:
            moved[k] += sign * steps[k]
        return _value(function, moved)

    information = np.empty((len(inner), len(inner)))
    for a, i in enumerate(inner):
        twice = at((i, 1.0)) - 2.0 * value + at((i, -1.0))
        information[a, a] = -twice / steps[i] ** 2
        for b, j in enumerate(inner[:a]):
            crossed = sum(
                u * v * at((i, u), (j, v)) for u in (1.0, -1.0) for v in (1.0, -1.0)
            )
            information[a, b] = -crossed / (4.0 * steps[i] * steps[j])
            information[b, a] = information[a, b]
    if np.linalg.eigvalsh(information)[0] <= 0.0:  # a ridge: no curvature along it
        return np.full_like(information, np.nan)
    return np.asarray(np.linalg.inv(information), np.float64)
