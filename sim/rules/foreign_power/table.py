"""The foreign power as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import (
    Kind,
    Operation,
    Option,
    Response,
    Role,
    Side,
    Stage,
    Toward,
)
from sim.rules.foreign_power.answers import (
    decision_delay,
    demand_ceiling,
    demand_hazard,
    one_strike,
    planning,
    strike_effect,
    strikes,
)
from sim.rules.foreign_power.escalation import (
    accuses,
    answers_direct_strike,
    direct_effect,
    kills_leader,
    leader_effect,
    mobilises,
    statement_delay,
)
from sim.rules.foreign_power.parameters import MECHANISMS
from sim.rules.foreign_power.presence import (
    evacuation_threat_ceiling,
    evacuation_threat_hazard,
    handover_ceiling,
    handover_hazard,
    support_ceiling,
    support_hazard,
    talks_ceiling,
    talks_hazard,
)
from sim.rules.foreign_power.state import (
    ForeignPowerMemory,
    ForeignPowerParams,
    detection,
    evidence,
    news_delay,
    notice,
    site_weight,
    starting,
    suspicion,
    view,
)

STRIKE = Operation(
    "strike",
    Act.AIR_STRIKE,
    stages=(Stage("planning", planning),),
    effect=strike_effect,
    max_parallel=one_strike,
)
LEADER_KILLING = Operation(
    "leader_killing",
    Act.LEADER_KILLING,
    stages=(Stage("planning", planning),),
    effect=leader_effect,
    max_parallel=one_strike,
)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(Stage("planning", planning),),
    effect=direct_effect,
    max_parallel=one_strike,
)
SANCTION = Operation("sanction", Act.SANCTION)
MOBILISATION = Operation("mobilisation", Act.MOBILISATION)
ACCUSATION = Operation("accusation", Act.ACCUSATION)
SUPPORT = Operation("support", Act.SUPPORT)
TALKS = Operation("talks", Act.TALKS)
HANDOVER = Operation("handover", Act.BASE_HANDOVER, needs_site=True, is_own_site=True)
EVACUATION_THREAT = Operation("evacuation_threat", Act.EVACUATION_THREAT)
DEMAND = Operation("demand", Act.DEMAND)
KIND = Kind(
    name="foreign_power",
    side=Side.FOREIGN,
    params=ForeignPowerParams,
    memory=ForeignPowerMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.ROCKET_ATTACK,
        Act.CONVOY_BOMB,
        Act.EMBASSY_STORMING,
        Act.DIRECT_STRIKE,
        Act.DEMAND_TO_LEAVE,
        Act.EXPULSION_VOTE,
    ),
    heeds_own=(),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("hosts", "governments that it presses to act", ("host_government",)),
        Role("sponsors", "states that it holds behind the attacks", ("sponsor",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(
        Option(DEMAND, "hosts", demand_hazard, demand_ceiling),
        Option(SUPPORT, "hosts", support_hazard, support_ceiling),
        Option(TALKS, "hosts", talks_hazard, talks_ceiling),
        Option(HANDOVER, "hosts", handover_hazard, handover_ceiling),
        Option(
            EVACUATION_THREAT,
            "hosts",
            evacuation_threat_hazard,
            evacuation_threat_ceiling,
        ),
    ),
    responses=(
        Response(
            "answer_attack",
            (Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
            (STRIKE,),
            strikes,
            decision_delay,
        ),
        Response(
            "blame_sponsor",
            (Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
            (ACCUSATION,),
            accuses,
            statement_delay,
            toward=Toward.ROLE,
            role="sponsors",
        ),
        Response(
            "answer_storming",
            (Act.EMBASSY_STORMING,),
            (LEADER_KILLING,),
            kills_leader,
            decision_delay,
            toward=Toward.ROLE,
            role="sponsors",
        ),
        Response(
            "mobilise",
            (Act.EMBASSY_STORMING,),
            (MOBILISATION,),
            mobilises,
            statement_delay,
            toward=Toward.ROLE,
            role="sponsors",
        ),
        Response(
            "answer_direct_strike",
            (Act.DIRECT_STRIKE,),
            (DIRECT_STRIKE, SANCTION),
            answers_direct_strike,
            decision_delay,
        ),
    ),
    site_weight=site_weight,
    suspicion=suspicion,
    suspects_role="suspects",
    mechanisms=MECHANISMS,
)
