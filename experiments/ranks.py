#!/usr/bin/env python
"""Hold a fit against truths that are known: where each lies in its own posterior.

::

    python experiments/ranks.py c01                       200 truths, at a reduced size
    python experiments/ranks.py c01 --minutes 15          as many as that allows
    python experiments/ranks.py c01 --full --truths 10    of the size that ships

Truths that are in the table already are not done again, so the command goes on where it
was broken off; in any order, with any number of workers, it ends with the same bytes.
``ranks.csv`` (``ranks-full.csv``) is in the experiment's folder, one row a truth;
docs/validation.md has what it says. No hours are in the table: they are printed.
"""

from __future__ import annotations

import argparse
import csv
import io
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from renew import VALIDATION, engine, folders_of, insert
from scipy.stats import kstest

from sim.calibration.ranking import PREDICTED, Ranked, rank_truth
from sim.digest import file_digest, rules_digest
from sim.digits import markdown_table
from sim.ensemble.executors import hands
from sim.ensemble.workers import hired
from sim.experiment.load import load_experiment
from sim.files import write_bytes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.experiment.experiment import Experiment
    from sim.statistics.abc import Options

PARTICLES: Final = 200
GENERATIONS: Final = 4
"""The reduced size: a fit takes about 2,500 attempts."""
LEVEL: Final = 0.9
BEFORE: Final = ("truth", "effective_size")

Ranks = dict[int, Ranked]


def options_of(experiment: Experiment, *, is_full: bool) -> Options:
    """Return the options of the fits: reduced, or those that ship."""
    plan = experiment.calibration
    assert plan is not None
    if is_full:
        return plan.options
    return plan.options._replace(particles=PARTICLES, generations=GENERATIONS)


def key_of(experiment: Experiment, options: Options) -> str:
    """Return what ranks depend on, for the first line of the table."""
    return (
        f"# experiment {file_digest(Path(experiment.path))[:16]}, scenario "
        f"{experiment.scenario.digest[:16]}, rules "
        f"{rules_digest(experiment.scenario)[:16]}, {options.particles} particles, "
        f"{options.generations} generations, {PREDICTED} predictions"
    )


def read_ranks(file: Path, key: str) -> Ranks:
    """Return the ranks of a table; none where it is of another fit, or not there."""
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    if not lines or lines[0] != key:
        return {}
    ranks: Ranks = {}
    for row in csv.DictReader(lines[1:]):
        values = {name: float(cell) for name, cell in row.items() if cell}
        sides: list[dict[str, float]] = [{}, {}]
        for name, value in values.items():
            if name not in BEFORE:
                kind, _, parameter = name.partition(":")
                sides[kind == "statistic"][parameter] = value
        truth, size = int(values["truth"]), values.get("effective_size", float("nan"))
        ranks[truth] = Ranked(truth, size, *sides)
    return ranks


def write_ranks(file: Path, key: str, ranks: Ranks) -> None:
    """Write the table whole, truths in order."""
    whole = max(ranks.values(), key=lambda one: len(one.parameters))
    columns = {
        **{f"parameter:{name}": name for name in whole.parameters},
        **{f"statistic:{name}": name for name in whole.statistics},
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*BEFORE, *columns])
    for _, one in sorted(ranks.items()):
        is_lost = not one.parameters
        values = [
            (one.statistics if head.startswith("statistic") else one.parameters).get(n)
            for head, n in columns.items()
        ]
        cells = ["" if value is None else f"{value:.6g}" for value in values]
        size = "" if is_lost else f"{one.effective_size:.1f}"
        writer.writerow([one.truth, size, *cells])
    write_bytes(file, f"{key}\n{text.getvalue()}".encode())


def ranked(
    experiment: Experiment,
    options: Options,
    wanted: list[int],
    executor: Executor | None,
    until: float,
) -> Any:
    """Yield ranks as they are finished; none is begun after `until`."""
    name = engine("simpy")
    if executor is None:
        for truth in wanted:
            if time.monotonic() > until:
                return
            yield rank_truth(experiment, options, truth, engine=name)
        return
    left, running = iter(wanted), set[Future[Ranked]]()
    while True:
        while len(running) < 2 * hands(executor):
            truth = next(left, None)
            if truth is None or time.monotonic() > until:
                break
            job = executor.submit(rank_truth, experiment, options, truth, engine=name)
            running.add(job)
        if not running:
            return
        finished, running = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()


def section_of(experiment: Experiment, ranks: Ranks, options: Options) -> str:
    """Return what the ranks say, Markdown."""
    ranked = [one for _, one in sorted(ranks.items()) if one.parameters]
    labels = {factor.name: factor.label for factor in experiment.factors}
    rows: list[list[str]] = []
    least = 1.0
    for kind in ("parameters", "statistics"):
        for name in getattr(ranked[0], kind):
            places = np.array([getattr(one, kind)[name] for one in ranked])
            low, high = (1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0
            inside = float(((places > low) & (places < high)).mean())
            p = float(kstest(places, "uniform").pvalue)
            least = min(least, p)
            label = labels.get(name, f"`{name}`, a second record")
            cells = (f"{places.mean():.3f}", f"{100 * inside:.0f}", f"{p:.2g}")
            rows.append([label, *cells])
    n, lost = len(ranked), len(ranks) - len(ranked)
    error = 100 * np.sqrt(LEVEL * (1 - LEVEL) / n)
    table = markdown_table(
        (
            "rank of",
            "mean",
            f"inside the {100 * LEVEL:.0f} % interval, %",
            "uniform: p",
        ),
        rows,
        numbers=(1, 2, 3),
    )
    sizes = np.median([one.effective_size for one in ranked])
    verdict = "is" if least < 0.05 / len(rows) else "is not"
    return (
        f"{table}\n"
        f"{n} truths ({lost} more were no world, or no attempt came close), each "
        f"fitted by {options.particles} particles in {options.generations} "
        f"generations, worth {sizes:.0f} in the median. Were the posteriors right, "
        f"means were 0.5 ± {1 / np.sqrt(12 * n):.3f}, and {100 * LEVEL:.0f} ± "
        f"{error:.1f} % inside. The smallest p of {len(rows)} is {least:.2g}, "
        f"which {verdict} beyond chance (5 % for all together: {0.05 / len(rows):.2g})."
    )


def agreement_of(whole: Ranks, reduced: Ranks, options: Options) -> str:
    """Return how fits of the size that ships agree with the reduced ones, Markdown."""
    both = [
        (one, reduced[truth])
        for truth, one in sorted(whole.items())
        if one.parameters and truth in reduced and reduced[truth].parameters
    ]
    rows: list[list[str]] = []
    for kind, words in (("parameters", "parameters"), ("statistics", "second records")):
        places = np.array(
            [
                [[getattr(fit, kind)[name] for fit in pair] for name in names]
                for pair in both
                for names in [sorted(getattr(pair[0], kind))]
            ]
        )
        full, small = places[..., 0].ravel(), places[..., 1].ravel()
        low, high = (1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0
        n_inside = [int(((low < p) & (p < high)).sum()) for p in (full, small)]
        apart = np.abs(full - small)
        rows.append(
            [
                words,
                str(full.size),
                *(f"{100 * n / full.size:.0f}" for n in n_inside),
                f"{np.median(apart):.3f}",
                f"{np.quantile(apart, LEVEL):.3f}",
                f"{np.corrcoef(full, small)[0, 1]:.2f}",
            ]
        )
    table = markdown_table(
        (
            "places of",
            "number",
            f"inside the {100 * LEVEL:.0f} % interval, full, %",
            "the same, reduced, %",
            "apart, median",
            f"apart, {100 * LEVEL:.0f} %",
            "correlation",
        ),
        rows,
        numbers=(1, 2, 3, 4, 5, 6),
    )
    sizes = [np.median([pair[side].effective_size for pair in both]) for side in (0, 1)]
    return (
        f"{table}\n"
        f"{len(both)} of the same truths, each fitted by {options.particles:,} "
        f"particles in {options.generations} generations, worth {sizes[0]:.0f} in the "
        f"median, and in small, worth {sizes[1]:.0f}. A place is the share of the "
        "posterior below the truth, from 0 to 1."
    )


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=folders_of("calibrate"))
    parser.add_argument("--truths", type=int, default=200)
    parser.add_argument("--full", action="store_true", help="the size that ships")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    folder = folders_of("calibrate")[asked.name]
    experiment = load_experiment(folder)
    options = options_of(experiment, is_full=asked.full)
    file = folder / ("ranks-full.csv" if asked.full else "ranks.csv")
    key = key_of(experiment, options)
    ranks = read_ranks(file, key)
    began, done, n_before = time.monotonic(), 0, len(ranks)
    wanted = [truth for truth in range(asked.truths) if truth not in ranks]
    with hired(asked.workers) as executor:
        until = began + 60.0 * asked.minutes
        for one in ranked(experiment, options, wanted, executor, until):
            ranks[one.truth] = one
            done += 1
            write_ranks(file, key, ranks)
            spent = time.monotonic() - began
            print(f"truth {one.truth}: {done} done in {spent:.0f} s", flush=True)
    if asked.full:
        small = options_of(experiment, is_full=False)
        reduced = read_ranks(folder / "ranks.csv", key_of(experiment, small))
        insert(agreement_of(ranks, reduced, options), VALIDATION, "full-ranks")
    else:
        insert(section_of(experiment, ranks, options), VALIDATION, "ranks")
    hours = (time.monotonic() - began) / 3600.0
    print(f"{done} truths in {hours:.2f} hours; {n_before} were there already")


if __name__ == "__main__":
    main()
