"""The host government as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Consequence,
    Kind,
    Operation,
    Option,
    Response,
    Role,
    Side,
    Stage,
    Toward,
)
from sim.rules.host_government.custody import (
    booking_delay,
    custody,
    detains,
    gives_way,
    protests,
    release_effect,
    statement_delay,
    yield_delay,
)
from sim.rules.host_government.enforcement import (
    detection,
    found_launcher,
    interdiction_effect,
    interdicts,
    investigation_ceiling,
    investigation_hazard,
    one_raid,
    planning,
    raid_ceiling,
    raid_effect,
    raid_hazard,
    reaction_delay,
    restriction_ceiling,
    restriction_hazard,
    searches,
)
from sim.rules.host_government.parameters import MECHANISMS
from sim.rules.host_government.state import (
    HostGovernmentMemory,
    HostGovernmentParams,
    evidence,
    news_delay,
    notice,
    starting,
    view,
)

RAID = Operation(
    "raid",
    Act.RAID,
    stages=(Stage("planning", planning),),
    effect=raid_effect,
    max_parallel=one_raid,
    consequences=(
        Consequence(Act.ARREST, persons=True),
        Consequence(Act.SEIZURE, launchers=True),
    ),
    breaks=Breaks.TARGETS,
)
INVESTIGATION = Operation("investigation", Act.INVESTIGATION)
INTERDICTION = Operation(
    "interdiction", Act.NONE, effect=interdiction_effect, breaks=Breaks.NOTICED
)
DETENTION = Operation(
    "detention",
    Act.RELEASE,
    stages=(Stage("custody", custody),),
    effect=release_effect,
    needs_amount=True,
    breakable_by=Breaks.OWN,
    broken_act=Act.RELEASE,
    broken_effect=release_effect,
)
GIVING_WAY = Operation("giving_way", Act.NONE, breaks=Breaks.OWN)
PERMIT_RULE = Operation("permit_rule", Act.PERMIT_RULE)
SEARCH = Operation("search", Act.SEIZURE, effect=found_launcher, needs_amount=True)
DEMAND_TO_LEAVE = Operation("demand_to_leave", Act.DEMAND_TO_LEAVE)
EXPULSION_VOTE = Operation("expulsion_vote", Act.EXPULSION_VOTE)
EXPULSION = Operation("expulsion", Act.EXPULSION)
ACCUSATION = Operation("accusation", Act.ACCUSATION)
KIND = Kind(
    name="host_government",
    side=Side.HOST,
    params=HostGovernmentParams,
    memory=HostGovernmentMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.ROCKET_ATTACK,
        Act.CONVOY_BOMB,
        Act.AIR_STRIKE,
        Act.MILITIA_LEADER_KILLING,
        Act.LEADER_KILLING,
        Act.DIRECT_STRIKE,
        Act.DEMAND,
        Act.SUPPORT,
        Act.THREAT,
        Act.ULTIMATUM,
        Act.SHOW_OF_FORCE,
        Act.DEFIANCE,
    ),
    heeds_own=(
        Act.INVESTIGATION,
        Act.RAID,
        Act.THWARTED_ATTACK,
        Act.ARREST,
        Act.PERMIT_RULE,
        Act.RULE_LIFTED,
    ),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("policed", "militias on its soil", ("militia",)),
        Role("restricted", "sponsors whose access it may curb", ("sponsor",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(
        Option(INVESTIGATION, "policed", investigation_hazard, investigation_ceiling),
        Option(RAID, "policed", raid_hazard, raid_ceiling),
        Option(PERMIT_RULE, "restricted", restriction_hazard, restriction_ceiling),
    ),
    responses=(
        Response(
            "interdict",
            (Act.ROCKET_ATTACK,),
            (INTERDICTION,),
            interdicts,
            reaction_delay,
            to_stage=True,
        ),
        Response(
            "search",
            (Act.ROCKET_ATTACK,),
            (SEARCH,),
            searches,
            reaction_delay,
        ),
        Response(
            "detain",
            (Act.ARREST,),
            (DETENTION,),
            detains,
            booking_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "answer_menace",
            (Act.SHOW_OF_FORCE,),
            (GIVING_WAY,),
            gives_way,
            yield_delay,
        ),
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING),
            (ACCUSATION, DEMAND_TO_LEAVE, EXPULSION_VOTE, EXPULSION),
            protests,
            statement_delay,
        ),
    ),
    suspects_role="suspects",
    watches_role="policed",
    mechanisms=MECHANISMS,
)
