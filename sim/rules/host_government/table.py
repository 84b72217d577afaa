"""The host government as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules import perceiving
from sim.rules.behaviour import (
    MEANS_ACTS,
    Breaks,
    Consequence,
    Kind,
    MeansUse,
    Operation,
    Option,
    Response,
    Role,
    Side,
    Stage,
    Toward,
    one_at_a_time,
)
from sim.rules.host_government import custody, enforcement, state
from sim.rules.host_government.parameters import MECHANISMS

RAID = Operation(
    "raid",
    Act.RAID,
    stages=(Stage("planning", enforcement.planning),),
    effect=enforcement.raid_effect,
    means=MeansUse.TARGETS,
    max_parallel=one_at_a_time,
    consequences=(
        Consequence(Act.ARREST, persons=True),
        Consequence(Act.SEIZURE, launchers=True),
    ),
    breaks=Breaks.TARGETS,
)
INVESTIGATION = Operation("investigation", Act.INVESTIGATION)
INTERDICTION = Operation(
    "interdiction",
    Act.NONE,
    effect=enforcement.interdiction_effect,
    breaks=Breaks.NOTICED,
)
DETENTION = Operation(
    "detention",
    Act.RELEASE,
    stages=(Stage("custody", custody.custody),),
    effect=custody.release_effect,
    needs_amount=True,
)
PERMIT_RULE = Operation("permit_rule", Act.PERMIT_RULE)
SEARCH = Operation(
    "search",
    Act.SEIZURE,
    effect=enforcement.found_launcher,
    means=MeansUse.TARGETS,
    needs_amount=True,
)
DEMAND_TO_LEAVE = Operation(
    "demand_to_leave", Act.DEMAND_TO_LEAVE, feasible=custody.may_demand
)
DEBATE = Stage("debate", custody.debate)
EXPULSION_VOTE = Operation(
    "expulsion_vote",
    Act.EXPULSION_VOTE,
    stages=(DEBATE,),
    feasible=custody.may_demand,
)
EXPULSION = Operation(
    "expulsion", Act.EXPULSION, stages=(DEBATE,), feasible=custody.may_request
)
ACCUSATION = Operation("accusation", Act.ACCUSATION)
KIND = Kind(
    name="host_government",
    side=Side.HOST,
    params=state.HostGovernmentParams,
    memory=state.HostGovernmentMemory,
    view=state.view,
    notice=state.notice,
    heeds=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.AIR_STRIKE,
           Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING, Act.DIRECT_STRIKE,
           Act.DEMAND, Act.SUPPORT, Act.THREAT, Act.ULTIMATUM, Act.SHOW_OF_FORCE,
           Act.DEFIANCE, Act.CLAIM, Act.ADMISSION),
    heeds_own=(Act.INVESTIGATION, Act.RAID, Act.THWARTED_ATTACK, Act.ARREST,
               Act.PERMIT_RULE, Act.RULE_LIFTED, Act.GOVERNMENT_SWORN_IN,
               Act.EXPULSION_VOTE, Act.EXPULSION),
    news_delay=perceiving.news_delay,
    evidence=perceiving.evidence,
    detection=enforcement.detection,
    starting=state.starting,
    roles=(
        Role("policed", "militias on its soil", ("militia",)),
        Role("restricted", "sponsors whose access it may curb", ("sponsor",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(
        Option(INVESTIGATION, "policed", enforcement.investigation_hazard,
               enforcement.investigation_ceiling),
        Option(RAID, "policed", enforcement.raid_hazard, enforcement.raid_ceiling),
        Option(PERMIT_RULE, "restricted", enforcement.restriction_hazard,
               enforcement.restriction_ceiling),
    ),
    responses=(
        Response("interdict", MEANS_ACTS, (INTERDICTION,), enforcement.interdicts,
                 enforcement.reaction_delay, to_stage=True),
        Response("search", (Act.ROCKET_ATTACK,), (SEARCH,), enforcement.searches,
                 enforcement.reaction_delay),
        Response("detain", (Act.ARREST,), (DETENTION,), custody.detains,
                 custody.booking_delay, toward=Toward.TARGET),
        Response("answer_strike",
                 (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING),
                 (ACCUSATION, DEMAND_TO_LEAVE, EXPULSION_VOTE, EXPULSION),
                 custody.protests, custody.statement_delay, is_ladder=True),
    ),
    suspicion=state.suspicion,
    suspects_role="suspects",
    watches_role="policed",
    mechanisms=MECHANISMS,
)  # fmt: skip
