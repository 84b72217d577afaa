"""What a mechanism does to whole worlds: gone when off, sure when fully on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from sim.engine.log import IncidentLog, Origin, RecordType
from sim.ladder import Act, name_of
from sim.rules.sponsor.orders import VISIT_DAYS
from sim.rules.sponsor.state import STANCE_DAYS
from tests.property.engine.invariants import faults_in
from tests.property.engine.worlds import logs_of

if TYPE_CHECKING:
    from sim.engine.log import Record


def deeds(logs: list[IncidentLog]) -> set[tuple[str, str]]:
    """Return who did what: kinds of actor by name, militias as one."""
    others = ("iraq", "iran", "united_states")
    return {
        (name if (name := log.actor_name(r.actor)) in others else "militia",
         name_of(r.act))
        for log in logs
        for r in log.incidents()
    }  # fmt: skip


M, HOST, SPONSOR, POWER = "militia", "iraq", "iran", "united_states"
DENIED: Final[list[tuple[str, str, str]]] = [
    ("militia.base_rate", M, "convoy_bomb"),
    ("militia.defiance_share", M, "threat"),
    ("militia.announce_share", M, "campaign"),
    ("militia.announce_share", M, "suspension"),
    ("militia.defiance_share", M, "ultimatum"),
    ("militia.defiance_share", M, "admission"),
    ("militia.storming_deaths", M, "embassy_storming"),
    ("militia.claim_share", M, "claim"),
    ("militia.denial_share", M, "denial"),
    ("militia.defiance_share", M, "show_of_force"),
    ("militia.defiance_share", M, "defiance"),
    ("militia.obedience", M, "compliance"),
    ("host.restriction_rate", HOST, "permit_rule"),
    ("host.breach_tolerance", HOST, "demand_to_leave"),
    ("host.breach_tolerance", HOST, "expulsion_vote"),
    ("host.breach_tolerance", HOST, "accusation"),
    ("host.investigation_rate", HOST, "investigation"),
    ("host.raid_rate", HOST, "arrest"),
    ("host.arrests_mean", HOST, "release"),
    ("host.seizure_share+host.find_share", HOST, "seizure"),
    ("host.detection_share+host.raid_rate", HOST, "thwarted_attack"),
    ("sponsor.visit_rate", SPONSOR, "visit"),
    ("sponsor.loss_tolerance", SPONSOR, "threat"),
    ("sponsor.loss_tolerance", SPONSOR, "direct_strike"),
    ("sponsor.truce_share+sponsor.truce_rate", SPONSOR, "truce"),
    ("sponsor.truce_share+sponsor.truce_rate", SPONSOR, "truce_end"),
    ("foreign.storming_weight+foreign.direct_weight", POWER, "leader_killing"),
    ("foreign.tolerance", POWER, "mobilisation"),
    ("foreign.tolerance", POWER, "accusation"),
    ("foreign.tolerance", POWER, "sanction"),
    ("foreign.tolerance", POWER, "direct_strike"),
    ("foreign.support_rate", POWER, "support"),
    ("foreign.talks_rate", POWER, "talks"),
    ("foreign.handover_rate", POWER, "base_handover"),
    ("foreign.evacuation_threat_rate", POWER, "evacuation_threat"),
    ("foreign.demand_rate", POWER, "demand"),
    ("foreign.tolerance", POWER, "air_strike"),
]
"""Parameters that are off together, and whose act is then denied to whom."""

NEVER: Final = {
    "militia.storming_deaths": 100000.0,
    "host.breach_tolerance": 1000.0,
    "sponsor.loss_tolerance": 10000.0,
    "foreign.tolerance": 1000.0,
}
"""Where off is not 0: a tolerance that nothing in so short a world exceeds."""


def test_with_every_mechanism_on_each_act_happens() -> None:
    """Each act denied below happens where nothing is; all invariants hold."""
    cast, logs = logs_of()
    assert {(who, act) for _, who, act in DENIED} <= deeds(logs)
    assert [fault for log in logs[:3] for fault in faults_in(cast, log)] == []


@pytest.mark.parametrize(
    ("off", "who", "act"), DENIED, ids=[f"{d[0]}-{d[2]}" for d in DENIED]
)
def test_switched_off_an_act_never_happens(off: str, who: str, act: str) -> None:
    """A mechanism at 0 takes its act out of the world, for its actor."""
    turned = tuple((path, NEVER.get(path, 0.0)) for path in off.split("+"))
    _, logs = logs_of(turned, 2)
    assert (who, act) not in deeds(logs)


# Switched fully on.


def in_order(log: IncidentLog) -> dict[int, Record]:
    """Return a log's records by identity."""
    return {record.identity: record for record in log.records}


def test_a_second_team_launches_elsewhere_at_the_same_time() -> None:
    """Fully coordinated, an attack in place is joined by one at another site.

    The second team sets out within a quarter of an hour; either may be thwarted alone.
    """
    cast, logs = logs_of((("militia.coordination_share", 1.0),))
    code = [operation.name for operation in cast.operations]
    second, first = code.index("second_launch"), code.index("attack")
    n_joined = n_apart = 0
    for log in logs:
        known = in_order(log)
        thwarted: dict[int, set[int]] = {}
        for r in log.records:
            if r.operation == second and r.record_type == RecordType.STAGE:
                if r.stage == 0:
                    before = known[r.cause]
                    assert before.operation == first
                    assert before.site != r.site
                    assert 0.0 < r.time - before.time < 0.05
                    n_joined += 1
            elif r.act == Act.THWARTED_ATTACK and r.record_type == RecordType.INCIDENT:
                thwarted.setdefault(r.cause, set()).add(r.operation)
        n_apart += sum(len(codes) == 1 for codes in thwarted.values())
    assert n_joined > 20
    assert n_apart > 5


def test_an_emptied_site_is_attacked_no_more() -> None:
    """After the last base is handed over there is no simulated attack anywhere."""
    cast, logs = logs_of((("foreign.handover_rate", 0.3),))
    n_emptied = 0
    for log in logs:
        left = [r for r in log.incidents() if r.act == Act.BASE_HANDOVER]
        assert len({r.site for r in left}) == len(left)
        for gone in left:
            assert not any(
                r.site == gone.site
                and r.time > gone.time
                and r.act == Act.ROCKET_ATTACK
                for r in log.incidents()
            )
        n_emptied += len(left) == len(cast.sites)
    assert n_emptied > 3


def test_each_visit_brings_an_order_to_each_client() -> None:
    """A visit is the cause of one order to each militia that is in no truce.

    But where another order to it stands by then, or an opposite one to another.
    """
    _, logs = logs_of((("sponsor.truce_share", 0.0), ("sponsor.truce_rate", 0.0)))
    orders = (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD)
    n_visits = n_whole = 0
    for log in logs:
        for visit in (r for r in log.incidents() if r.act == Act.VISIT):
            if visit.time < log.horizon - VISIT_DAYS:
                told = [r for r in log.incidents() if r.cause == visit.identity]
                targets = [r.target for r in told]
                assert len(set(targets)) == len(targets)
                assert all(r.act in orders for r in told)
                others = [
                    r
                    for r in log.incidents()
                    if r.act in orders
                    and r.cause != visit.identity
                    and -STANCE_DAYS < r.time - visit.time < VISIT_DAYS
                ]
                n_visits += 1
                n_whole += len(targets) == 3
                assert len(targets) == 3 or others
    assert n_visits > 1
    assert n_whole > 1


def test_nothing_is_simulated_from_outside() -> None:
    """In a world without developments every incident is simulated."""
    _, logs = logs_of()
    assert {r.origin for log in logs for r in log.incidents()} == {Origin.SIMULATED}
