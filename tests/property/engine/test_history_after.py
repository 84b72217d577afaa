"""What goes on beside a record put in, and what follows when it ends."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from sim.draws import child, name_word
from sim.engine.cast import WORD_INCIDENT, Cast, row_identity
from sim.engine.log import Origin
from sim.engine.replication import Replication
from sim.engine.run import run_replication, simulate
from sim.ladder import Act, name_of
from sim.outcomes import outcomes_of
from sim.outcomes.table import TRUE
from sim.scenario.history import UNKNOWN, with_history
from tests.property.engine.record_rows import recorded, shipped, told_rows

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200706
RECORDED: Final = "iraq_2019_2020"
DAY: Final = date(2020, 3, 1)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return the recorded scenario that is free from one day on."""
    return with_history(shipped(RECORDED), DAY)


@pytest.fixture(scope="module")
def logs(scenario: Scenario) -> list[IncidentLog]:
    """Return its first logs, to two weeks after the day."""
    cast = Cast(scenario)
    return [
        run_replication(cast, ROOT_SEED, number, cast.since + 14.0)
        for number in range(60)
    ]


def test_private_acts_go_on_before_the_day(logs: list[IncidentLog]) -> None:
    """What the press does not see is simulated from the start: inquiries, orders."""
    acts = Counter(
        name_of(r.act)
        for log in logs
        for r in log.incidents()
        if r.time < log.since and r.origin == Origin.SIMULATED
    )
    assert acts["investigation"] > 0
    assert acts["directive_press"] + acts["directive_hold"] > 0
    assert acts["rocket_attack"] == 0


def test_what_is_under_way_on_the_day_may_end_after_it(scenario: Scenario) -> None:
    """Some attacks that end after the day were in preparation on it; none ends before.

    What was begun and would have ended before the day never was begun at all.
    """
    cast, n_done = Cast(scenario), 0
    for number in range(40):
        started = Replication(cast, ROOT_SEED, number, cast.since)
        simulate(started)
        attacks = [
            other
            for running in started.running
            for other in running
            if other.operation.act == Act.ROCKET_ATTACK
        ]
        log = run_replication(cast, ROOT_SEED, number, cast.since + 60.0)
        ends = {r.identity: r.time for r in log.incidents()}
        for other in attacks:
            done = child(other.identity, WORD_INCIDENT, name_word("ROCKET_ATTACK"), 0)
            assert ends.get(done, cast.since) >= cast.since
            n_done += done in ends
    assert n_done > 0


def test_outcomes_count_what_is_simulated_after_the_day(
    scenario: Scenario, logs: list[IncidentLog]
) -> None:
    """No incident of the record, and none before the day, is counted as a result."""
    n_simulated = 0
    for log in logs:
        counts = outcomes_of(log, scenario)
        attacks = [
            r
            for r in log.incidents()
            if r.act == Act.ROCKET_ATTACK
            and r.origin == Origin.SIMULATED
            and r.time >= log.since
        ]
        assert counts["n_rocket_attacks" + TRUE] == len(attacks)
        n_simulated += len(attacks)
    assert n_simulated > 0
    assert len(recorded(logs[0])) > n_simulated / len(logs)


def test_an_unknown_perpetrator_is_drawn_anew_in_each_replication(
    logs: list[IncidentLog],
) -> None:
    """The same row has several authors over replications; a known one has but one."""
    authors: dict[int, set[int]] = {}
    for log in logs:
        for r in recorded(log):
            authors.setdefault(r.identity, set()).add(r.actor)
    rows = {row_identity(row["id"]): row for row in told_rows(shipped(RECORDED), DAY)}
    drawn = [
        who
        for identity, who in authors.items()
        if rows[identity]["actor"] == UNKNOWN
        and rows[identity]["act"] == "rocket_attack"
    ]
    assert sum(len(who) > 1 for who in drawn) > len(drawn) / 2
    assert all(
        len(who) == 1
        for identity, who in authors.items()
        if rows[identity]["actor"] != UNKNOWN
    )


def test_where_no_hazard_speaks_the_draw_is_even() -> None:
    """Militias that would never attack are drawn alike, whichever comes first."""
    bare = shipped(RECORDED)
    actors = tuple(
        replace(a, params=a.params._replace(base_rate=0.0))
        if a.kind.name == "militia"
        else a
        for a in bare.actors
    )
    chosen = with_history(replace(bare, actors=actors), date(2019, 12, 1))
    cast = Cast(chosen)
    who = Counter(
        r.actor
        for number in range(120)
        for r in recorded(run_replication(cast, ROOT_SEED, number, cast.since))
        if r.act == Act.ROCKET_ATTACK
    )
    n, total = len(who), sum(who.values())
    assert n == sum(a.kind.name == "militia" for a in bare.actors)
    spread = 4.0 * math.sqrt(total * (1 - 1 / n) / n)
    assert all(abs(count - total / n) < spread for count in who.values())
