"""numba compiles the transforms as they stand, to the same bits."""

from __future__ import annotations

import inspect
import math
import struct
from typing import TYPE_CHECKING, Any

import pytest

from sim.rules import inversion as inv

numba = pytest.importorskip("numba")
extending = pytest.importorskip("numba.extending")

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.numba

N = 2_000
# Steps of the R2 sequence: the plastic number's inverse powers spread three dimensions.
STEPS = (0.8191725133961645, 0.6710436067037893, 0.5497004779019703)

Quasi = tuple[float, float]
RANGES: dict[str, Callable[[Quasi], tuple[Any, ...]]] = {
    "exponential": lambda q: (q[0] * 100.0,),
    "normal": lambda q: (),
    "lognormal": lambda q: (q[0] * 10.0, q[1] * 3.0),
    "delay": lambda q: (q[0] * 10.0,),
    "log_one_plus": lambda q: (),
    "search": lambda q: (math.exp(-50.0 * q[0]), 50.0 * q[0], 0.0, 50.0 * q[0]),
    "skewed_count": lambda q: (1000.0 * q[0], 900.0 * q[1], 1.0),
    "poisson": lambda q: (q[0] * (900.0 if q[1] < 0.1 else 20.0),),
    "binomial": lambda q: (int(q[0] * (3000 if q[1] < 0.1 else 60)), q[1]),
    "negative_binomial": lambda q: (q[0] * 60.0, 0.1 + q[1] * 30.0),
    "geometric": lambda q: (q[0],),
    "choice_race": lambda q: (q[0] * 5.0 - 0.5,),
    "logistic": lambda q: (),
}
"""The parameters of each transform from two numbers in [0, 1)."""


def bits(x: float) -> bytes:
    """Return the bits of a float, or the digits of an int."""
    return struct.pack("<d", x) if isinstance(x, float) else str(x).encode()


def inputs(name: str) -> list[tuple[Any, ...]]:
    """Return N quasi-random argument lists, every tenth in a tail, ends included."""
    rows: list[tuple[Any, ...]] = []
    for i in range(N):
        u, a, b = (math.fmod(0.5 + (i + 1) * step, 1.0) for step in STEPS)
        if i % 20 == 0:
            u = math.floor(u * 2**20) * 2.0**-53
        elif i % 20 == 10:
            u = 1.0 - 2.0**-53 - math.floor(u * 2**20) * 2.0**-53
        if name == "logistic":
            u = 60.0 * u - 30.0
        rows.append((u, *RANGES[name]((a, b))))
    ends = (0.0, 0.5, 1.0 - 2.0**-53)
    return rows + [(u, *RANGES[name]((0.3, 0.7))) for u in ends]


def differing(
    plain: Callable[..., float], compiled: Callable[..., float], name: str
) -> int:
    """Return for how many inputs two functions differ in a bit or in their type."""
    return sum(bits(plain(*row)) != bits(compiled(*row)) for row in inputs(name))


@pytest.fixture(scope="module", autouse=True)
def _registered() -> None:
    """Let compiled code call the transforms, undecorated as they are."""
    for name in RANGES:
        extending.register_jitable(getattr(inv, name))


def test_every_transform_is_compared() -> None:
    """The table of this test names every function of the module."""
    functions = inspect.getmembers(inv, inspect.isfunction)
    assert {name for name, _ in functions} == set(RANGES)


@pytest.mark.parametrize("name", RANGES)
def test_compiled_transform_gives_the_same_bits(name: str) -> None:
    """Compiled by numba, a transform gives the bits and the type that CPython gives."""
    plain = getattr(inv, name)
    assert differing(plain, numba.njit(plain), name) == 0


def test_called_from_compiled_code_it_gives_the_same_bits() -> None:
    """A rule that calls transforms compiles without decorators, to the same bits."""

    def rule(u: float, median: float, sigma: float) -> float:
        return inv.lognormal(u, median, sigma) + inv.poisson(u, median)

    assert differing(rule, numba.njit(rule), "lognormal") == 0


def power(u: float) -> float:
    """Return u to the 2.5, the way rules must not."""
    return u**2.5


def power_by_roots(u: float) -> float:
    """Return u to the 2.5, the way rules may."""
    return u * u * math.sqrt(u)


def test_planted_power_is_caught() -> None:
    """A power is not the product of its roots: the comparison sees single last bits."""
    assert differing(power, numba.njit(power_by_roots), "normal") > N // 100


def test_planted_fast_mathematics_is_caught() -> None:
    """Compiled with fastmath, association changes and the comparison sees it."""
    fast = numba.njit(fastmath=True)(inv.normal)
    assert differing(inv.normal, fast, "normal") > N // 100


def test_planted_last_bit_is_caught() -> None:
    """One input of 2,003 moved by one unit in the last place is counted as one."""
    compiled = numba.njit(inv.normal)
    marked = inputs("normal")[123][0]

    def planted(u: float) -> float:
        x = compiled(u)
        return math.nextafter(x, math.inf) if u == marked else x

    assert differing(inv.normal, planted, "normal") == 1
