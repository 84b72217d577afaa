"""Outcomes as one reads them off one log, record by record: the plain oracle.

Slow and simple on purpose; `sim.outcomes` does the same for a chunk in columns.
"""

from __future__ import annotations

import itertools
from math import nan, sqrt
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING

from sim.engine.log import IncidentLog, Origin, Record, RecordType
from sim.ladder import ACTS, RUNGS, Act, Visibility
from sim.outcomes.table import (
    COUNTED,
    LARGE_SALVO,
    MONTH_DAYS,
    PUSHBACK_DAYS,
    SIDES,
    TRUE,
    time_names,
)
from sim.rules.behaviour import Side
from tests.oracles.answers import (
    mean,
    misattributed_share,
    raid_answers,
    rate_change,
    strike_answers,
)
from tests.oracles.halves import halves
from tests.oracles.rungs import days_at_rungs, exchange_time, path_of
from tests.oracles.standing import pushback_times, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.scenario import Scenario

_PRIVATE = tuple(row.visibility == Visibility.PRIVATE for row in ACTS)
_KILLED = attrgetter(*(f"killed_{side}" for side in SIDES))
_WOUNDED = attrgetter(*(f"wounded_{side}" for side in SIDES))
_PRIVATE_COUNTS = tuple(name for act, name in COUNTED.items() if _PRIVATE[act])

STRIKES = (Act.AIR_STRIKE, Act.LEADER_KILLING, Act.MILITIA_LEADER_KILLING)
"""Acts by which a foreign power strikes on the host's soil."""


def outcomes_of(log: IncidentLog, scenario: Scenario) -> dict[str, float]:
    """Return every outcome of one replication.

    Parameters
    ----------
    log
        The log of the replication.
    scenario
        The scenario that it was run from: windows of rungs and war, sites.

    Returns
    -------
    dict of str to float
        One value for each name in ``outcomes_for(scenario)``; nan where the outcome is
        not defined in this replication.
    """
    happened: list[Record] = []
    reported: list[Record] = []
    for record, report in zip(log.records, log.reports, strict=True):
        if (
            record.record_type != RecordType.INCIDENT
            or record.origin != Origin.SIMULATED
        ):
            continue
        if record.time < log.since:
            continue
        if log.since > 0.0:
            record = record._replace(time=record.time - log.since)  # noqa: PLW2901
        happened.append(record)
        if report.is_reported and not _PRIVATE[record.act]:
            if report.actor != record.actor:
                record = record._replace(actor=report.actor)  # noqa: PLW2901
            reported.append(record)
    values = _measured(reported, log, scenario)
    for name in _PRIVATE_COUNTS:
        del values[name]
    for name, value in _measured(happened, log, scenario).items():
        values[name + TRUE] = value
    values["share_orders_obeyed" + TRUE] = _obeyed(happened)
    for name, value in standing(log, scenario).items():
        values[name + TRUE] = value
    strikes = [r for r in happened if r.act in STRIKES]
    militias = [n for n, a in enumerate(scenario.actors) if a.kind.name == "militia"]
    share = misattributed_share(log, strikes, militias)
    values["share_strikes_misattributed" + TRUE] = share
    return values


def _measured(
    incidents: Sequence[Record], log: IncidentLog, scenario: Scenario
) -> dict[str, float]:
    """Measure a list of incidents in order of time."""
    by_act: list[list[Record]] = [[] for _ in ACTS]
    for record in incidents:
        by_act[record.act].append(record)
    values = {name: float(len(by_act[act])) for act, name in COUNTED.items()}
    horizon = log.horizon - log.since
    attacks = by_act[Act.ROCKET_ATTACK]
    times = [record.time for record in attacks]
    strikes = _times_of(by_act, *STRIKES)
    n_tries = len(attacks) + len(by_act[Act.THWARTED_ATTACK])
    values["n_strikes"] = float(len(strikes))
    for name, act in (("arrested", Act.ARREST), ("released", Act.RELEASE)):
        persons = sum(record.effect.persons for record in by_act[act])
        values[f"n_persons_{name}"] = float(persons)
    values["share_thwarted"] = (
        len(by_act[Act.THWARTED_ATTACK]) / n_tries if n_tries else nan
    )
    deadly = _count_harm(values, incidents, attacks)
    _count_sites(values, attacks, log)
    values.update(_rhythm(times, horizon))
    values.update(_salvoes([r.effect.rounds for r in attacks]))
    wounding = [
        r.time
        for r in attacks
        if r.effect.wounded_foreign > 0.0 and not r.effect.killed_foreign > 0.0
    ]
    values.update(
        strike_answers(
            deadly, strikes, times, _protests(incidents, scenario), horizon, wounding
        )
    )
    raids = [record.time for record in by_act[Act.RAID]]
    values["attack_change_after_strikes"] = rate_change(strikes, times, horizon)
    values["attack_change_after_raids"] = rate_change(raids, times, horizon)
    values.update(halves(attacks, horizon))
    values.update(
        raid_answers(
            by_act[Act.RAID],
            by_act[Act.SHOW_OF_FORCE],
            by_act[Act.ARREST],
            by_act[Act.RELEASE],
            times,
        )
    )
    path = path_of(incidents, scenario.rung_window, horizon)
    values["peak_rung"] = float(max(rung for _, rung in path))
    days = days_at_rungs(path, horizon)
    for rung in RUNGS:
        values[f"days_at_rung_{rung}"] = days[rung]
    killings = [r.time for r in incidents if r.effect.killed_foreign > 0.0]
    direct = by_act[Act.DIRECT_STRIKE]
    pushback = pushback_times(incidents, log, scenario)
    _first(values, "first_pushback", pushback, horizon)
    for days in PUSHBACK_DAYS:
        within = bool(pushback) and pushback[0] <= days
        values[f"pushback_within_{days}_days"] = 1.0 if within else 0.0
    _first(values, "first_attack", times, horizon)
    _first(values, "first_strike", strikes, horizon)
    _first(values, "first_coalition_death", killings, horizon)
    _first(values, "first_raid", [r.time for r in by_act[Act.RAID]], horizon)
    _first(values, "first_direct_strike", [r.time for r in direct], horizon)
    name, happened = time_names("both_struck")
    values[name], values[happened] = exchange_time(direct, horizon, 2, horizon)
    name, happened = time_names("direct_exchange")
    values[name], values[happened] = exchange_time(
        direct, scenario.exchange_window, scenario.exchange_strikes, horizon
    )
    return values


def _protests(incidents: Sequence[Record], scenario: Scenario) -> list[float]:
    """Return when host governments protested against foreign powers."""
    sides = {n: actor.kind.side for n, actor in enumerate(scenario.actors)}
    acts = (Act.ACCUSATION, Act.PROTEST_NOTE, Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE)
    return [
        record.time
        for record in incidents
        if record.act in acts
        and sides.get(record.actor) == Side.HOST
        and sides.get(record.target) == Side.FOREIGN
    ]


def _times_of(by_act: Sequence[Sequence[Record]], *acts: Act) -> list[float]:
    """Return the rising times of the incidents of some acts."""
    return sorted(record.time for act in acts for record in by_act[act])


def _first(
    values: dict[str, float], stem: str, times: Sequence[float], horizon: float
) -> None:
    """Set the time to the first of some incidents, and whether there was one."""
    name, happened = time_names(stem)
    values[name] = times[0] if times else horizon
    values[happened] = 1.0 if times else 0.0


def _count_harm(
    values: dict[str, float], incidents: Sequence[Record], attacks: Sequence[Record]
) -> list[float]:
    """Count the dead and wounded; return when attacks killed foreigners."""
    killed, wounded = [0.0] * 5, [0.0] * 5
    for record in incidents:
        effect = record.effect
        if any(effect[3:13]):
            killed = [a + b for a, b in zip(killed, _KILLED(effect), strict=True)]
            wounded = [a + b for a, b in zip(wounded, _WOUNDED(effect), strict=True)]
    for side, dead, hurt in zip(SIDES, killed, wounded, strict=True):
        values[f"n_killed_{side}"] = dead
        values[f"n_wounded_{side}"] = hurt
    n_casualties = n_deaths = n_coalition = n_host = n_civilians = 0
    n_foreign = n_wounded = n_rounds = 0.0
    deadly: list[float] = []
    for attack in attacks:
        effect = attack.effect
        dead, hurt = sum(_KILLED(effect)), sum(_WOUNDED(effect))
        n_foreign += effect.killed_foreign
        n_wounded += hurt
        n_rounds += effect.rounds
        n_casualties += dead + hurt > 0.0
        n_deaths += dead > 0.0
        n_coalition += effect.killed_foreign + effect.wounded_foreign > 0.0
        n_host += effect.killed_host + effect.wounded_host > 0.0
        n_civilians += effect.killed_civilian + effect.wounded_civilian > 0.0
        if effect.killed_foreign > 0.0:
            deadly.append(attack.time)
    values["n_coalition_deaths"] = n_foreign
    values["n_wounded_all"] = n_wounded
    values["n_rounds_fired"] = n_rounds
    for name, n in (
        ("attacks_with_casualties", n_casualties),
        ("attacks_with_deaths", n_deaths),
        ("attacks_harming_coalition", n_coalition),
        ("attacks_harming_host", n_host),
        ("attacks_harming_civilians", n_civilians),
    ):
        values[f"n_{name}"] = float(n)
        values[f"share_{name}"] = n / len(attacks) if attacks else nan
    return deadly


def _count_sites(
    values: dict[str, float], attacks: Sequence[Record], log: IncidentLog
) -> None:
    """Count the share of attacks on each site."""
    hits = [0] * (len(log.sites) + 1)
    for attack in attacks:
        hits[attack.site] += 1  # no site, -1, counts in the last place
    for number, site in enumerate(log.sites):
        share = hits[number] / len(attacks) if attacks else nan
        values.setdefault(f"share_{site}", share)


def _rhythm(times: Sequence[float], horizon: float) -> dict[str, float]:
    """Measure how often attacks come, and how evenly.

    The variances are those of a sample (n - 1 in the denominator).
    """
    n_weeks = int(horizon / 7.0)
    weeks = [0] * n_weeks
    for time in times:
        week = int(time / 7.0)
        if week < n_weeks:
            weeks[week] += 1
    gaps = [b - a for a, b in itertools.pairwise(times)]
    in_weeks = sum(weeks)
    return {
        "rocket_attacks_per_month": len(times) / horizon * MONTH_DAYS,
        "weekly_dispersion": (
            _variance(weeks) * n_weeks / in_weeks if in_weeks else nan
        ),
        "share_empty_weeks": weeks.count(0) / n_weeks if n_weeks else nan,
        "gap_cv": sqrt(_variance(gaps)) / mean(gaps) if len(gaps) > 1 else nan,
        "gap_median_days": median(gaps) if gaps else nan,
        "longest_gap_days": max(gaps) if gaps else nan,
    }


def _variance(values: Sequence[float]) -> float:
    """Return the sample variance; nan of fewer than two values."""
    n = len(values)
    if n < 2:
        return nan
    centre = sum(values) / n
    return sum((value - centre) ** 2 for value in values) / (n - 1)


def _salvoes(rounds: Sequence[float]) -> dict[str, float]:
    """Measure the salvoes of the attacks that fired any round."""
    fired = [n for n in rounds if n > 0.0]
    large = sum(n >= LARGE_SALVO for n in fired)
    return {
        "salvo_median": median(fired) if fired else nan,
        "salvo_mean": mean(fired),
        "salvo_max": max(fired) if fired else nan,
        "share_salvo_ge_10": large / len(fired) if fired else nan,
    }


def _obeyed(incidents: Sequence[Record]) -> float:
    """Return the share of answered orders that were obeyed."""
    obeyed = sum(record.act == Act.COMPLIANCE for record in incidents)
    ignored = sum(record.act == Act.DISOBEDIENCE for record in incidents)
    return obeyed / (obeyed + ignored) if obeyed + ignored else nan
