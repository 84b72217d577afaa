"""Write into ``docs/validation.md`` what filtering the past is worth, on known truths.

::

    python generators/filtering.py                     200 worlds, some minutes
    python generators/filtering.py --worlds 20

Worlds of the model's own are the truth. What the press reports of each up to a day is
its record, with causes and nothing of who was not named; the same scenario is put on it
twice, with a past that is filtered and with one that is injected, and forecasts what
the press will report in the days that follow. Forecasts are scored against what came,
and the hidden levels of readiness on the day are held against the true ones.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from math import nan
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
from rhythm import renew
from scipy import stats

import sim
from sim.digest import rules_digest
from sim.digits import markdown_table
from sim.engine.alteration import Alteration
from sim.engine.cast import Cast
from sim.engine.compiled.driver import CompiledDriver
from sim.engine.driver import rows_of
from sim.engine.log import RecordType, hexadecimal
from sim.engine.replay import rebuild
from sim.engine.run import run_replication
from sim.ensemble.filtered_past import filter_with
from sim.forecasts.forecast import answers_of
from sim.forecasts.origin import SEEN
from sim.forecasts.scoring import LABELS, LOG, brier, crps, log_score
from sim.ladder import Act
from sim.outcomes import Measure
from sim.record.question import EVENT, QUESTIONS, questions_named
from sim.scenario.scenario import FILTERED, INJECTED, History, Recorded
from sim.statistics.count_distribution import CountDistribution

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.engine.log import IncidentLog, Record
    from sim.record.question import Question
    from sim.scenario.scenario import Scenario

SCENARIO: Final = "iraq_endogenous_2019_2020"
ROOT_SEED: Final = 20191028
FIRST_TRUTH: Final = 2**60
"""Number of the first true world: apart from those that forecast it."""
SINCE: Final = 84.0
"""The day from which it is forecast."""
AHEAD: Final = (7.0, 28.0, 56.0)
"""Days ahead: one step of a week, of a month, and many."""
PARTICLES: Final = 400
MEMBERS: Final = 200
"""Members of each ensemble; those of a filtered past are evenly of its particles."""
ASKED: Final = ("n_rocket_attacks", "a_strike", "n_strikes", "n_raids")
PASTS: Final = (FILTERED, INJECTED)
LEVEL: Final = 0.9
Result = TypeVar("Result")


class Held(NamedTuple):
    """Answers on one window, held against what came; by the question's id."""

    expected: dict[str, float]
    """Chance of an event, mean of a count."""
    came: dict[str, float]
    scores: dict[str, dict[str, float]]
    rank: float
    """Randomised probability integral transform of the attacks that came."""


class Judged(NamedTuple):
    """What came of one world."""

    held: dict[tuple[float, str], Held]
    """By days ahead and past."""
    levels: list[tuple[float, list[float], list[float]]]
    """Of each militia: its true level, and the chances of the three by past."""
    worth: float


def truth_of(cast: Cast, number: int, until: float) -> IncidentLog:
    """Return a true world."""
    return run_replication(cast, ROOT_SEED, FIRST_TRUTH + number, until)


def record_of(log: IncidentLog, since: float = SINCE) -> tuple[Recorded, ...]:
    """Return what the press has of a world up to a day, as rows of a record."""
    by_identity = {record.identity: record for record in log.records}
    reported = {
        record.identity
        for record, report in zip(log.records, log.reports, strict=True)
        if report.is_reported and record.time < since and int(record.act) in SEEN
    }
    return tuple(
        Recorded(
            identity=hexadecimal(record.identity),
            time=record.time,
            act=Act(record.act),
            actor=log.actor_name(report.actor),
            target=log.actor_name(record.target),
            is_target_unknown=False,
            site=log.sites[record.site] if record.site >= 0 else "",
            effect=record.effect,
            cause=_cause(record, by_identity, reported),
        )
        for record, report in zip(log.records, log.reports, strict=True)
        if record.identity in reported and record.record_type == RecordType.INCIDENT
    )


def _cause(record: Record, by_identity: dict[int, Record], reported: set[int]) -> str:
    """Return the reported incident that a record goes back to, if any."""
    cause = by_identity.get(record.cause)
    while cause is not None and cause.record_type != RecordType.INCIDENT:
        cause = by_identity.get(cause.cause)
    known = cause is not None and cause.identity in reported
    return hexadecimal(cause.identity) if known and cause is not None else ""


def on_record(
    scenario: Scenario,
    rows: tuple[Recorded, ...],
    past: str,
    end: float,
    since: float = SINCE,
) -> Scenario:
    """Return the scenario on a record up to a day, free to the end."""
    return replace(
        scenario,
        horizon=end,
        given=tuple(
            given
            for given in scenario.given
            if given.time >= since or int(given.act) not in SEEN
        ),
        history=History("a world", since, rows, SEEN, past, PARTICLES),
    )


def judge(number: int) -> Judged:
    """Forecast one world from both pasts, and score them."""
    scenario, questions = sim.load(SCENARIO), questions_named(ASKED)
    end = SINCE + max(AHEAD)
    truth = Cast(scenario)
    log = truth_of(truth, number, end)
    rows = record_of(log)
    militias = [a.name for a in scenario.actors if a.kind.name == "militia"]
    held: dict[tuple[float, str], Held] = {}
    chances: dict[str, list[list[float]]] = {}
    worth = nan
    random = np.random.default_rng([ROOT_SEED, number])
    u = random.random(len(AHEAD))
    for past in PASTS:
        chosen = on_record(scenario, rows, past, end)
        cast = Cast(chosen)
        driver = CompiledDriver(cast)
        alteration = Alteration()
        if past == FILTERED:
            filtered = filter_with(
                driver, ROOT_SEED + number, particles=PARTICLES, first=0
            )
            worth, alteration = (
                filtered.least_worth,
                Alteration(pasts=filtered.pasts),
            )
        chances[past] = [[0.0] * 3 for _ in militias]
        for member in range(0, PARTICLES, PARTICLES // MEMBERS):
            which, altered = alteration.member(member)
            driver.rows(ROOT_SEED + number, which, SINCE, altered)
            for k, name in enumerate(militias):
                level = driver.memory(cast.index[name], "level")[_foreign(cast, name)]
                chances[past][k][int(level)] += 1.0 / MEMBERS
        for ahead, chance in zip(AHEAD, u, strict=True):
            samples = _samples(driver, alteration, number, ahead, questions)
            came = came_of(chosen, log, (SINCE, SINCE + ahead), questions)
            answers = answers_of(samples, questions)
            held[ahead, past] = held_against(questions, answers, came, chance)
    memories = rebuild(truth, truth_of(truth, number, SINCE)).memories
    known = [
        (
            memories[truth.index[name]].level[_foreign(truth, name)],
            chances[FILTERED][k],
            chances[INJECTED][k],
        )
        for k, name in enumerate(militias)
    ]
    return Judged(held, known, worth)


def _foreign(cast: Cast, name: str) -> int:
    """Return whom a militia's level is toward."""
    return cast.roles[cast.index[name]]["adversaries"][0]


def _samples(
    driver: CompiledDriver,
    alteration: Alteration,
    number: int,
    ahead: float,
    questions: Sequence[Question],
) -> dict[str, Any]:
    """Return outcomes of the window in each member."""
    until = SINCE + ahead
    scenario = replace(driver.cast.scenario, horizon=until)
    measure = Measure(scenario, until, SINCE, is_compiled=True)
    values = np.full((MEMBERS, measure.width), nan)
    for row in range(MEMBERS):
        which, altered = alteration.member(row * (PARTICLES // MEMBERS))
        rows = driver.rows(ROOT_SEED + number, which, until, altered)
        measure.into(values[row], rows)
    columns = measure.columns(values)
    return {q.outcome: columns[q.outcome] for q in questions}


def came_of(
    scenario: Scenario,
    log: IncidentLog,
    window: tuple[float, float],
    questions: Sequence[Question],
) -> dict[str, float]:
    """Return what the press had of a true world in a window, by the question's id."""
    since, until = window
    reported = [
        (record, report)
        for record, report in zip(log.records, log.reports, strict=True)
        if record.time < until
    ]
    cut = replace(
        log,
        horizon=until,
        records=tuple(record for record, _ in reported),
        reports=tuple(report for _, report in reported),
    )
    measure = Measure(replace(scenario, horizon=until), until, since, is_compiled=False)
    values = np.full((1, measure.width), nan)
    measure.into(values[0], rows_of(cut))
    columns = measure.columns(values)
    return {q.id: float(columns[q.outcome][0]) for q in questions}


def held_against(
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    came: Mapping[str, float],
    chance: float,
) -> Held:
    """Score answers; `chance`, from 0 to 1, breaks ties of the transform."""
    held = Held({}, {}, {}, nan)
    for question in questions:
        answer, observed = answers[question.id], int(came[question.id])
        is_count = isinstance(answer, CountDistribution)
        held.expected[question.id] = answer.mean if is_count else float(answer)
        held.came[question.id] = observed if is_count else float(observed > 0)
        held.scores[question.id] = _scored(question, answer, observed)
    attacks, n = answers["n_rocket_attacks"], int(came["n_rocket_attacks"])
    below, up_to = attacks.at_most(n - 1), attacks.at_most(n)
    return held._replace(rank=below + chance * (up_to - below))


def _scored(question: Question, answer: Any, observed: int) -> dict[str, float]:
    if question.kind == EVENT:
        happened = observed >= 1
        return {
            "brier": brier(answer, happened),
            LOG: log_score(answer, int(happened)),
        }
    return {"crps": crps(answer, observed), LOG: log_score(answer, observed)}


def gap_of(
    results: Sequence[Judged], key: tuple[str, float, str]
) -> tuple[float, float]:
    """Return how much worse filtered forecasts score than injected ones; its error."""
    name, ahead, score = key
    filtered, injected = (
        np.array([r.held[ahead, past].scores[name][score] for r in results])
        for past in PASTS
    )
    gap = filtered - injected
    return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))


def score_table(results: Sequence[Judged]) -> str:
    """Return how much better filtered forecasts are, with the error."""
    rows: list[list[str]] = []
    for name in ASKED:
        kinds = ("brier", LOG) if QUESTIONS[name].kind == EVENT else ("crps", LOG)
        for ahead in AHEAD:
            for score in kinds:
                pairs = np.array(
                    [
                        [r.held[ahead, past].scores[name][score] for past in PASTS]
                        for r in results
                    ]
                )
                gap, error = gap_of(results, (name, ahead, score))
                rows.append(
                    [
                        QUESTIONS[name].label,
                        f"{ahead:.0f}",
                        LABELS[score],
                        f"{pairs[:, 0].mean():.4f}",
                        f"{pairs[:, 1].mean():.4f}",
                        f"{gap:+.4f}",
                        f"{error:.4f}",
                    ]
                )
    heads = [
        "question", "days ahead", "score", "filtered", "injected", "difference",
        "its error",
    ]  # fmt: skip
    return markdown_table(heads, rows, numbers=range(3, len(heads)))


def verdict(results: Sequence[Judged]) -> str:
    """Say how often filtered forecasts are better or worse by more than the error."""
    better = worse = n = 0
    keys = [
        (name, ahead, score)
        for ahead in AHEAD
        for name, scores in results[0].held[ahead, FILTERED].scores.items()
        for score in scores
    ]
    for key in keys:
        gap, error = gap_of(results, key)
        n, better = n + 1, better + (gap < -error)
        worse += gap > error
    return (
        f"Of {n} rows the filtered forecasts are better by more than the error in "
        f"{better}, and worse by more than it in {worse}; by chance "
        f"{0.16 * n:.0f} would be either."
    )


def move_table(results: Sequence[Judged]) -> str:
    """Return how far filtering moves forecasts, and how far what came went with it.

    What came less the injected forecast, on the filtered less the injected one: a
    slope through 0, with the standard error of a fit by least squares.
    """
    rows: list[list[str]] = []
    for name in ASKED:
        for ahead in AHEAD:
            pairs = np.array(
                [
                    [r.held[ahead, past].expected[name] for past in PASTS]
                    for r in results
                ]
            )
            moved = pairs[:, 0] - pairs[:, 1]
            came = np.array([r.held[ahead, FILTERED].came[name] for r in results])
            rest, square = came - pairs[:, 1], (moved**2).sum()
            slope = (moved * rest).sum() / square
            error = np.sqrt(((rest - slope * moved) ** 2).mean() / square)
            rows.append(
                [
                    QUESTIONS[name].label,
                    f"{ahead:.0f}",
                    f"{came.mean():.3f}",
                    f"{pairs[:, 0].mean():.3f}",
                    f"{pairs[:, 1].mean():.3f}",
                    f"{np.sqrt((moved**2).mean()):.3f}",
                    f"{slope:.2f} ± {error:.2f}",
                ]
            )
    heads = [
        "question", "days ahead", "came", "filtered", "injected", "moved by",
        "slope of what came on the move",
    ]  # fmt: skip
    return markdown_table(heads, rows, numbers=range(1, len(heads)))


def level_table(results: Sequence[Judged]) -> str:
    """Return how well the hidden level of readiness is known on the day."""
    rows: list[list[str]] = []
    for past in PASTS:
        pairs = [
            (int(level), filtered if past == FILTERED else injected)
            for r in results
            for level, filtered, injected in r.levels
        ]
        log_scores = [-np.log(max(chances[level], 1e-3)) for level, chances in pairs]
        inside, sizes = list[bool](), list[int]()
        for level, chances in pairs:
            order = np.argsort(chances)[::-1]
            reached = np.cumsum(np.array(chances)[order])
            n = int(np.searchsorted(reached, LEVEL - 1e-12)) + 1
            inside.append(bool((order[:n] == level).any()))
            sizes.append(n)
        expected = [
            sum(sorted(chances, reverse=True)[:n])
            for (_, chances), n in zip(pairs, sizes, strict=True)
        ]
        error = np.sqrt(np.mean(inside) * (1.0 - np.mean(inside)) / len(inside))
        spread = np.std(log_scores, ddof=1) / np.sqrt(len(log_scores))
        rows.append(
            [
                past,
                f"{np.mean(log_scores):.3f} ± {spread:.3f}",
                f"{100.0 * np.mean(inside):.1f} ± {100.0 * error:.1f} %",
                f"{100.0 * np.mean(expected):.1f} %",
                f"{np.mean(sizes):.2f}",
            ]
        )
    heads = [
        "past", "log score of the level", f"true level in the {100 * LEVEL:.0f} % set",
        "chance that the set claims", "levels in the set",
    ]  # fmt: skip
    return markdown_table(heads, rows, numbers=range(1, len(heads)))


def rank_table(
    worlds: Sequence[Mapping[tuple[float, str], Held]],
    days: Sequence[float] = AHEAD,
    forecasts: Sequence[str] = PASTS,
) -> str:
    """Return whether the transforms of the attacks that came are uniform, and how."""
    rows: list[list[str]] = []
    for ahead in days:
        cells = [f"{ahead:.0f}"]
        for name in forecasts:
            values = np.array([world[ahead, name].rank for world in worlds])
            law: Any = stats
            test: Any = law.kstest(values, "uniform")
            cells += [
                f"{values.mean():.3f}",
                f"{values.var():.4f}",
                f"{float(test.pvalue):.2f}",
            ]
        rows.append(cells)
    heads = ["days ahead"]
    for name in forecasts:
        heads += [f"{name}: mean", "variance", "p of uniform"]
    return (
        "Probability integral transforms of the attacks that came, randomised; uniform "
        "ones have mean 0.5 and variance 0.0833:\n\n"
        + markdown_table(heads, rows, numbers=range(len(heads)))
    )


def section(results: Sequence[Judged]) -> str:
    """Return what the page tells."""
    worth = np.array([r.worth for r in results])
    return "\n\n".join(
        (
            f"{len(results)} worlds of `{SCENARIO}` under the rules "
            f"{rules_digest(sim.load(SCENARIO))[:12]}, root_seed {ROOT_SEED}, forecast "
            f"from day {SINCE:.0f} with {MEMBERS} members, the filtered ones of "
            f"{PARTICLES:,} particles; of the worst stage these "
            f"were worth {np.median(worth):.0f} in the median world, and fewer than 20 "
            f"in {100.0 * np.mean(worth < 20.0):.0f} % of worlds. Below 0 the filtered "
            "forecast is better; errors are standard errors over worlds.",
            score_table(results).rstrip("\n"),
            verdict(results),
            "How far filtering moves a forecast (chance of an event, mean of a count), "
            "and whether what came went with it: a move that is all information has a "
            "slope of 1, one that is all noise 0.",
            move_table(results).rstrip("\n"),
            "Hidden readiness of each militia on the day (prior: 1.099, log 3):",
            level_table(results).rstrip("\n"),
            rank_table([r.held for r in results]).rstrip("\n"),
        )
    )


def write_section(
    name: str,
    judge: Callable[[int], Result],
    section: Callable[[Sequence[Result]], str],
) -> None:
    """Judge as many worlds as the command line asks, and write what they tell."""
    parser = argparse.ArgumentParser(description=f"Write the section {name}.")
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    judge(0)  # compile what all need
    with ProcessPoolExecutor(asked.workers, get_context("spawn")) as executor:
        results = list(executor.map(judge, range(asked.worlds), chunksize=4))
    renew(name, f"{section(results)}\n")


if __name__ == "__main__":
    write_section("filtering", judge, section)
