"""Read which theories an experiment holds against one another, and over what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.experiment import (
    PolicyQuestion,
    RivalsPlan,
    Size,
    Structure,
)
from sim.experiment.read_factor import Settable, read_factor
from sim.experiment.read_fit import other_experiment, refuse_levels
from sim.outcomes import outcomes_for
from sim.reading.slot import as_list, as_mapping

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.experiment.read_fit import Load
    from sim.reading.faults import FaultList
    from sim.reading.tree import Keys, Plain
    from sim.scenario.scenario import Scenario

_KEY: Final = "rivals"


def read_rivals(
    faults: FaultList, raw: Plain, experiment: Experiment, load: Load
) -> Experiment:
    """Return the experiment with its section ``rivals``; note what is wrong with it.

    `load` reads the experiment of the policy question.
    """
    fields: dict[str, Any] = as_mapping(raw)
    scoring = experiment.scoring
    fit = None if scoring is None else scoring.calibration or experiment
    if scoring is None or fit is None or fit.calibration is None:
        message = (
            "needs a section score with a calibration: theories are fitted, and "
            "scored from the origins that it names"
        )
        faults.add((_KEY,), message, at_key=True)
        return experiment
    policy = _policy(faults, as_mapping(fields.get("policy")), experiment, load)
    windows = [int(n) for n in as_list(fields.get("windows")) if isinstance(n, int)]
    if windows != sorted(set(windows)):
        faults.add((_KEY, "windows"), f"{windows} do not rise")
    document: Any = experiment.document
    settable = Settable.of(document, experiment.scenario)
    structures = [
        _structure(faults, name, as_mapping(one), experiment.scenario, settable)
        for name, one in as_mapping(fields.get("structures")).items()
    ]
    for one in structures:
        keys = (_KEY, "structures", one.name, "expected")
        if one.expected and len(one.expected) != len(windows):
            message = f"has {len(one.expected)} shares for {len(windows)} windows"
            faults.add(keys, message)
    if policy is None:
        return experiment
    standard = fit.calibration.options
    plan = RivalsPlan(
        structures=tuple(structures),
        options=standard._replace(
            particles=int(fields.get("particles", standard.particles)),
            generations=int(fields.get("generations", standard.generations)),
        ),
        bank=int(fields.get("bank", 1500)),
        worlds=int(fields.get("worlds", 30)),
        windows=tuple(windows),
        policy=policy,
    )
    return replace(experiment, rivals=plan)


def _structure(
    faults: FaultList,
    name: str,
    fields: dict[str, Any],
    scenario: Scenario,
    settable: Settable,
) -> Structure:
    """Return a theory; note switches and priors that there are not."""
    keys: Keys = (_KEY, "structures", name)
    every = {
        f"{kind.name}.{mechanism.name}": mechanism
        for kind in {actor.kind.name: actor.kind for actor in scenario.actors}.values()
        for mechanism in kind.mechanisms
    }
    feedbacks = [name for name, mechanism in every.items() if mechanism.is_feedback]
    lists: dict[str, list[str]] = {}
    for side, allowed, noun in (
        ("on", feedbacks, "a feedback of the ledger"),
        ("off", [*every], "a mechanism of the ledger"),
    ):
        lists[side] = faults.known((*keys, side), fields.get(side), allowed, noun)
    for place, switch in enumerate(as_list(fields.get("off"))):
        if switch in lists["on"]:
            faults.add((*keys, "off", place), f"{switch} stands in on too")
    factors = [
        read_factor(faults, one, raw, settable, scenario, (), section=keys)
        for one, raw in as_mapping(fields.get("factors")).items()
    ]
    for one in factors:
        if one is not None and one.kind != "number":
            message = f"{one.name} is no number; only numbers can be fitted"
            faults.add((*keys, "factors", one.name), message)
    refuse_levels(faults, factors, keys)
    return Structure(
        name=name,
        label=str(fields.get("label", name)),
        on=tuple(lists["on"]),
        off=tuple(lists["off"]),
        factors=tuple(factor for factor in factors if factor is not None),
        rhythm=str(fields.get("rhythm", "")),
        expected=tuple(float(share) for share in as_list(fields.get("expected"))),  # pyright: ignore[reportArgumentType]
        note=str(fields.get("note", "")),
    )


def _policy(
    faults: FaultList, fields: dict[str, Any], experiment: Experiment, load: Load
) -> PolicyQuestion | None:
    """Return the policy question; None when it is faulty."""
    keys: Keys = (_KEY, "policy")
    n_faults = len(faults.faults)
    name = str(fields.get("experiment", ""))
    asked = other_experiment(faults, (*keys, "experiment"), name, experiment, load)
    if asked is None:
        return None
    arms = {arm.name: arm for arm in asked.arms}
    noun = f"an arm of {name}"
    named = faults.known((*keys, "arms"), fields.get("arms"), arms, noun)
    table, at = outcomes_for(asked.scenario), (*keys, "outcomes")
    outcomes = faults.known(at, fields.get("outcomes"), table, "an outcome")
    if len(faults.faults) > n_faults or len(named) != 2:
        return None
    return PolicyQuestion(
        experiment=asked,
        reference=arms[named[0]],
        arm=arms[named[1]],
        outcomes=tuple(outcomes or asked.outcomes),
        size=Size(int(fields.get("draws", 200)), int(fields.get("replications", 4))),
    )
