"""Read how an experiment's factors are to be fitted to the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import one_of
from sim.study.abc import Options
from sim.study.plan import CalibrationPlan
from sim.study.plan_shape import CALIBRATE, check_fields, shown, texts

if TYPE_CHECKING:
    from sim.scenario.fault_list import FaultList
    from sim.scenario.yaml_tree import Plain

ADJUSTMENTS = ("linear", "none")


def read_calibration(faults: FaultList, raw: Plain | None) -> CalibrationPlan:
    """Return the section ``calibrate``; note what is wrong with it."""
    keys = ("calibrate",)
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
