"""What a scenario says about one means of attack."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.rules.behaviour import Parameter, Range, Share, parameters_in
from sim.units import Dimension as D


class MeansParams(NamedTuple):
    """What a scenario says about one means of attack; canonical units."""

    salvo_median: Annotated[float, Range(D.COUNT, 1.0, 100.0, 1.0, 8.0)] = 3.0
    """Median rounds set up for one attack."""
    salvo_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.5, 0.2, 1.8)] = 1.1
    """Log standard deviation of the salvo."""
    malfunction_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.3)] = 0.1
    """Share of attacks whose launcher fails."""
    accuracy: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.05, 0.8)] = 0.6
    """Share of the rounds that nothing stops that hit the target area."""
    killed_per_hit: Annotated[float, Range(D.NUMBER, 0.0, 20.0, 0.005, 0.1)] = 0.03
    """Mean deaths per hit and unit of exposure."""
    wounded_per_hit: Annotated[float, Range(D.NUMBER, 0.0, 50.0, 0.01, 0.8)] = 0.2
    """Mean wounded per hit and unit of exposure."""
    harm_spread: Annotated[float, Range(D.NUMBER, 0.0, 4.0, 0.0, 2.5)] = 0.0
    """Log standard deviation of an attack's harm."""
    exposed_foreign: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 1.0)] = 1.0
    """Factor on the exposure of foreign personnel; on the road, the exposure itself."""
    exposed_host: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 1.0)] = 1.0
    """The same for the host's forces."""
    exposed_civilian: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 1.0)] = 1.0
    """The same for civilians."""
    visibility: Share = 1.0
    """Factor on the chance that it is noticed before an attack, or found in raids."""
    trace: Share = 1.0
    """Factor on the chance that the evidence points to whoever used it."""


NO_MEANS: Final = MeansParams(*[0.0] * 7, *[1.0] * (len(MeansParams._fields) - 7))
"""Stands for no means: nothing is fired, and exposures are those of the site."""

MEANS: Final = parameters_in(MeansParams, "means")
"""The numbers of a means by name."""

OPPORTUNITY: Final = Parameter(
    D.COUNT,
    0.0,
    10000.0,
    "launchers, or teams, that it has ready for this means",
    20.0,
    usual=(2.0, 400.0),
)
"""An actor's opportunity for a means."""

DEFENCE: Final = Parameter(
    D.SHARE,
    0.0,
    1.0,
    "share of the rounds of this means that its defences stop",
    0.0,
    usual=(0.0, 0.5),
)
"""A site's defences against a means."""
