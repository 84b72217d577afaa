"""``check``: the faults of a scenario or an experiment, or what it holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.digits import plural
from sim.scenario.scenario import Scenario
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    caution,
    header,
    say_caution,
    scenario_of,
    several,
)
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.experiment.design import Design
    from sim.experiment.experiment import Experiment
    from sim.scenario.scenario import Cited

BASES: Final = ("assumed", "calibrated", "coded", "measured")
"""In the order in which they deserve doubt."""
_FIELDS: Final = ("path", "value", "unit", "basis", "source", "low", "high", "note")


@dataclass(frozen=True, eq=False, repr=False)
class CheckAnswer(Answer):
    """A scenario without faults: its numbers, and what each rests on."""

    scenario: Scenario
    warnings: Sequence[str]
    """Why no run will accept it; empty where all will."""

    def ordered(self) -> list[Cited]:
        """Return the numbers, the assumed ones first, else in file order."""
        return sorted(self.scenario.cited, key=lambda cited: BASES.index(cited.basis))

    def headline(self) -> str:
        """Return the scenario, and how many numbers rest on what."""
        cited = self.scenario.cited
        counts = {basis: sum(one.basis == basis for one in cited) for basis in BASES}
        numbers = ", ".join(f"{n} {basis}" for basis, n in counts.items() if n)
        name = self.scenario.name
        return f"{name}: no faults; {len(cited)} numbers: {numbers}"

    def table(self) -> pd.DataFrame:
        """Return one row a number, by its path, in canonical unit, with its range."""
        import pandas as pd

        rows = [{f: getattr(one, f) for f in _FIELDS} for one in self.ordered()]
        frame: Any = pd.DataFrame(rows, columns=pd.Index(_FIELDS))
        return frame.set_index("path")

    def notes(self) -> list[str]:
        """Return caution, warnings, and what the record holds."""
        texts = [caution(self.scenario)]
        texts += [f"no run will accept this: {text}" for text in self.warnings]
        return [text for text in [*texts, *self.record_lines()] if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.ledger.switches import blank_rows

        scenario = self.scenario
        return {
            "ok": True,
            "faults": [],
            "scenario": header(scenario),
            "actors": [
                {"name": a.name, "label": a.label, "kind": a.kind.name}
                for a in scenario.actors
            ],
            "parameters": [
                {name: getattr(cited, name) for name in _FIELDS}
                for cited in self.ordered()
            ],
            "cannot_be_switched_off": list(blank_rows(scenario)),
            "record": self.record_lines(),
            "warnings": list(self.warnings),
        }

    def record_lines(self) -> list[str]:
        """Say what the scenario's record holds, what it lacks, and what is left out."""
        from sim.record.targets import targets_for
        from sim.scenario.event_table import OUTSIDE
        from sim.scenario.history import record_of

        scenario = self.scenario
        if not scenario.record:
            return []
        table = record_of(scenario)
        events, sites = table.events, {site.name for site in scenario.sites}
        spans = ", ".join(
            f"from {first} up to {after}" for first, after in table.covered
        )
        lines = [f"record {scenario.record}: {len(events)} incidents, coded {spans}"]
        silent = sum(not event.sources for event in events)
        outside = sum(event.actor.startswith(OUTSIDE) for event in events)
        places = sorted({event.site for event in events} - sites - {""})
        if silent:
            lines.append(f"{silent} {plural(silent, 'incident')} without a source")
        if outside:
            noun = plural(outside, "incident")
            lines.append(f"{outside} {noun} by whom the scenario leaves out")
        if places:
            lines.append(f"at no site of the scenario: {', '.join(places)}")
        if scenario.targets:
            targets = targets_for(scenario)
            fitted = sum(target.role == "fitted" for target in targets)
            lines.append(
                f"targets {scenario.targets}: {len(targets)} statistics, "
                f"{fitted} to be fitted"
                if targets
                else f"targets {scenario.targets}: of another period, so none is used"
            )
        return lines


@dataclass(frozen=True, eq=False, repr=False)
class ExperimentCheckAnswer(Answer):
    """An experiment without faults: what it varies, and what will be run."""

    experiment: Experiment
    design: Design
    warnings: Sequence[str]
    """Why no run will accept it; empty where all will."""

    def headline(self) -> str:
        """Return the experiment and what it asks."""
        return f"{self.experiment.name}: no faults; {self.experiment.question.strip()}"

    def table(self) -> pd.DataFrame:
        """Return one row a factor: what it sets, in which unit, between which ends."""
        import pandas as pd

        return pd.DataFrame(self.data()["factors"])

    def notes(self) -> list[str]:
        """Return caution and warnings."""
        texts = [caution(self.experiment.scenario)]
        texts += [f"no run will accept this: {text}" for text in self.warnings]
        return [text for text in texts if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        plan = self.experiment
        fields = ("name", "label", "kind", "paths", "unit", "low", "high", "levels")
        return {
            "ok": True,
            "faults": [],
            "experiment": plan.name,
            "question": plan.question,
            "scenario": plan.scenario.name,
            "arms": [{"name": arm.name, "label": arm.label} for arm in plan.arms],
            "factors": [{key: getattr(f, key) for key in fields} for f in plan.factors],
            **(
                {"calibrate": plan.calibration.options._asdict()}
                if plan.calibration is not None
                else {
                    "design": {"kind": plan.design.kind, "points": len(self.design)},
                    "replications": plan.replications,
                }
            ),
            "origins": []
            if plan.scoring is None
            else [[str(day) for day in window] for window in plan.scoring.windows],
            "outcomes": list(plan.outcomes),
            "warnings": list(self.warnings),
        }


def check(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    changes: Mapping[str, Any] | None = None,
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> CheckAnswer | ExperimentCheckAnswer:
    """Check a scenario or an experiment; list its numbers with what they rest on.

    Parameters
    ----------
    scenario
        A scenario file, the id of a shipped one, or what `sim.load` loaded; or an
        experiment's file or id.
    changes, plugin, watch
        As in `sim.run`.

    Returns
    -------
    CheckAnswer or ExperimentCheckAnswer
        `table` has one row a number, in canonical unit: days, rates per day, shares
        0 to 1; or one a factor.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.

    Examples
    --------
    >>> import sim
    >>> answer = sim.check("iraq_2019_2020")
    >>> answer
    <Check: iraq_2019_2020: no faults; ... numbers: ... assumed, ...>
    >>> answer.table().loc["actors.iraq.raid_rate", ["unit", "basis"]].tolist()
    ['1/day', ...]
    """
    from sim.analytic.branching import warnings_of
    from sim.experiment.named import is_experiment
    from sim.scenario.calibrated import check_calibrated
    from sim.scenario.form import read_scenario
    from sim.scenario.load import find, load
    from sim.scenario.plugins import known_kinds

    watch = watch_of(watch)
    if isinstance(scenario, Scenario):
        one = scenario_of(scenario, changes, plugin=plugin)
    else:
        kinds, file = known_kinds(several(plugin)), os.fspath(scenario)
        if is_experiment(file):
            return _experiment_check(file, kinds, watch)
        one = load(file, changes, kinds=kinds)
        check_calibrated(read_scenario(find(file), kinds), kinds)
    say_caution(one, watch)
    return CheckAnswer(one, warnings_of(one))


def _experiment_check(file: str, kinds: Any, watch: Watch) -> ExperimentCheckAnswer:
    from sim.experiment.design import design_of
    from sim.experiment.load import load_experiment
    from sim.sweeps.cells import warnings_of

    plan = load_experiment(file, kinds)
    design = design_of(plan.design, plan.factors)
    say_caution(plan.scenario, watch)
    is_swept = plan.scoring is None and plan.calibration is None
    return ExperimentCheckAnswer(
        plan, design, warnings_of(plan, design) if is_swept else []
    )
