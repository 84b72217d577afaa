"""A theory as a scenario: the feedbacks that it has are on, all others are off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import StudyError
from sim.ledger.switches import Setting, switches_of

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment, RivalsPlan, Structure
    from sim.scenario.scenario import Scenario


class Theory(NamedTuple):
    """A structure of an experiment, as it is fitted and scored."""

    structure: Structure
    setting: Setting
    """What switches off all that the theory does without."""
    fit: Experiment
    """Its calibration, to the whole record."""
    scored: Experiment
    """The same origins, questions and sizes as those of its rivals."""


def plan_of(experiment: Experiment) -> RivalsPlan:
    """Return which theories an experiment holds against one another.

    Raises
    ------
    StudyError
        If its file does not say so.
    """
    if experiment.rivals is None:
        message = (
            f"{experiment.path} has no section 'rivals': escalade rivals holds the "
            "theories that it names against one another"
        )
        raise StudyError(message)
    return experiment.rivals


def setting_of(scenario: Scenario, structure: Structure) -> Setting:
    """Return the numbers with which a scenario has the feedbacks of a theory alone.

    Feedbacks are what the ledger marks as such (`sim.rules.behaviour.Mechanism`): the
    last links by which what happened moves the attacks to come.
    """
    values: dict[str, float] = {}
    for switch in switches_of(scenario):
        is_off = switch.mechanism.is_feedback and switch.name not in structure.on
        if switch.off is not None and (is_off or switch.name in structure.off):
            values |= switch.off.values
    return Setting(values, ends_changes=True)


def theories_of(experiment: Experiment) -> tuple[Theory, ...]:
    """Return the theories of an experiment, ready to be fitted and scored.

    A factor of the calibration whose number a theory switches off is not fitted under
    it; a factor of the theory's own takes the place of the one that it is named like.

    Raises
    ------
    StudyError
        If the file names none, or a theory fits what it switches off.
    """
    plan, scoring = plan_of(experiment), experiment.scoring
    assert scoring is not None  # `sim.experiment.read_rivals` refuses a file without
    base = scoring.calibration or experiment
    assert base.calibration is not None
    theories: list[Theory] = []
    for structure in plan.structures:
        setting = setting_of(experiment.scenario, structure)
        own = {factor.name: factor for factor in structure.factors}
        for factor in own.values():
            if off := [path for path in factor.paths if path in setting.values]:
                message = f"{structure.name} fits {off[0]}, and switches it off"
                raise StudyError(message)
        every = {factor.name: factor for factor in base.factors} | own
        factors = tuple(
            factor
            for factor in every.values()
            if not any(path in setting.values for path in factor.paths)
        )
        if not factors:
            message = f"{structure.name} leaves no factor of {base.name} to be fitted"
            raise StudyError(message)
        fit = replace(
            base,
            name=f"{experiment.name}-{structure.name}",
            scenario=setting.applied(base.scenario),
            factors=factors,
            root_seed=experiment.root_seed,
            # A file that is fitted and scored ends with its last window, not its fit.
            until=base.until if base is not experiment else base.scenario.horizon,
            scoring=None,
            rivals=None,
            calibration=replace(base.calibration, options=plan.options),
        )
        scored = replace(
            experiment,
            name=fit.name,
            scenario=setting.applied(experiment.scenario),
            rivals=None,
            scoring=replace(scoring, calibration=fit),
        )
        theories.append(Theory(structure, setting, fit, scored))
    return tuple(theories)
