"""From an experiment's file to an experiment: checked, all faults at once, and tried.

The arms are made at the low and the high end of every factor before anything runs, so
that each is a legal scenario; what is wrong there is told at the line of the experiment
that brought it about.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sim.errors import (
    MOST_FAULTS,
    Fault,
    Hinted,
    ScenarioError,
    StudyError,
    one_of,
)
from sim.experiment.experiment import Arm, DesignPlan, Experiment, Precision
from sim.experiment.named import A_SCENARIO, FILE_NAME, find_experiment
from sim.experiment.read_design import read_design
from sim.experiment.read_factor import Settable, read_factor
from sim.experiment.read_fit import read_calibration, read_score
from sim.experiment.read_rivals import read_rivals
from sim.experiment.schema import ExperimentFile, ScoredFile
from sim.experiment.variant import Variant, variant_of
from sim.outcomes import outcomes_for
from sim.reading.faults import FaultList
from sim.reading.scalar import shorten, shown
from sim.reading.slot import as_list, as_mapping
from sim.reading.strict_yaml import parse, read
from sim.reading.structure import well_shaped
from sim.record.targets import targets_for
from sim.rules.registry import KINDS
from sim.scenario.calendar import days_since, moment_of
from sim.scenario.form import read_scenario
from sim.scenario.load import find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiment.factor import Factor, Level
    from sim.outcomes import Outcome
    from sim.reading.strict_yaml import Document
    from sim.reading.tree import Keys, Plain
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


def try_arms(faults: FaultList, experiment: Experiment) -> Scenario | None:
    """Note what is wrong with any arm; return the last scenario that was made."""
    last: Scenario | None = None
    for arm in experiment.arms:
        for values in corners(experiment):
            try:
                last = experiment.scenario_at(arm, values)
            except StudyError as error:
                faults.add(("arms", arm.name), str(error))
            except ScenarioError as error:
                faults.n_more = max(faults.n_more, error.n_more)
                for fault in error.faults:
                    keys, is_own = _culprit(experiment, arm, values, fault.where)
                    message = fault.message
                    if not is_own:
                        who = "" if arm.name == "base" else f"arm {arm.name}: "
                        message = f"{who}{fault.where}: {message}"
                    faults.add(keys, message)
    return last


def corners(experiment: Experiment) -> list[tuple[Level, ...]]:
    """Return the points to try: all low, all high, and each actor absent once.

    What is legal is an interval, so that levels between two legal ones are legal too;
    a number that must be whole and is not is found by one point more.
    """
    factors = experiment.factors
    if not factors:
        return [()]
    designs = [tuple(_end(factor, place) for factor in factors) for place in (0.0, 1.0)]
    broken = [
        next((x for x in factor.levels if factor.is_whole and x != int(x)), low)
        for factor, low in zip(factors, designs[0], strict=True)
    ]
    designs.append(tuple(broken))
    for number, factor in enumerate(factors):
        if factor.kind == "presence":
            designs.append((*designs[0][:number], 0.0, *designs[0][number + 1 :]))
    return list(dict.fromkeys(designs))


def _end(factor: Factor, place: float) -> Level:
    """Return a factor's lowest value (place 0) or its highest (place 1)."""
    if factor.kind == "presence":
        return 1.0
    if factor.kind in ("number", "date") and factor.levels:
        # Days as texts, with or without an hour, rise as the days do.
        return (min if place == 0.0 else max)(factor.levels)  # pyright: ignore[reportArgumentType]
    return factor.value(place)


def _culprit(
    experiment: Experiment, arm: Arm, values: tuple[Level, ...], where: str
) -> tuple[Keys, bool]:
    """Return the place in the experiment that a scenario's fault comes from.

    The second is whether the place says by itself which value is meant.
    """
    for factor in experiment.factors:
        if factor.kind in ("number", "date") and _is_about(where, factor.paths):
            return ("factors", factor.name), len(factor.paths) == 1
    for keys, paths in (
        (("arms", arm.name, "changes"), arm.variant.changes),
        (("changes",), experiment.changes),
    ):
        for path in paths:
            if _is_about(where, (path,)):
                return (*keys, path), True
    for factor, value in zip(experiment.factors, values, strict=True):
        if factor.kind == "presence" and not value:
            return ("factors", factor.name, "presence"), False
    if arm.variant.absent:
        return ("arms", arm.name, "absent"), False
    return (("arms", arm.name), False) if arm.variant != Variant() else ((), False)


def _is_about(where: str, paths: tuple[str, ...]) -> bool:
    return any(where == path or where.startswith(f"{path}.") for path in paths)


COLUMNS = (
    "point", "arm", "outcome", "n", "n_failed", "n_undefined", "mean",
    "standard_error", "low", "high", "difference", "difference_low",
    "difference_high", "n_draws", "parameter_low", "parameter_high",
    "parameter_share", "is_told",
)  # fmt: skip
"""Columns of a sweep's table, and of one under draws of a posterior; no factor may be
called like one."""


def checked(document: Document, kinds: Mapping[str, Kind] | None = None) -> Experiment:
    """Return the experiment that a file describes.

    Raises
    ------
    ScenarioError
        With every fault of the file; or of the scenario, when that is faulty.
    """
    faults = FaultList(document)
    data = as_mapping(document.data)
    if "actors" in data and "outcomes" not in data:
        raise ScenarioError(document.path, [Fault(0, 0, "", A_SCENARIO)])
    asks_itself = not {"score", "calibrate"}.isdisjoint(data)
    top = well_shaped(faults, ScoredFile if asks_itself else ExperimentFile)
    _check_header(faults, top)
    name = top.get("scenario")
    if not isinstance(name, str):
        faults.stop_if_any()
    try:
        file = find(_beside(document.path, str(name)))
        base = read_scenario(file, KINDS if kinds is None else kinds)
        past, particles = top.get("past"), top.get("particles")
        variant = Variant(
            free_from=_free_from(faults, top),
            past=past if isinstance(past, str) else None,
            particles=particles if isinstance(particles, int) else None,
        )
        scenario = variant_of(base, variant, kinds=KINDS if kinds is None else kinds)
    except ScenarioError as error:
        if any(fault.line for fault in error.faults):
            raise  # the scenario's own file is faulty: its lines are what helps
        fault = error.faults[0]
        key = "from" if fault.where == "from" else "scenario"
        faults.add((key,), fault.message.replace("file, and", "file and"))
        faults.stop_if_any()
        raise
    reader = _Reader(faults, top, base, scenario)
    return reader.experiment()


def _beside(experiment: str, scenario: str) -> str | Path:
    """Return a scenario's file beside the experiment's; an id stays an id."""
    file = Path(experiment).parent / scenario
    return file if scenario.endswith((".yaml", ".yml")) else scenario


def _free_from(faults: FaultList, top: Mapping[str, Plain]) -> date | None:
    """Return the day on which the arms part, where the file names one."""
    text = top.get("from")
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        faults.stop_if_any()  # said already
        raise


def _check_header(faults: FaultList, top: Mapping[str, Plain]) -> None:
    file = Path(faults.document.path)
    stem = file.resolve().parent.name if file.name == FILE_NAME else file.stem
    if top.get("id", stem) != stem:
        owner = "folder's" if file.name == FILE_NAME else "file's"
        message = f"{shown(top['id'])} is not the {owner} name, {stem!r}"
        faults.add(("id",), message)
    ways = [way for way in ("replications", "precision") if way in top]
    raw = as_mapping(faults.document.data)
    ways_in = ("replications", "precision", "calibrate", "score")
    if not any(way in raw for way in ways_in):
        faults.add((), "has neither replications nor precision; give one")
    elif len(ways) == 2:
        faults.add(("precision",), "stands beside replications; give one of them")


class _Reader:
    """Reads the parts of a file whose scenario is known."""

    def __init__(
        self,
        faults: FaultList,
        top: dict[str, Plain],
        base: Document,
        scenario: Scenario,
    ) -> None:
        self.faults, self.top = faults, top
        self.base, self.scenario = base, scenario
        self.outcomes: dict[str, Outcome] = outcomes_for(scenario)

    def experiment(self) -> Experiment:
        """Check all, and build it."""
        faults, top = self.faults, self.top
        keys, named = ("outcomes",), top.get("outcomes")
        outcomes = tuple(faults.known(keys, named, self.outcomes, "an outcome"))
        if "calibrate" in top and not outcomes:
            fitted = targets_for(self.scenario)
            outcomes = tuple(dict.fromkeys(target.outcome for target in fitted))
        precision = self._precision()
        until = self._until()
        arms = tuple(self._arms())
        named = as_mapping(top.get("factors"))
        settable = Settable.of(self.base, self.scenario)
        factors = [
            read_factor(faults, name, raw, settable, self.scenario, arms)
            for name, raw in named.items()
        ]
        for name in named:
            if name in COLUMNS or name in self.outcomes:
                message = f"{name!r} is a column of the table; name it otherwise"
                faults.add(("factors", name), message, at_key=True)
        self._check_doubles(named, arms)
        known = tuple(factor for factor in factors if factor is not None)
        is_whole = len(known) == len(named) and not faults.has_below(("factors",))
        # A fit places its own points; of a faulty design enough was said.
        raw = as_mapping(faults.document.data)
        needs_none = "calibrate" in raw or "score" in raw or "design" in raw
        if "design" not in top and needs_none:
            design = DesignPlan("latin_hypercube", points=8)
        else:
            design = read_design(faults, top.get("design"), named, known, is_whole)
        changes: Any = as_mapping(top.get("changes"))
        experiment = Experiment(
            name=str(top.get("id", "")),
            question=str(top.get("question", "")),
            document=self.base,
            scenario=self.scenario,
            root_seed=int(cast("float", top.get("root_seed", 1))),
            replications=int(cast("float", top.get("replications", 2)))
            if precision is None
            else None,
            precision=precision,
            until=until,
            outcomes=outcomes,
            changes=changes,
            arms=arms,
            factors=known,
            design=design,
            path=faults.document.path,
            pair=self._pair(arms),
            assumptions=tuple(
                " ".join(str(text).split()) for text in as_list(top.get("assumptions"))
            ),
            free_from=self.scenario.free_from if "from" in top else None,
            past=self.scenario.past if "past" in top else None,
            particles=self.scenario.particles if "particles" in top else None,
            note=str(top.get("note", "")),
            calibration=read_calibration(
                faults, top.get("calibrate"), self.scenario, known
            )
            if "calibrate" in top
            else None,
        )
        if "score" in top:
            experiment = read_score(faults, top["score"], experiment, load_experiment)
        if "rivals" in top:
            experiment = read_rivals(faults, top["rivals"], experiment, load_experiment)
        if faults.has_below(("arms",)) or len(factors) > MOST_FAULTS:
            faults.stop_if_any()  # to try very many is no help
        resolved = try_arms(faults, experiment)
        faults.stop_if_any()
        assert resolved is not None  # without a fault there was a scenario
        return experiment

    def _precision(self) -> Precision | None:
        keys = ("precision",)
        if "precision" not in self.top:
            return None
        section = as_mapping(self.top["precision"])
        name = str(section.get("outcome", ""))
        if name and name not in self.outcomes:
            message = f"{shorten(name)!r} is not an outcome"
            self.faults.add((*keys, "outcome"), Hinted(message, name, self.outcomes))
        half: Any = section.get("half_width", 1.0)
        at_most: Any = section.get("at_most", 2)
        return Precision(name, float(half), int(at_most))

    def _until(self) -> float:
        raw, horizon = self.top.get("until"), self.scenario.horizon
        if raw is None:
            return horizon
        days = horizon
        if isinstance(raw, str):
            try:
                days = days_since(self.scenario.start, moment_of(raw))
            except ValueError as error:
                self.faults.add(("until",), f"{error}, or a number of days")
        elif isinstance(raw, int | float) and not isinstance(raw, bool):
            days = float(raw)
        else:
            self.faults.add(("until",), f"{shown(raw)} is no date and no days")
        if not 0.0 < days <= horizon:
            start = self.scenario.start
            period = f"from {start} to {start + timedelta(days=horizon)}"
            message = f"{shown(raw)} is outside the scenario, {period}"
            self.faults.add(("until",), f"{message} ({horizon:g} days)")
            return horizon
        return days

    def _arms(self) -> list[Arm]:
        """Return the arms; one that differs in nothing where the file has none."""
        section = as_mapping(self.top.get("arms"))
        arms = [self._arm(name, raw) for name, raw in section.items()]
        return arms or [Arm("base", self.scenario.title)]

    def _pair(self, arms: tuple[Arm, ...]) -> tuple[str, str] | None:
        """Return the arms that the question sets against each other, if it does."""
        names = [arm.name for arm in arms]
        known = self.faults.known(("pair",), self.top.get("pair"), names, "an arm")
        return (known[0], known[1]) if len(known) == 2 else None

    def _arm(self, name: str, raw: Plain) -> Arm:
        keys = ("arms", name)
        fields = as_mapping(raw)
        top = as_mapping(self.base.data)
        ids = (
            [str(as_mapping(entry).get("id")) for entry in as_list(top["developments"])]
            if "developments" in top
            else []
        )
        history = self.scenario.history
        ids += [row.identity for row in history.rows] if history is not None else []
        actors = [*as_mapping(top.get("actors"))]
        cancels = self._named(keys, "cancels", fields, ids, "a development")
        absent = self._named(keys, "absent", fields, actors, "an actor")
        acts = [str(act) for act in as_list(top.get("exogenous"))]
        listed = "an act that the scenario lists as exogenous"
        endogenous = self._named(keys, "endogenous", fields, acts, listed)
        changes: Any = as_mapping(fields.get("changes"))
        variant = Variant(
            changes=changes,
            developments=tuple(map(as_mapping, as_list(fields.get("developments")))),
            cancels=tuple(cancels),
            absent=tuple(absent),
            endogenous=tuple(endogenous),
        )
        label = str(fields.get("label", name))
        return Arm(name, label, variant, str(fields.get("note", "")))

    def _named(
        self,
        keys: Keys,
        field: str,
        section: Mapping[str, Plain],
        allowed: list[str],
        description: str,
    ) -> list[str]:
        """Return the names of a list that exist; note the others."""
        noun = f"{description.split()[1]}s"
        listed = f"; {noun}: {one_of(allowed)}" if allowed else f"; there are no {noun}"
        raw = section.get(field)
        return self.faults.known((*keys, field), raw, allowed, description, listed)

    def _check_doubles(self, named: Mapping[str, Plain], arms: tuple[Arm, ...]) -> None:
        """Note a path that two factors set, or a factor and a list of changes."""
        setters: dict[str, str] = {}
        changes = as_mapping(self.top.get("changes"))
        for name, raw in named.items():
            path = as_mapping(raw).get("path")
            paths = [path] if isinstance(path, str) else as_list(path)
            for each in paths:
                if not isinstance(each, str):
                    continue
                keys = ("factors", name, "path")
                if each in setters:
                    message = f"{each} is set by factor {setters[each]} already"
                    self.faults.add(keys, message)
                setters.setdefault(each, name)
                homes = ["changes"] if each in changes else []
                homes += [
                    f"arms.{arm.name}.changes"
                    for arm in arms
                    if each in arm.variant.changes
                ]
                for home in homes:
                    message = f"{each} stands in {home} too; keep one of them"
                    self.faults.add(keys, message)


def load_experiment(
    path: str | Path, kinds: Mapping[str, Kind] | None = None
) -> Experiment:
    """Load an experiment's file, its folder, or a shipped experiment by its id.

    Parameters
    ----------
    path
        File, folder or id.
    kinds
        Kinds of actor by the name that its scenario uses; those that ship when None.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the scenario that it names.
    """
    return checked(read(find_experiment(path)), kinds)


def experiment_from(
    data: Mapping[str, Any], kinds: Mapping[str, Kind] | None = None
) -> Experiment:
    """Return the experiment that a dict describes, as its file would.

    Raises
    ------
    ScenarioError
        With every fault, told by its key, or if the dict holds what no file can.
    """
    name = str(data.get("id", "experiment"))
    try:
        text = json.dumps({"schema": 1, "id": name, **data}, indent=1)
    except TypeError as error:
        message = f"holds what no file can: {error}"
        raise ScenarioError(name, [Fault(0, 0, "", message)]) from None
    try:
        return checked(parse(text, name), kinds)
    except ScenarioError as error:
        if error.path != name:
            raise  # the scenario's own file is faulty
        faults = [
            fault._replace(line=0, column=0, where=fault.where or "experiment")
            for fault in error.faults
        ]
        raise ScenarioError(name, faults, error.n_more) from None
