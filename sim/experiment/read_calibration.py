"""Read how an experiment's factors are to be fitted to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import one_of
from sim.experiment.experiment import CalibrationPlan
from sim.experiment.shape import CALIBRATE, check_fields, shown, texts
from sim.scenario.calibrated import calibrated_paths
from sim.sources import Basis
from sim.statistics.abc import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.factor import Factor
    from sim.reading.faults import FaultList
    from sim.reading.tree import Plain
    from sim.scenario.scenario import Scenario

ADJUSTMENTS = ("linear", "none")


def read_calibration(
    faults: FaultList,
    raw: Plain | None,
    scenario: Scenario,
    factors: Sequence[Factor],
) -> CalibrationPlan:
    """Return the section ``calibrate``; note what is wrong with it."""
    keys = ("calibrate",)
    _check_unfitted(faults, scenario, factors)
    section: dict[str, Any] = check_fields(faults, keys, raw, CALIBRATE)
    adjustment = section.get("adjustment", "linear")
    if adjustment not in ADJUSTMENTS:
        message = f"{shown(adjustment)} is no adjustment; known: {one_of(ADJUSTMENTS)}"
        faults.add((*keys, "adjustment"), message)
    standard = Options()
    options = Options(
        int(section.get("particles", standard.particles)),
        int(section.get("generations", standard.generations)),
        float(section.get("least_acceptance", standard.least_acceptance)),
        adjustment == "linear",
    )
    named = texts(faults, (*keys, "targets"), section.get("targets"))
    return CalibrationPlan(options, tuple(named))


def _check_unfitted(
    faults: FaultList, scenario: Scenario, factors: Sequence[Factor]
) -> None:
    """Note fitted numbers that would meet the record a second time.

    Left as they are, they make a new fit surer than one history allows; and their
    range is what an earlier fit left over, no prior.
    """
    fitted = calibrated_paths(scenario)
    drawn = {path for factor in factors for path in factor.paths}
    if left := [path for path in fitted if path not in drawn]:
        message = (
            f"has {len(left)} numbers that were fitted to the record already, and no "
            f"factor draws them ({one_of(left[:3])}{', ...' if left[3:] else ''}); "
            "calibrate the scenario that they were fitted in, or give each a prior"
        )
        faults.add(("scenario",), message)
    for factor in factors:
        made = factor.distribution
        is_prior = made is not None and made.basis not in ("", Basis.CALIBRATED.value)
        if not is_prior and set(factor.paths) & set(fitted):
            message = (
                "was fitted to the record, so neither its range nor a calibrated "
                "distribution is a prior; give it a distribution of its own, with a "
                "basis that the record's data did not set"
            )
            faults.add(("factors", factor.name), message)
