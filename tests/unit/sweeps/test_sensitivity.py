"""Sensitivity and discovery on functions whose answer is known."""

import re

import numpy as np
import pytest

from sim.errors import StudyError
from sim.experiment.design import design_of
from sim.experiment.experiment import DesignPlan
from sim.experiment.factor import Factor
from sim.sweeps.discovery import discover
from sim.sweeps.sensitivity import analyse


def unit_factors(*names):
    """Return factors from 0 to 1, to study any function of the unit cube."""
    return tuple(Factor(name, name, "number") for name in names)


ISHIGAMI = unit_factors("first", "second", "third")


def ishigami(places):
    """Ishigami and Homma (1990), a = 7 and b = 0.1; shape (points,)."""
    x, y, z = (np.pi * (2.0 * places - 1.0)).T
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def noisy(values, n, own, shared, root_seed=5):
    """Add chance to a function: of each point's own, and shared by all points."""
    chance = np.random.default_rng(root_seed)
    table = values[:, np.newaxis] + chance.normal(0.0, own, (len(values), n))
    return table + chance.normal(0.0, shared, (1, n))


def test_sobol_indices_of_ishigami():
    """First-order indices are 0.314, 0.442 and 0, total 0.558, 0.442 and 0.244."""
    design = design_of(DesignPlan("saltelli", 4096), ISHIGAMI)
    table = analyse(design, ishigami(design.places)).table
    for name, first, total in (
        ("first", 0.314, 0.558),
        ("second", 0.442, 0.442),
        ("third", 0.0, 0.244),
    ):
        row = table.loc[name]
        assert row["first"] == pytest.approx(first, abs=0.03)
        assert row["total"] == pytest.approx(total, abs=0.03)
        assert row["first_low"] <= first <= row["first_high"]
        assert row["total_low"] <= total <= row["total_high"]


def test_without_chance_the_indices_are_those_of_salib():
    """Nothing is taken off a function without chance."""
    design = design_of(DesignPlan("saltelli", 128), ISHIGAMI)
    table = analyse(design, ishigami(design.places)).table
    assert table["first"].to_numpy() == pytest.approx(table["first_seen"].to_numpy())
    assert table["total"].to_numpy() == pytest.approx(table["total_seen"].to_numpy())


@pytest.mark.parametrize("shared", [0.0, 10.0])
def test_chance_is_kept_apart_from_the_factors(shared):
    """With noise the corrected indices stay at the truth; the uncorrected leave it."""
    design = design_of(DesignPlan("saltelli", 4096), ISHIGAMI)
    analysis = analyse(design, noisy(ishigami(design.places), 4, 6.0, shared))
    third = analysis.table.loc["third"]
    assert third["total_low"] <= 0.244 <= third["total_high"]
    assert third["total_seen"] > third["total_high"]
    assert analysis.variance == pytest.approx(13.845, rel=0.08)
    assert analysis.noise_variance == pytest.approx(6.0**2 / 4, rel=0.08)
    assert analysis.noise_share == pytest.approx(9.0 / 22.845, abs=0.03)


def test_a_root_seed_of_zero_is_a_root_seed():
    """0 gives the same intervals each time, and others than 1 does."""
    for kind, points in (("saltelli", 64), ("morris", 8)):
        made = [
            design_of(DesignPlan(kind, points, root_seed=s), ISHIGAMI)
            for s in (0, 0, 1)
        ]
        assert np.array_equal(made[0].places, made[1].places)
        assert not np.array_equal(made[0].places, made[2].places)
        values = ishigami(made[0].places)
        first, again, other = (analyse(made[0], values, s).table for s in (0, 0, 1))
        assert first.equals(again)
        assert not first.equals(other)


def test_morris_effects_of_a_straight_line():
    """The effect of a factor of a straight line is its slope, without spread."""
    design = design_of(DesignPlan("morris", 6), ISHIGAMI)
    table = analyse(design, design.places @ np.array([3.0, -2.0, 0.0])).table
    assert table["mu"].to_numpy() == pytest.approx([3.0, -2.0, 0.0])
    assert table["mu_star"].to_numpy() == pytest.approx([3.0, 2.0, 0.0])
    assert table["sigma"].to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert table["matters"].tolist() == [True, True, False]


def test_morris_tells_a_factor_from_chance():
    """A dead factor has a size by chance only; with the noise off it is small."""
    design = design_of(DesignPlan("morris", 20), ISHIGAMI)
    values = design.places @ np.array([3.0, -2.0, 0.0])
    analysis = analyse(design, noisy(values, 8, 1.0, 5.0))
    table = analysis.table
    assert table["matters"].tolist() == [True, True, False]
    dead = table.loc["third"]
    assert dead["mu_star"] == pytest.approx(dead["noise_floor"], rel=0.35)
    noise = np.sqrt(2.0 / 8.0) / (2.0 / 3.0)  # of one effect: two means of 8, a step
    error = noise / np.sqrt(20)
    assert table.loc["first", "effect"] == pytest.approx(3.0, abs=4 * error)


def test_morris_takes_the_noise_off_the_effects():
    """`effect` is the root of the mean square less what chance adds to it: known here
    from its floor, and from the spread that was put in.
    """
    factors = unit_factors("strong", *(f"dead_{n}" for n in range(9)))
    design = design_of(DesignPlan("morris", 60), factors)
    values = 4.0 * design.places[:, 0]
    table = analyse(design, noisy(values, 8, 1.0, 5.0)).table
    square = table["mu"] ** 2 + table["sigma"] ** 2 * (60 - 1) / 60
    noise = table["noise_floor"] ** 2 * np.pi / 2.0
    expected = np.sqrt(np.maximum(square - noise, 0.0))
    assert table["effect"].to_numpy() == pytest.approx(np.asarray(expected))
    put_in = 2.0 / 8.0 / (2.0 / 3.0) ** 2  # two means of 8 over a step of 2/3, squared
    error = put_in * np.sqrt(2.0 / (60 * 7))
    assert (np.abs(noise - put_in) < 4.0 * error).all()
    assert (table["effect"].iloc[1:] == 0.0).sum() >= 1  # a dead one below its noise


def test_morris_rarely_takes_chance_for_a_factor():
    """Of many dead factors about one in a hundred matters by chance."""
    factors = unit_factors(*(f"f{n}" for n in range(10)))
    design = design_of(DesignPlan("morris", 10), factors)
    hits = sum(
        int(
            analyse(
                design, noisy(np.zeros(len(design)), 8, 1.0, 3.0, s)
            ).table.matters.sum()
        )
        for s in range(30)
    )
    assert hits <= 3 + 4 * np.sqrt(3)


def test_unsound_analyses_are_refused():
    """Undefined values, constant outcomes and other designs are refused with reason."""
    design = design_of(DesignPlan("morris", 6), ISHIGAMI)
    values = ishigami(design.places)
    with pytest.raises(StudyError, match="undefined at 1 of 24 points"):
        analyse(design, np.where(np.arange(24) == 3, np.nan, values))
    with pytest.raises(StudyError, match="nothing to explain"):
        analyse(design, np.ones(24))
    other = design_of(DesignPlan("grid", 3), ISHIGAMI)
    with pytest.raises(StudyError, match="grid design gives no indices"):
        analyse(other, ishigami(other.places))


SIX = unit_factors(*"abcdef")


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
@pytest.mark.parametrize("inside", [1.0, 0.8])
def test_planted_box_is_found(kind, inside):
    """Of six factors the two that make the box are named, at its bounds."""
    design = design_of(DesignPlan(kind, 512), SIX)
    hit = (design.places[:, 0] > 0.6) & (design.places[:, 3] < 0.5)
    region = discover(
        design, np.where(hit, inside, 1.0 - inside if inside < 1 else 0.0)
    )
    assert [one.factor for one in region.restrictions] == ["a", "d"]
    assert region.box.low[0] == pytest.approx(0.6, abs=0.04)
    assert region.box.high[3] == pytest.approx(0.5, abs=0.04)
    assert region.density == pytest.approx(inside, abs=0.05)
    assert region.held_out_density == pytest.approx(inside, abs=0.15)
    assert region.overall < region.density
    if inside == 1.0:
        assert region.coverage > 0.9


def test_sentence_speaks_in_the_factor_s_values():
    """The region is said in values, units and levels, with coverage and density."""
    factors = (
        Factor("rate", "base rate", "number", unit="1/day", low=0.0, high=0.2),
        Factor("line", "red line", "number", levels=(1.0, 2.0, 3.0)),
        *unit_factors("c", "d"),
    )
    design = design_of(DesignPlan("sobol", 512), factors)
    hit = (design.places[:, 0] > 0.5) & (design.places[:, 1] > 1 / 3)
    text = " ".join(discover(design, hit.astype(float)).sentences("war"))
    pattern = r"When base rate is at least 0\.(09|10)\d* per day and red line is 2 or 3"
    assert re.match(pattern, text)
    assert "(coverage)" in text
    assert "(density)" in text


def test_no_region_is_found_where_there_is_none():
    """Chance alone makes no region, in nearly every design."""
    design = design_of(DesignPlan("latin_hypercube", 200), SIX)
    regions = [
        discover(design, np.random.default_rng(s).binomial(10, 0.3, 200) / 10)
        for s in range(10)
    ]
    assert max(one.held_out_density for one in regions) < 0.5
    assert (
        "No region"
        in next(one for one in regions if not one.restrictions).sentences("x")[0]
    )


def test_discovery_refuses_what_it_cannot_tell():
    """Too few points, and a threshold that nothing passes, are refused."""
    design = design_of(DesignPlan("latin_hypercube", 20), SIX)
    with pytest.raises(StudyError, match="20 points are too few"):
        discover(design, np.ones(20))
    design = design_of(DesignPlan("latin_hypercube", 50), SIX)
    with pytest.raises(StudyError, match="no case is of interest"):
        discover(design, np.zeros(50))
