"""A run made again from its own directory, and what had failed in it tried again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.digest import rules_digest, run_digest
from sim.engine.alteration import Alteration, alteration_in, as_data
from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.ensemble.archive import RunDirectory
from sim.ensemble.completion import complete, failed_numbers
from sim.ensemble.ensemble import Ensemble, run_ensemble
from sim.ensemble.outcome_parts import OutcomeParts
from sim.ensemble.part import Progress, Task, scenario_file
from sim.ensemble.study_folder import MANIFEST, StudyFolder, read_manifest
from sim.errors import StudyError, one_of
from sim.outcomes import with_outcomes
from sim.rules.registry import KINDS
from sim.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.ensemble.workers import Workers
    from sim.outcomes.own import OwnOutcome
    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as its directory tells of it."""

    path: Path
    manifest: dict[str, Any]
    scenario: Scenario

    @property
    def root_seed(self) -> int:
        """Its root_seed."""
        return int(self.manifest["root_seed"])

    @property
    def until(self) -> float:
        """Days that each replication was simulated."""
        return float(self.manifest["until_days"])

    @property
    def numbers(self) -> range:
        """Numbers of its replications."""
        asked = self.manifest["replications"]
        return range(asked["first"], asked["first"] + asked["count"])

    @property
    def alteration(self) -> Alteration:
        """What was made otherwise in its replications."""
        return alteration_in(self.manifest.get("alteration"))

    def ensemble(self) -> Ensemble:
        """Return it as an ensemble; nothing is simulated."""
        return Ensemble(
            scenario=self.scenario,
            root_seed=self.root_seed,
            numbers=self.numbers,
            until=self.until,
            parts=OutcomeParts(self.numbers, RunDirectory(self.path, "")),
            path=self.path,
            with_log=bool(self.manifest.get("keeps_records")),
            alteration=self.alteration,
        )

    @property
    def why_other_rules(self) -> str:
        """Why the code as it is cannot give this run again; empty when it can."""
        if rules_digest(self.scenario) == self.manifest["rules_digest"]:
            return ""
        commit = self.manifest.get("git", {}).get("commit", "")
        version = self.manifest.get("versions", {}).get("escalade", "")
        maker = f"commit {commit[:12]}" if commit else f"escalade {version}"
        return f"the rules have changed since {self.path} was made ({maker})"


def read_run(
    path: Path,
    kinds: Mapping[str, Kind] = KINDS,
    *,
    own: Mapping[str, OwnOutcome] | None = None,
    with_draws: bool = False,
) -> StoredRun:
    """Read a run directory back, where so asked one under draws of a posterior.

    `own` has the outcomes of the user's own that it may have measured.

    Raises
    ------
    StudyError
        If it is none, is not complete enough to tell, its scenario was changed, or an
        outcome is missing.
    """
    manifest = read_manifest(path)
    if manifest is None:
        inside = [file.parent for file in sorted(path.glob("*/manifest.json"))]
        message = f"{path} holds no run; name a folder with a manifest.json"
        if inside:
            message = f"{path} holds several runs: name one, {one_of(map(str, inside))}"
        raise StudyError(message)
    several = "study_digest" in manifest
    if several or ("draws" in manifest and not with_draws):
        content = "a study of several runs" if several else "draws of a posterior"
        message = (
            f"{path} holds {content}; give its own command again, what is whole is "
            "kept:\n"
            f"  {manifest.get('command', '')}"
        )
        raise StudyError(message)
    needed = ("replications", "keeps_records", "parts")
    missing = [name for name in needed if name not in manifest]
    if missing and (missing[0] == needed[0] or manifest.get("state") == "complete"):
        message = f"{path / MANIFEST} is damaged: {missing[0]}: Field required"
        raise StudyError(message)
    entry = manifest["scenario"]
    file = path / f"{entry['name']}.yaml"
    if not file.is_file():
        message = (
            f"{path / MANIFEST}: scenario.name: {file} is missing: the run was made in "
            "Python, or broke off at once; make it again from there"
        )
        raise StudyError(message)
    scenario = replace(load(file, kinds=kinds), path=entry["file"])
    if names := entry.get("own_outcomes"):
        known = own or {}
        for name in names:
            if name not in known:
                message = (
                    f"{path} measured the outcome {name!r} of a module of yours: name "
                    "it by --plugin"
                )
                raise StudyError(message)
        scenario = with_outcomes(scenario, {name: known[name] for name in names})
    if scenario.digest != entry["digest"]:
        message = f"{file} was changed: it is not the scenario of this run's manifest"
        raise StudyError(message)
    return StoredRun(path, manifest, scenario)


def run_again(
    run: StoredRun,
    out: Path,
    workers: Workers = 1,
    progress: Progress | None = None,
    engine: str = "auto",
) -> list[str]:
    """Make a run again in another folder; return the parts that came out different.

    Raises
    ------
    StudyError
        If the run is not complete, the rules are no longer those that made it, or the
        other folder holds a run: of that nothing would be simulated.
    """
    if run.why_other_rules:
        message = f"{run.why_other_rules}; check that out to reproduce it"
        raise StudyError(message)
    if run.manifest.get("state") != "complete":
        message = (
            f"{run.path} is {run.manifest.get('state')}; complete it first:\n"
            f"  {run.manifest.get('command', '')}"
        )
        raise StudyError(message)
    if read_manifest(out) is not None:
        message = (
            f"{out} holds a run already, which would be read and not made again; "
            "remove that folder, or name a new one by --out"
        )
        if out.resolve() == run.path.resolve():
            message = f"{out} is the run itself; name a new folder by --out"
        raise StudyError(message)
    run_ensemble(
        run.scenario,
        replications=run.numbers,
        root_seed=run.root_seed,
        until=run.until,
        workers=workers,
        out=out,
        progress=progress,
        keep_records=bool(run.manifest["keeps_records"]),
        engine=engine,
        alteration=run.alteration,
    )
    new = StudyFolder(out, "").checksums()
    old: dict[str, str] = run.manifest["parts"]
    return sorted(name for name in old if new.get(name) != old[name])


def run_failed_again(
    run: StoredRun,
    workers: Workers = 1,
    progress: Progress | None = None,
    engine: str = "auto",
) -> tuple[list[int], dict[int, str]]:
    """Run the failed replications of a run again.

    With the rules that made the run their parts are made anew in its directory. With
    other rules nothing is written, since they would not be of one make with the rest.
    Returned are the numbers that had failed; and of those that still do, why, by
    number.
    """
    altered = as_data(run.alteration)
    digest = run_digest(run.scenario, run.root_seed, run.until, altered)
    directory = RunDirectory(run.path, str(run.manifest["run_digest"]))
    failed = failed_numbers(directory, run.numbers)
    if not failed:
        return [], {}
    if digest == directory.digest:
        with_log = bool(run.manifest["keeps_records"])
        cast = Cast(run.scenario)
        driver, _ = choose_driver(cast, len(failed), engine, run.until)
        task = Task(
            scenario=run.scenario,
            root_seed=run.root_seed,
            until=run.until,
            directory=directory,
            with_log=with_log,
            engine=driver.name,
            alteration=run.alteration,
        )
        complete(task, directory, run.numbers, workers, progress, again=failed)
        still = set(failed_numbers(directory, run.numbers))
    else:
        still = set(failed)
    left: dict[int, str] = {}
    for number in failed:
        if number in still:
            alone = run_ensemble(
                run.scenario,
                replications=range(number, number + 1),
                root_seed=run.root_seed,
                until=run.until,
                engine=engine,
                alteration=run.alteration,
            )
            if len(alone.failures):
                left[number] = str(alone.failures["error"].iloc[0])
    return failed, left


def repeat_file(run: StoredRun) -> Path:
    """Return the scenario file from which one of its replications is repeated."""
    return scenario_file(run.scenario, run.path)
