"""A bank of worlds of each theory, and how well they tell which theory made them.

Each world is one replication at a draw of its own from the theory's priors; of all
theories those are kept that come as near to the record's fitted statistics. So theories
are told apart among worlds like ours, by conduct and not by size, and no world's
parameters are another's, as they are among the few particles of a fit: what those have
by accident would pass for a mark of the theory. A history of several windows has a draw
for each: windows are independent given the theory, and the logarithms of their
probabilities add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analytic.dates import (
    LAWS,
    PERSISTENCES,
    SWINGS,
    Judged,
    attack_days,
    evidence,
    judged,
    prior_about,
)
from sim.calibration.attempt import Model
from sim.ensemble.point_run import PointTask, run_in_batches
from sim.record.summary import record_rows
from sim.record.targets import fitted_targets, targets_for
from sim.statistics import abc
from sim.statistics.bootstrap import generator
from sim.statistics.naming import learned, log_probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from sim.analytic.dates import DatesPrior
    from sim.engine.log import Rows
    from sim.theories.structure import Theory

Floats = np.ndarray[Any, np.dtype[np.float64]]

FIRST: Final = 2**61 + 2**50
"""Number of the first world of a bank: apart from those of fits and forecasts."""
APART: Final = 2**40
"""Numbers between the banks of two theories."""
TRIED: Final = 4
"""Worlds that are simulated for each that is kept."""
ENOUGH: Final = 0.8
"""Share of histories whose theory is named that counts as being able to name it."""
SURE: Final = 0.95
"""Probability from which on a theory counts as named on one history."""
LONGEST: Final = (1, 2, 4, 8, 16, 32, 64, 128)
"""Windows that are tried, to say how many would be enough."""
HISTORIES: Final = 200
"""Histories of each length, put together from the windows left out of the bank."""
MOST_DAYS: Final = 400
"""Attacks of a window whose dates count: over one a day is far from any record."""
N_CAMPAIGNS: Final = len(SWINGS) * len(PERSISTENCES)


def days_of(rows: Rows) -> Floats:
    """Return the first `MOST_DAYS` days of attacks, inf behind the last."""
    days = attack_days(rows)[:MOST_DAYS]
    return np.append(days, np.full(MOST_DAYS - len(days), np.inf))


def dates_of(days: Floats, until: float, prior: DatesPrior) -> Floats:
    """Return the log likelihood of each point of each law, given one world's days."""
    one = judged(days[np.isfinite(days)], until, prior)
    return np.concatenate(([one.constant], one.campaigns, one.exciting))


def judged_of(row: Floats) -> Judged:
    """Undo what `dates_of` did."""
    return Judged(float(row[0]), row[1 : 1 + N_CAMPAIGNS], row[1 + N_CAMPAIGNS :])


@dataclass(frozen=True, eq=False)
class Bank:
    """Worlds of every theory that are like the record, and the record beside them."""

    summaries: Floats
    """Statistics of the reported worlds, shape (theories, worlds, summaries)."""
    dates: Floats
    """What `dates_of` says of each world, shape (theories, worlds, points)."""
    like_ours: Floats
    """Share of each theory's worlds that are like the record, shape (theories,)."""
    tolerance: float
    """Distance from the record, in spreads, up to which a world is like it."""
    observed: Floats
    """The record's statistics, shape (summaries,)."""
    observed_dates: Floats


def banked(
    theory: Theory,
    number: int,
    n: int,
    *,
    engine: str,
    executor: Executor | None,
) -> Floats:
    """Return worlds at draws of a theory's priors: statistics, then days of attacks.

    Parameters
    ----------
    theory, number
        The theory, and its place among its rivals: other worlds for each.
    n
        How many, rounded up to whole batches.
    engine, executor
        As in `sim.forecasts.model.forecasts_ahead`.
    """
    fit = theory.fit
    task = PointTask(fit.scenario, fit.root_seed, fit.until, engine)
    outcomes = tuple(t.outcome for t in targets_for(fit.scenario, fit.until))
    model = Model(task, fit.factors, outcomes)
    whole = -(-n // abc.BATCH) * abc.BATCH
    scores = abc.prior_scores(len(fit.factors), fit.root_seed, whole)
    parts = run_in_batches(
        task,
        model.points(scores),
        outcomes,
        first=FIRST + APART * number,
        batch=abc.BATCH,
        executor=executor,
        more=days_of,
    )
    return np.concatenate(list(parts))


def bank_of(theories: Sequence[Theory], worlds: Sequence[Floats], n: int) -> Bank:
    """Return the first n worlds of each theory that are like the record.

    One tolerance for all, the smallest at which every theory has as many.
    """
    fit = theories[0].fit
    targets = targets_for(fit.scenario, fit.until)
    wanted = () if fit.calibration is None else fit.calibration.targets
    fitted = {target.name for target in fitted_targets(targets, wanted)}
    is_fitted = np.array([target.name in fitted for target in targets])
    observed = np.array([target.value for target in targets])
    width = len(targets)
    finished = [one[~np.isnan(one[:, width:]).any(axis=1)] for one in worlds]
    spread = abc.spread_of(
        np.concatenate(finished)[:, :width][:, is_fitted], observed[is_fitted]
    )
    distances = [
        abc.distances_of(one[:, :width][:, is_fitted], observed[is_fitted], spread)
        for one in finished
    ]
    tolerance = max(float(np.partition(far, n - 1)[n - 1]) for far in distances)
    near = [far <= tolerance for far in distances]
    nearest = np.stack([one[at][:n] for one, at in zip(finished, near, strict=True)])
    own = days_of(record_rows(fit.scenario, fit.until))
    prior = prior_about(max(int(np.isfinite(own).sum()), 1) / fit.until)
    dates = [
        [dates_of(row, fit.until, prior) for row in one]
        for one in nearest[:, :, width:]
    ]
    return Bank(
        summaries=nearest[:, :, :width],
        dates=np.array(dates),
        like_ours=np.array(
            [at.sum() / len(one) for at, one in zip(near, worlds, strict=True)]
        ),
        tolerance=tolerance,
        observed=observed,
        observed_dates=dates_of(own, fit.until, prior),
    )


@dataclass(frozen=True, eq=False)
class Named:
    """How often theories are named, and what the record itself names."""

    by_windows: dict[int, Floats]
    """Share of the synthetic histories of each theory whose theory comes first, by the
    number of windows; shape (theories,)."""
    by_dates: dict[int, Floats]
    """The same from the dates alone, among the three laws; nan where a theory is near
    to none."""
    n_histories: int
    """Behind each share."""
    taken_for: Floats
    """Share of single windows of a theory (row) that are taken for another (column),
    shape (theories, theories)."""
    longer: dict[int, Floats]
    """As `by_windows`, of histories put together from the same windows."""
    record: Floats
    """Probability of each theory given the record's statistics, were all alike likely
    before; shape (theories,)."""
    record_dates: Floats
    """Exact log Bayes factors against a constant rate, of campaigns and excitement."""
    penalty: float

    def enough(self, theory: int) -> int | None:
        """Return the windows that name a theory often enough; None if none tried do."""
        for n, shares in sorted(self.longer.items()):
            if shares[theory] >= ENOUGH:
                return n
        return None

    @property
    def is_named(self) -> bool:
        """Whether the record names a theory."""
        return float(self.record.max()) >= SURE


def name_worlds(
    bank: Bank,
    theories: Sequence[Theory],
    *,
    histories: int,
    windows: Sequence[int],
    root_seed: int,
) -> Named:
    """Learn from a bank, and name the theories of histories left out of it.

    The last ``histories * max(windows)`` worlds of each theory are histories; the
    others are learned from.
    """
    n_theories, n_worlds = len(theories), int(bank.summaries.shape[1])
    n_test = histories * max(windows)
    n_learn = n_worlds - n_test
    features = np.concatenate((bank.summaries, _shares(bank.dates)), axis=2)
    models = np.arange(n_theories * n_learn) % n_theories
    learn = np.swapaxes(features[:, :n_learn], 0, 1).reshape(-1, features.shape[2])
    naming = learned(learn, models)
    tested = np.stack(
        [log_probabilities(naming, features[k, n_learn:]) for k in range(n_theories)]
    )
    own = np.concatenate((bank.observed, _shares(bank.observed_dates)))
    record = np.exp(log_probabilities(naming, own[None, :])[0]) * bank.like_ours
    random = generator(root_seed, "rivals", "histories")
    places = random.integers(0, n_test, size=(HISTORIES, max(LONGEST)))
    firsts = tested.argmax(axis=2)
    return Named(
        by_windows={k: _named(_histories(tested, histories, k)) for k in windows},
        by_dates={
            k: _named_by_dates(bank.dates[:, n_learn:], theories, histories, k)
            for k in windows
        },
        n_histories=histories,
        taken_for=np.stack(
            [(firsts == other).mean(axis=1) for other in range(n_theories)], axis=1
        ),
        longer={k: _named(tested[:, places[:, :k]].sum(axis=2)) for k in LONGEST},
        record=record / record.sum(),
        record_dates=_shares(bank.observed_dates),
        penalty=naming.penalty,
    )


def _shares(dates: Floats) -> Floats:
    """Return the log Bayes factors of campaigns and of excitement, last axis 2."""
    flat = dates.reshape(-1, dates.shape[-1])
    laws = np.array([evidence([judged_of(row)]) for row in flat])
    return (laws[:, 1:] - laws[:, :1]).reshape(*dates.shape[:-1], 2)


def _histories(logs: Floats, n: int, k: int) -> Floats:
    """Add up the logs of k windows of each of n histories."""
    n_theories, n_test, width = logs.shape
    each = n_test // n
    cut = logs[:, : n * each].reshape(n_theories, n, each, width)
    return cut[:, :, :k].sum(axis=2)


def _named(logs: Floats) -> Floats:
    """Return the share of histories whose own theory comes first."""
    return (logs.argmax(axis=-1) == np.arange(len(logs))[:, None]).mean(axis=1)


def _named_by_dates(
    dates: Floats, theories: Sequence[Theory], n: int, k: int
) -> Floats:
    """Return the same from dates alone, for theories that are near to a law."""
    shares = np.full(len(theories), np.nan)
    each = dates.shape[1] // n
    for place, theory in enumerate(theories):
        if theory.structure.rhythm not in LAWS:
            continue
        law = LAWS.index(theory.structure.rhythm)
        rows = dates[place, : n * each].reshape(n, each, -1)[:, :k]
        firsts = [
            int(np.argmax(evidence([judged_of(row) for row in history])))
            for history in rows
        ]
        shares[place] = np.mean([first == law for first in firsts])
    return shares
