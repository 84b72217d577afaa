"""The conformance test that ships finds each breach, and none where there is none."""

from typing import Annotated, Any, NamedTuple

import pytest

from sim.ladder import Act
from sim.rules.behaviour import Kind, Mechanism, Option, Range, Role
from sim.rules.registry import KINDS
from sim.testing import check_kind
from sim.units import Dimension
from tests.conformance.drummer import DRUMMER, THREAT


@pytest.mark.parametrize("name", KINDS)
def test_kinds_that_ship_honour_the_contract(name: str) -> None:
    """Every kind that ships passes the test that ships."""
    check_kind(KINDS[name], n_points=20)


def calm(params: Any, view: Any) -> float:
    """Return a sound hazard."""
    return params.rate


def above(params: Any, view: Any) -> float:
    """Return twice the ceiling."""
    return 4.0 * params.rate


def still(params: Any) -> float:
    """Return a sound ceiling."""
    return 2.0 * params.rate


def sure_twice(params: Any) -> float:
    """Return no probability."""
    return 2.0


def at_once(params: Any, u: float) -> float:
    """Return no delay."""
    return 0.0


class Beyond(NamedTuple):
    """A share that may exceed the whole."""

    rate: Annotated[float, Range(Dimension.SHARE, 0.0, 2.0)]
    """Threats when calm."""


class Backward(NamedTuple):
    """A rate that may be negative."""

    rate: Annotated[float, Range(Dimension.RATE, -1.0, 2.0)]
    """Threats when calm."""


class Instant(NamedTuple):
    """A duration that may be none."""

    rate: Annotated[float, Range(Dimension.DURATION, 0.0, 2.0)]
    """Threats when calm."""


SOUND = DRUMMER._replace(options=(Option(THREAT, "others", calm, still),))

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hazard": (
        {"options": (Option(THREAT, "others", above, still),)},
        "hazard",
    ),
    "probability": ({"evidence": sure_twice}, "no probability"),
    "delay": ({"news_delay": at_once}, "returns 0.0 days"),
    "share above 1": ({"params": Beyond}, "a share above 1"),
    "rate below 0": ({"params": Backward}, "below 0"),
    "no duration": ({"params": Instant}, "a duration that may be 0"),
    "two roles of a name": ({"roles": SOUND.roles * 2}, "are not unique"),
    "what needs a site": (
        {"options": (Option(THREAT._replace(needs_site=True), "others", calm, still),)},
        "nothing weighs sites",
    ),
    "an act heeded twice": ({"heeds_own": (Act.THREAT,) * 2}, "heeds an act twice"),
    "role": ({"roles": ()}, "no such role"),
    "kind of a role": (
        {"roles": (Role("others", "those", ("pirate",)),)},
        "no such kind",
    ),
    "heeding": ({"heeds": ()}, "not heeded"),
    "switch by no parameter": (
        {"mechanisms": (Mechanism("a", "a", "a", off={"volume": 0.0}),)},
        "'volume', which is no parameter",
    ),
    "switch out of range": (
        {"mechanisms": (Mechanism("a", "a", "a", off={"stopping": 2.0}),)},
        "stopping = 2.0 is outside",
    ),
    "one switch of two": (
        {
            "mechanisms": (
                Mechanism("a", "a", "a", off={"stopping": 0.0}),
                Mechanism("b", "b", "b", off={"stopping": 1.0}),
            )
        },
        "'stopping' switches drummer.a off already",
    ),
}


def test_a_sound_kind_passes() -> None:
    """The kind that the faults are planted in has none itself."""
    check_kind(SOUND)


@pytest.mark.parametrize("name", FAULTS)
def test_a_breach_is_found_and_named(name: str) -> None:
    """A kind with one planted breach fails, with words that name it."""
    changed, words = FAULTS[name]
    kind: Kind = SOUND._replace(**changed)
    with pytest.raises(AssertionError, match=words):
        check_kind(kind, n_points=20)
