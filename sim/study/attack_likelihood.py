r"""The likelihood of a record's dated attacks, as a function of the attackers' numbers.

The record is put in to its end, so what every actor remembers at any moment is known,
up to what the record does not tell. Then a militia's hazard :math:`h_m(s)` is a known
function of its numbers, attacks that it starts are a Poisson process, and the reported
launches of a day are one too, with mean

.. math:: \mu_d = \sum_m \int_d \frac{w_m(t)}{w_m(s)}\, h_m(s)\, (1 - b_m(s))\,
          f_m(t - s)\, \rho\, (1 - q_m(t))\, ds\, dt

with the density f of the time from start to launch, the weight w of the sites that are
occupied, the share b of starts that finds as many under way as may be, the probability
q that forces which notice the launch team come in time, and the share :math:`\rho` that
is reported. Some launches are joined by a second one (doubles), and each strike is
answered, or not, by each militia once (single chances, not Poisson). The probability of
all daily counts follows (`sim.study.count_likelihood`), and is averaged over R
replications of the record.

Why it is the likelihood of the free model too
    The model writes a history from left to right: at each moment, what happens next
    depends on what has happened. So the probability of a history is a product over
    moments of conditional ones, and those of the attacks, given all before them, are
    the same functions of the same numbers whether the past was simulated or is the
    record. What is left out are the factors of the other acts (a partial likelihood:
    Cox 1975); they hold none of these numbers but through what is drawn.

What is exact
    Displacement, reporting, joining and answers; sites that are left; hazards along the
    path of every memory, up to the width of the grid's cells.

What is an approximation
    - Drawn along with the record, for each of R replications: who did what nobody has
      established, news and its delay, the sponsor's private orders and deliveries, what
      the government knows. The likelihood is the mean over them, so its logarithm has a
      Monte Carlo error, which is told. They are drawn with the numbers of the scenario
      and held fixed while the numbers move; a second round draws them at the maximum.
    - The limit on attacks under way makes starts depend on the unseen: the share b is
      Erlang's at the load of the moment; counts are a little more even than Poisson.
    - The two launches of a double fall on one day.
    - Raids that break off attacks in preparation are left out, and so is what
      unreported attacks do to memories.
    - Where launches are checked, arms are those of the record's replication.

Numbers that move memories (how long tension lasts, what a strike adds) need the record
to be played again for each value and are refused; a fit by simulation takes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.cast import Cast
from sim.engine.run import run_replication
from sim.scenario.numbers import with_numbers
from sim.study.attack_answers import Answers
from sim.study.attack_rates import gathered, operations_by_day
from sim.study.count_likelihood import CountLikelihood
from sim.study.witness import Grid, on_record, witness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.engine.log import IncidentLog
    from sim.ladder import Act
    from sim.scenario.scenario import Recorded, Scenario
    from sim.study.witness import Witness

Floats = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]


class Detail(NamedTuple):
    """How finely the likelihood is worked out."""

    replications: int = 30
    """Of the record, that it is averaged over, >= 1."""
    per_day: int = 2
    """Cells of the grid in a day."""
    edges: tuple[int, ...] = ()
    """First days of the bins whose counts are compared, the first of them 0; every day
    is one unless given. Wider bins ask for dates less exactly."""


class AttackLikelihood:
    """The log likelihood of daily counts of one act.

    Parameters
    ----------
    scenario
        Simulated from its start, without history.
    act
        The dated act.
    counts
        How often it was reported on each day, from day 0 on.
    rows
        The record that is put in; the scenario's own unless given.
    root_seed
        What the replications of the record hang on.
    detail
        How finely it is worked out.
    at
        Numbers by path with which what the record does not tell is drawn.
    """

    def __init__(
        self,
        scenario: Scenario,
        act: Act,
        counts: Sequence[int] | Whole,
        *,
        rows: Sequence[Recorded] | None = None,
        root_seed: int = 1,
        detail: Detail | None = None,
        at: Mapping[str, float] | None = None,
    ) -> None:
        detail = detail or Detail()
        self.act, self.counts = act, np.asarray(counts, np.int64)
        self.grid = Grid(len(self.counts), detail.per_day)
        self.scenario = on_record(scenario, rows)
        drawn = Cast(with_numbers(self.scenario, at or {}))
        self.logs: list[IncidentLog] = [
            run_replication(drawn, root_seed, number, float(self.grid.days))
            for number in range(detail.replications)
        ]
        self.witnesses: list[Witness] = [
            witness(drawn, log, act, self.grid) for log in self.logs
        ]
        self._watched = gathered(drawn, act, self.witnesses)
        every = [seen.answers for seen in self.witnesses]
        self._answers = Answers(act, every, self.grid)
        self._edges = np.array(detail.edges or range(self.grid.days))
        self._counted: tuple[Floats, CountLikelihood] | None = None

    def of_each(self, values: Mapping[str, float]) -> Floats:
        """Return the log likelihood in each replication of the record.

        Parameters
        ----------
        values
            Numbers by path, canonical unit.
        """
        single, double, chances = self._rates(values)
        if self._counted is None or self._counted[0] is not chances:
            counts, by_bin = self._binned(self.counts), self._binned(chances)
            self._counted = (chances, CountLikelihood(counts, by_bin))
        return self._counted[1](self._binned(single), self._binned(double))

    def __call__(self, values: Mapping[str, float]) -> float:
        """Return the log likelihood, the mean taken over likelihoods."""
        from scipy.special import logsumexp

        found = self.of_each(values)
        total: Any = logsumexp(found)
        return float(total) - float(np.log(len(found)))

    def monte_carlo_error(self, values: Mapping[str, float]) -> float:
        """Return the standard error of the log likelihood, of R replications."""
        found = self.of_each(values)
        if len(found) < 2:
            return float("nan")
        shares = np.exp(found - found.max())
        return float(shares.std(ddof=1) / shares.mean() / np.sqrt(len(shares)))

    def expected(self, values: Mapping[str, float]) -> Floats:
        """Return the expected count of each day, given the record before it.

        The mean over replications, each as likely as it makes the counts.
        """
        single, double, chances = self._rates(values)
        found = self.of_each(values)
        shares = np.exp(found - found.max())
        by_day = single + 2.0 * double + chances.sum(axis=1)
        return shares @ by_day / shares.sum()

    def why_not(self, values: Mapping[str, float]) -> str:
        """Return why the likelihood cannot follow some numbers; empty if it can.

        One replication is replayed with them: nothing that is known may change.
        """
        cast = Cast(with_numbers(self.scenario, values))
        moved = witness(cast, self.logs[0], self.act, self.grid)
        held = self.witnesses[0]
        if moved.views != held.views or moved.answers != held.answers:
            return "moves what is remembered, so the record has to be played anew"
        if not all(
            np.array_equal(a, b) for a, b in zip(moved[1:5], held[1:5], strict=True)
        ):
            return "moves where attacks can go or who stops them"
        before, after = self._rates({}), self._rates(values)
        if all(np.array_equal(a, b) for a, b in zip(before, after, strict=True)):
            return "moves nothing in the dates of these attacks"
        return ""

    def _binned(self, by_day: Any) -> Any:
        return np.add.reduceat(by_day, self._edges, axis=-1)

    def _rates(self, values: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
        """Return the expected single and double operations, and answers' chances."""
        cast = Cast(with_numbers(self.scenario, values))
        by_day = operations_by_day(cast, self.act, self._watched, self.grid)
        return *by_day, self._answers.chances(cast)
