#!/usr/bin/env python
"""Renew the committed results of experiments.

::

    python experiments/renew.py run e03 e04      comparisons, sweeps and screenings
    python experiments/renew.py run              all of them, a few minutes
    python experiments/renew.py calibrate c01    a fit, and the scenario fitted by it
    python experiments/renew.py score f01        rolling origins, scored
    python experiments/renew.py rivals r01       theories held against one another
    python experiments/renew.py all              all but rivals, fits first

Each folder gets its tables, figures and ``manifest.json``; what is between the marks
``<!-- NAME: begin -->`` and ``<!-- NAME: end -->`` of its README.md, or of
docs/validation.md, is written anew. The same code and scenario give the same bytes. A
fit or a scoring that was broken off goes on.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.calibration.calibrate import run_calibration
from sim.calibration.fitted_scenario import write_fitted
from sim.calibration.table import results_sections, write_tables
from sim.comparison.arms import ArmRunner
from sim.comparison.compare import compare_arms
from sim.comparison.words import comparison_table
from sim.comparison.words import results_section as comparison_section
from sim.digest import file_digest
from sim.engine.choice import has_numba
from sim.ensemble.provenance import results_manifest
from sim.ensemble.workers import hired
from sim.experiment.load import load_experiment
from sim.experiment.posterior import read_posterior
from sim.forecasts.origin import scoring_of
from sim.forecasts.rolling import results_section as scores_section
from sim.forecasts.rolling import run_origins, write_rolling
from sim.forecasts.score_table import score_page
from sim.forecasts.scoring import paired_differences
from sim.outcomes import outcomes_for
from sim.pictures.comparison import forest_plot, making_of
from sim.pictures.evidence.calibration import PICTURES as FIT_PICTURES
from sim.pictures.evidence.calibration import write_pictures
from sim.pictures.evidence.rivals import PICTURES as RIVAL_PICTURES
from sim.pictures.evidence.rivals import rivals_pictures
from sim.pictures.evidence.score import score_pictures
from sim.pictures.sensitivity import sensitivity_picture
from sim.pictures.style import plot_and_save, save_all
from sim.pictures.sweep import sweep_pictures
from sim.scenario.load import find
from sim.sweeps.sensitivity import analyse
from sim.sweeps.sweep import run_sweep
from sim.sweeps.words import grid_section, screening_section
from sim.theories.page import TABLES, naming_sentence, signs_sentence, write_page
from sim.theories.rivals import run_rivals
from sim.theories.structure import plan_of

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment

HERE: Final = Path(__file__).resolve().parent
VALIDATION: Final = HERE.parent / "docs" / "validation.md"
SCENARIOS: Final = HERE.parent / "scenarios"
FITTED: Final = {"c01_iraq_2019_2020": "iraq_calibrated_2019_2020"}
"""Fits, and the shipped scenario that each is written into."""

Facts = dict[str, Any]


# Comparisons, sweeps, screenings.


def run(folder: Path, workers: int) -> None:
    """Run one experiment and write all that its folder keeps of it."""
    experiment = load_experiment(folder)
    study = compared
    if experiment.factors:
        study = screened if experiment.design.kind == "morris" else swept
    with tempfile.TemporaryDirectory() as pictures:
        table, section, facts = study(experiment, Path(pictures), workers)
        drawn = sorted(Path(pictures).glob("*.svg"))
        for old in folder.glob("*.svg"):
            old.unlink()
        for picture in drawn:
            shutil.copyfile(picture, folder / picture.name)
    table.to_csv(folder / "summary.csv", index=False, float_format="%.6g")
    outcomes = outcomes_for(experiment.scenario)
    manifest = results_manifest(
        experiment,
        command("run", experiment),
        replications=experiment.replications,
        until_days=experiment.until,
        outcomes={name: outcomes[name].meaning for name in experiment.outcomes},
        **facts,
    )
    (folder / "manifest.json").write_text(manifest, "utf-8")
    shown = [f"![{picture.stem}]({picture.name})" for picture in drawn]
    insert("\n\n".join([section, *shown]), folder / "README.md")


def compared(
    experiment: Experiment, pictures: Path, workers: int
) -> tuple[pd.DataFrame, str, Facts]:
    """Compare the arms of an experiment with the first."""
    scenarios = {arm.name: experiment.scenario_at(arm, ()) for arm in experiment.arms}
    with hired(workers) as executor:
        runner = ArmRunner(
            scenarios,
            experiment.root_seed,
            experiment.until,
            workers=1 if executor is None else executor,
            labels=experiment.labels,
            engine=engine("auto"),
        )
        runner.check()
        arms = runner.run(range(experiment.replications or 1000))
    comparison = compare_arms(arms, list(experiment.outcomes), asked=experiment.asked)
    first, making = next(iter(scenarios.values())), making_of(comparison)
    plot_and_save(lambda: forest_plot(comparison, first, making), pictures / "effects")
    facts = {
        "arms": {name: one.digest for name, one in scenarios.items()},
        "differences_looked_at": comparison.n_looked_at,
    }
    section = comparison_section(comparison)
    return comparison_table(comparison), section, facts


def swept(
    experiment: Experiment, pictures: Path, workers: int
) -> tuple[pd.DataFrame, str, Facts]:
    """Run a grid; tell the effect of each factor from its first to its last level."""
    sweep = run_sweep(experiment, workers=workers, keep=False)
    save_all(sweep_pictures(sweep), pictures)
    n = len(experiment.factors) * len(experiment.outcomes)
    return sweep.table(), grid_section(sweep), {"differences_looked_at": n}


def screened(
    experiment: Experiment, pictures: Path, workers: int
) -> tuple[pd.DataFrame, str, Facts]:
    """Run a Morris design; tell which factors matter."""
    sweep = run_sweep(experiment, workers=workers, keep=False)
    arm = experiment.arms[0].name
    sensitivities = {
        name: analyse(sweep.design, sweep.responses(name, arm))
        for name in experiment.outcomes
    }
    for name, one in sensitivities.items():
        plot_and_save(
            lambda name=name, one=one: sensitivity_picture(sweep, name, one),
            pictures / name,
        )
    table: Any = pd.concat({name: one.table for name, one in sensitivities.items()})
    table = table.rename_axis(["outcome", "factor"]).reset_index()
    n = len(experiment.factors) * len(experiment.outcomes)
    section = screening_section(sweep, sensitivities)
    return table, section, {"differences_looked_at": n}


# Fits and scores.


def calibrate(folder: Path, workers: int) -> None:
    """Fit one experiment, write its results, and the scenario fitted by it."""
    experiment = load_experiment(folder)
    fit = run_calibration(
        experiment, workers=workers, engine=engine("simpy"), tell=print
    )
    write_tables(fit)
    write_pictures(fit)
    tables = ("generations", "parameters", "targets", "diagnostics")
    names = ["posterior.parquet", *(f"{name}.csv" for name in tables)]
    for name in [*names, *(f"{name}.svg" for name in FIT_PICTURES)]:
        shutil.copyfile(fit.path / name, folder / name)
    manifest = results_manifest(
        experiment,
        command("calibrate", experiment),
        posterior_digest=fit.posterior.digest,
        particles=len(fit.posterior.weights),
        generations=len(fit.generations),
        effective_size=round(fit.generations[-1].effective_size, 1),
        targets=[target.name for target in fit.targets],
    )
    (folder / "manifest.json").write_text(manifest, "utf-8")
    for name, section in results_sections(fit).items():
        insert(section, VALIDATION, name)
    if folder.name in FITTED:
        write_fitted(
            read_posterior(folder),
            find(experiment.scenario.name),
            SCENARIOS / f"{FITTED[folder.name]}.yaml",
            is_renewed=True,
        )


def score(folder: Path, workers: int) -> None:
    """Score the origins of one experiment and write the results."""
    experiment = load_experiment(folder)
    rolling = run_origins(
        experiment, workers=workers, engine=engine("simpy"), tell=print
    )
    scores = write_rolling(rolling)
    save_all(score_pictures(scores, experiment.name), rolling.path)
    tables = ("scores.csv", "differences.csv", "summary.csv", "refits.csv")
    pictures = ("forecasts.svg", "reliability.svg")
    for name in (*tables, *pictures):
        shutil.copyfile(rolling.path / name, folder / name)
    shutil.rmtree(folder / "forecasts", ignore_errors=True)
    shutil.copytree(rolling.path / "forecasts", folder / "forecasts")
    plan = scoring_of(experiment)
    manifest = results_manifest(
        experiment,
        command("score", experiment),
        calibration_digest=file_digest(Path((plan.calibration or experiment).path)),
        particles=plan.options.particles,
        draws=plan.size.draws,
        replications=plan.size.replications,
        questions=list(plan.questions),
        forecasts={f"{f.origin}-{f.forecaster}": f.digest for f in rolling.forecasts},
    )
    (folder / "manifest.json").write_text(manifest, "utf-8")
    shown = [f"![{Path(name).stem}]({name})" for name in pictures]
    section = "\n\n".join([scores_section(rolling, scores), *shown])
    insert(section, folder / "README.md")
    page = score_page(scores, paired_differences(scores))
    differences = page.partition("## Against the yardsticks\n\n")[2]
    insert(differences.strip(), VALIDATION, "forecasts")


def rivals(folder: Path, workers: int) -> None:
    """Hold the theories of one experiment against one another; write the results."""
    experiment = load_experiment(folder)
    held = run_rivals(
        experiment, workers=workers, engine=engine("simpy"), tell=tell_at_once
    )
    text = write_page(held)
    save_all(rivals_pictures(held), held.path)
    pictures = [f"{name}.svg" for name in RIVAL_PICTURES]
    for name in (*TABLES, *pictures):
        shutil.copyfile(held.path / name, folder / name)
    plan = plan_of(experiment)
    manifest = results_manifest(
        experiment,
        command("rivals", experiment),
        theories={t.structure.name: t.scored.scenario.digest for t in held.theories},
        policy_digest=file_digest(Path(plan.policy.experiment.path)),
        particles=plan.options.particles,
        bank=plan.bank,
        worlds=plan.worlds,
        windows=list(plan.windows),
        draws=plan.policy.size.draws,
        replications=plan.policy.size.replications,
    )
    (folder / "manifest.json").write_text(manifest, "utf-8")
    shown = [f"![{Path(name).stem}]({name})" for name in pictures]
    insert("\n\n".join([text.strip(), *shown]), folder / "README.md")
    first = f"{signs_sentence(held)}\n\n{naming_sentence(held)}"
    insert(first, VALIDATION, "rivals")


# What all of them need.


def tell_at_once(text: str) -> None:
    """Print a sentence, whoever reads it through a pipe."""
    print(text, flush=True)


def engine(otherwise: str) -> str:
    """Return the quickest engine there is; results do not depend on it."""
    return "compiled" if has_numba() else otherwise


def command(verb: str, experiment: Experiment) -> str:
    """Return what makes an experiment's results again, after ``python``."""
    return f"experiments/renew.py {verb} {experiment.name.partition('_')[0]}"


def insert(section: str, page: Path, mark: str = "results") -> None:
    """Put a section between two marks of a page.

    Raises
    ------
    ValueError
        If the page has not the marks, once each.
    """
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    whole = f"{begin}\n\n{section}\n\n{end}"
    text, n = pattern.subn(lambda _: whole, page.read_text("utf-8"))
    if n != 1:
        message = f"{page} has no place for {mark!r}: it needs the lines {begin} {end}"
        raise ValueError(message)
    page.write_text(text, "utf-8")


VERBS: Final = {
    "calibrate": (calibrate, "c*"),
    "score": (score, "f*"),
    "run": (run, "e*"),
    "rivals": (rivals, "r*"),
}
"""What each verb does, and to which folders; `all` does the first three, in order."""


def folders_of(verb: str) -> dict[str, Path]:
    """Return the experiments of a verb, by the first part of the name: ``e03``."""
    files = sorted(HERE.glob(f"{VERBS[verb][1]}/experiment.yaml"))
    return {file.parent.name.partition("_")[0]: file.parent for file in files}


def main(arguments: list[str] | None = None) -> None:
    """Renew what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=(*VERBS, "all"))
    parser.add_argument("names", nargs="*", help="such as e03; none: all of the verb")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    verbs = [*VERBS][:3] if asked.verb == "all" else [asked.verb]
    known = {name: (v, f) for v in verbs for name, f in folders_of(v).items()}
    names = [name.partition("_")[0] for name in asked.names] or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"{unknown[0]} is none of {', '.join(known)}")
    for name in names:
        verb, folder = known[name]
        began = time.monotonic()
        VERBS[verb][0](folder, asked.workers)
        print(f"{folder.name}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
