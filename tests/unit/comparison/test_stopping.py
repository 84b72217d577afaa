"""Replicating until an interval is narrow, and saying how often one looked."""

from dataclasses import replace

from sim.comparison.pairing import ArmOutcomes
from sim.comparison.stopping import replicate_until
from tests.unit.comparison.arms import COUNT, SHARE, arm, compared


def test_stops_when_the_interval_is_narrow_and_says_how_often_it_looked() -> None:
    """It adds replications until the half-width is reached, or the cap."""
    asked: list[range] = []

    def run(numbers: range) -> list[ArmOutcomes]:
        asked.append(numbers)
        whole = [arm(n=5000), arm("b", n=5000, shift=0.3)]
        return [replace(one, outcomes=one.outcomes.loc[list(numbers)]) for one in whole]

    arms, said = replicate_until(run, COUNT, 0.02, at_most=5000)
    assert [numbers.start for numbers in asked[1:]] == [r.stop for r in asked[:-1]]
    n = len(arms[0].outcomes)
    assert 1000 < n < 3500
    row = compared(*arms)[COUNT]
    assert row.headline.half_width <= 0.02
    assert f"{len(asked)} looks" in said
    assert "covers slightly less" in said
    _, capped = replicate_until(run, COUNT, 0.001, at_most=400)
    assert capped.startswith("Stopped at the cap of 400 replications")


def test_a_rare_difference_does_not_stop_a_run() -> None:
    """While fewer than 10 pairs differ no interval is believed, however narrow."""

    def run(numbers: range) -> list[ArmOutcomes]:
        whole = [arm(n=2000), arm("b", n=2000)]
        return [replace(one, outcomes=one.outcomes.loc[list(numbers)]) for one in whole]

    arms, said = replicate_until(run, SHARE, 0.5, at_most=900)
    assert len(arms[0].outcomes) == 900
    assert said.endswith("in fewer than 10 pairs the arms differ.")
