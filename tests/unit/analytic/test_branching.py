"""The branching ratio before a run, against processes whose ratio is known."""

from dataclasses import dataclass, replace

import pytest

from sim.analytic.branching import Alike, refuse_runaway, worst_branching
from sim.analytic.offspring import copier
from sim.errors import StudyError
from sim.rules.decay import Fading
from sim.scenario.scenario import Change, Scenario
from tests import builders


@pytest.mark.parametrize("ratio", [0.1, 0.5, 0.9, 1.7])
@pytest.mark.parametrize("memory_days", [0.5, 5.0, 60.0])
def test_a_linear_hawkes_process_has_its_own_ratio(
    ratio: float, memory_days: float
) -> None:
    """For a linear Hawkes process the estimate is the integral of its kernel."""
    scenario = builders.self_exciting(branching_ratio=ratio, memory_days=memory_days)
    branching = worst_branching(scenario)
    assert branching.ratio == pytest.approx(ratio, rel=1e-5)
    assert branching.loop == ("hawkes threat", "hawkes threat")


def test_a_constant_hazard_causes_nothing() -> None:
    """A Poisson process has ratio 0 and no loop."""
    branching = worst_branching(builders.ticking())
    assert (branching.ratio, branching.loop) == (0.0, ())


def test_a_runaway_is_refused_by_name() -> None:
    """A ratio above 1 is refused, and the refusal names the loop."""
    scenario = builders.self_exciting(branching_ratio=1.2)
    with pytest.raises(StudyError, match=r"1\.20 others.*hawkes threat → hawkes"):
        refuse_runaway(scenario)


def test_a_runaway_after_a_change_is_refused() -> None:
    """A change that makes a calm process explosive is found before the run."""
    scenario = builders.self_exciting(branching_ratio=0.5)
    change = Change("rise", 50.0, 0.0, "hawkes", "jump", "scale", 3.0)
    assert refuse_runaway(scenario).ratio == pytest.approx(0.5, rel=1e-5)
    with pytest.raises(StudyError, match=r"1\.50 others"):
        refuse_runaway(replace(scenario, changes=(change,)))


def test_calm_and_hot_differ_and_neither_runs_away() -> None:
    """The calm scenario branches less than the hot one, and both are below 1."""
    calm, hot = refuse_runaway(builders.calm()), refuse_runaway(builders.hot())
    assert calm.ratio < hot.ratio < 1.0


def test_sure_retaliation_on_both_sides_runs_away() -> None:
    """When most attacks are answered by a strike and strikes by all, it is refused."""
    scenario = builders.scenario(
        militia_params={"retaliation_share": 1.0, "solidarity": 1.0},
        means_params={"killed_per_hit": 3.0},
        foreign_params={"tolerance": 0.01},
    )  # fmt: skip
    with pytest.raises(StudyError, match="united_states"):
        refuse_runaway(scenario, advise=False)


def test_endless_tolerance_breaks_the_loop() -> None:
    """Where no attack is answered, no loop goes through an air strike."""
    scenario = builders.scenario(foreign_params={"tolerance": 1000.0})
    branching = worst_branching(scenario)
    assert not any("air_strike" in step for step in branching.loop)


def arms_of_a_draw() -> list[Scenario]:
    """Return scenarios that differ in parameters of one actor, and in when they do."""
    base = builders.hot()
    tolerant = replace(
        base,
        actors=tuple(
            replace(one, params=one.params._replace(tolerance=9.0))
            if one.kind.name == "foreign_power"
            else one
            for one in base.actors
        ),
    )
    power = next(a.name for a in base.actors if a.kind.name == "foreign_power")
    change = Change("later", 5.0, 0.0, power, "tolerance", "set", 0.5)
    return [base, tolerant, replace(base, changes=(change,)), base]


def test_what_is_alike_is_estimated_alike() -> None:
    """Arms that are estimated one after another have the estimates of each alone."""
    arms, alike = arms_of_a_draw(), Alike()
    alone = [worst_branching(one) for one in arms]
    assert len({branching.ratio for branching in alone}) > 1
    assert [worst_branching(one, alike) for one in arms] == alone


def test_only_what_differs_in_parameters_is_alike() -> None:
    """Nothing is shared where more than a parameter is another, such as a reach."""
    arms, alike = arms_of_a_draw(), Alike()
    assert len({id(alike.known(one)) for one in arms}) == 1
    first, *others = arms[0].actors
    moved = replace(first, reach=dict.fromkeys(first.reach, 3.5))
    other = replace(arms[0], actors=(moved, *others))
    assert alike.known(other) is not alike.known(arms[0])


def test_a_memory_is_copied_whole() -> None:
    """Each copy is as the first was, and its own; so too of a class in a function."""

    @dataclass
    class Nested:
        level: list[float]

    for memory in (Fading(2.0, 3.0), Nested([1.0, 2.0])):
        copied = copier(memory)
        one = copied()
        assert one == memory
        assert one is not memory
        if isinstance(one, Nested):
            one.level[0] = 9.0
        else:
            one.level = 9.0
        assert copied() == memory
