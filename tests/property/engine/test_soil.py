"""More than one host: each hears of what happens on its own soil, and acts there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from sim.engine.cast import Cast
from sim.engine.choice import driver_for, has_numba
from sim.engine.log import RecordType
from sim.engine.run import run_replication
from sim.ladder import Act
from sim.rules import host_government
from sim.scenario.scenario import Actor
from tests.builders import hot

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200622
SYRIA: Final = ("balad", "airport")
"""Sites on the second host's soil; the others are on the first's."""
ATTACKED: Final = (Act.ROCKET_ATTACK, Act.THWARTED_ATTACK)


def two_hosts(*, is_shared: bool = True, **own: float) -> Scenario:
    """Return the hot scenario on the soil of two hosts.

    One militia acts on either's soil and is policed by both where `is_shared`; the
    second host alone polices another.
    """
    one = hot(host_params={"raid_rate": 1.0, "will": 2.0, "detection_share": 0.5})
    params = host_government.KIND.params(
        raid_rate=1.0, will=2.0, detection_share=0.5, breach_tolerance=0.5, **own
    )
    policed = ("asaib", "kataib") if is_shared else ("asaib",)
    second = Actor(
        "syria",
        "Syria",
        host_government.KIND,
        params,
        roles={"policed": policed, "suspects": policed},
    )
    actors = []
    for actor in one.actors:
        roles = dict(actor.roles)
        if actor.name == "iraq":
            roles |= {"policed": ("kataib", "usbat"), "suspects": ("kataib", "usbat")}
        if actor.name == "united_states":
            roles["hosts"] = ("iraq", "syria")
        reach = {"balad": 1.0, "airport": 1.0} if actor.name == "asaib" else actor.reach
        if actor.name == "kataib":
            reach = {**actor.reach, "balad": 2.0}
        actors.append(replace(actor, roles=roles, reach=reach))
    sites = tuple(
        replace(site, soil="syria" if site.name in SYRIA else "iraq")
        for site in one.sites
    )
    return replace(one, actors=(*actors, second), sites=sites)


def logs_of(scenario: Scenario, n: int = 6) -> list[IncidentLog]:
    """Return some logs of a scenario."""
    cast = Cast(scenario)
    return [run_replication(cast, ROOT_SEED, number) for number in range(n)]


def test_a_host_hears_of_attacks_on_its_own_soil_alone() -> None:
    """Every attack that a host perceives is on a site of its own; it hears of all."""
    scenario = two_hosts()
    cast = Cast(scenario)
    for log in logs_of(scenario):
        heard = {"iraq": 0, "syria": 0}
        for record in log.records:
            is_attack = record.act == Act.ROCKET_ATTACK and record.site >= 0
            if record.record_type == RecordType.PERCEPTION and is_attack:
                name = cast.names[record.actor]
                if name in heard:
                    assert scenario.sites[record.site].soil == name
                    heard[name] += 1
        assert all(n > 3 for n in heard.values())


def test_where_no_site_has_a_soil_every_host_hears_of_all() -> None:
    """The planted fault: without soils the check above would fail."""
    scenario = two_hosts()
    bare = tuple(replace(site, soil="") for site in scenario.sites)
    scenario = replace(scenario, sites=bare)
    cast = Cast(scenario)
    heard = {
        (cast.names[record.actor], scenario.sites[record.site].name in SYRIA)
        for log in logs_of(scenario, 2)
        for record in log.records
        if record.record_type == RecordType.PERCEPTION
        if record.act == Act.ROCKET_ATTACK and record.site >= 0
    }
    assert {("iraq", True), ("syria", False)} <= heard


def test_what_a_host_stops_was_on_its_soil() -> None:
    """Neither patrols nor raids of a host reach an attack on the other's soil."""
    scenario = two_hosts()
    stopped = [
        (log.actor_name(r.actor), scenario.sites[r.site].soil)
        for log in logs_of(scenario)
        for r in log.incidents()
        if r.act == Act.THWARTED_ATTACK and r.site >= 0
    ]
    assert {by for by, _ in stopped} == {"iraq", "syria"}
    assert all(by == soil for by, soil in stopped)


def test_a_host_protests_of_strikes_on_whom_it_polices() -> None:
    """The second host is silent on strikes at whom the first alone polices."""
    scenario = two_hosts()
    accused = [
        (log.actor_name(r.actor), log.actor_name(cause.target))
        for log in logs_of(scenario)
        for by_id in [{one.identity: one for one in log.records}]
        for r in log.incidents()
        if r.act == Act.ACCUSATION and r.cause in by_id
        for cause in [by_id[r.cause]]
        if log.actor_name(r.actor) in ("iraq", "syria")
    ]
    assert ("syria", "usbat") not in accused
    assert ("iraq", "asaib") not in accused
    assert {"iraq", "syria"} <= {by for by, _ in accused}


def test_a_base_is_handed_to_the_host_on_whose_soil_it_is() -> None:
    """No base is handed over to the other host."""
    one = two_hosts()
    actors = tuple(
        replace(
            a,
            params=a.params._replace(handover_rate=0.05),
            reach=dict.fromkeys((s.name for s in one.sites), 1.0),
        )
        if a.name == "united_states"
        else a
        for a in one.actors
    )
    scenario = replace(one, actors=actors)
    handed = [
        (log.actor_name(r.target), scenario.sites[r.site].soil)
        for log in logs_of(scenario)
        for r in log.incidents()
        if r.act == Act.BASE_HANDOVER
    ]
    assert {to for to, _ in handed} == {"iraq", "syria"}
    assert all(to == soil for to, soil in handed)


@pytest.mark.numba
@pytest.mark.skipif(not has_numba(), reason="numba is not installed")
def test_both_drivers_agree_on_two_hosts() -> None:
    """The compiled driver has the same logs, in every bit."""
    cast = Cast(two_hosts())
    simpy, compiled = driver_for(cast, "simpy"), driver_for(cast, "compiled")
    for number in range(12):
        assert simpy.log(ROOT_SEED, number) == compiled.log(ROOT_SEED, number)
