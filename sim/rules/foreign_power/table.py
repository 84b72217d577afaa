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
    answers_militia,
    answers_militia_since,
    answers_sponsor,
    answers_sponsor_since,
    commander_effect,
    decision_delay,
    demand_ceiling,
    demand_hazard,
    direct_effect,
    leader_strike_effect,
    one_strike,
    ordering,
    planning,
    strike_effect,
    wide_strike_effect,
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

ORDER = Stage("order", ordering, is_followed=True)
PLANNING = Stage("planning", planning)
STRIKE = Operation(
    "strike",
    Act.AIR_STRIKE,
    stages=(ORDER, PLANNING),
    effect=strike_effect,
    max_parallel=one_strike,
)
WIDE_STRIKE = Operation(
    "wide_strike",
    Act.AIR_STRIKE,
    stages=(ORDER, PLANNING),
    effect=wide_strike_effect,
    max_parallel=one_strike,
)
LEADER_STRIKE = Operation(
    "leader_strike",
    Act.MILITIA_LEADER_KILLING,
    stages=(ORDER, PLANNING),
    effect=leader_strike_effect,
    max_parallel=one_strike,
)
LEADER_KILLING = Operation(
    "leader_killing",
    Act.LEADER_KILLING,
    stages=(ORDER, PLANNING),
    effect=commander_effect,
    max_parallel=one_strike,
)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(ORDER, PLANNING),
    effect=direct_effect,
    max_parallel=one_strike,
)
SANCTION = Operation("sanction", Act.SANCTION)
MOBILISATION = Operation("mobilisation", Act.MOBILISATION)
ACCUSATION = Operation("accusation", Act.ACCUSATION)
ON_MILITIA = (STRIKE, WIDE_STRIKE, LEADER_STRIKE)
ON_SPONSOR = (ACCUSATION, SANCTION, MOBILISATION, LEADER_KILLING, DIRECT_STRIKE)
FORCE = (
    Act.AIR_STRIKE,
    Act.MILITIA_LEADER_KILLING,
    Act.LEADER_KILLING,
    Act.DIRECT_STRIKE,
)
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
        Act.EXPULSION,
        Act.APPOINTMENT,
    ),
    heeds_own=FORCE,
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
            ON_MILITIA,
            answers_militia,
            decision_delay,
        ),
        Response(
            "answer_sponsor",
            (
                Act.ROCKET_ATTACK,
                Act.CONVOY_BOMB,
                Act.EMBASSY_STORMING,
                Act.DIRECT_STRIKE,
            ),
            ON_SPONSOR,
            answers_sponsor,
            decision_delay,
            toward=Toward.ROLE,
            role="sponsors",
        ),
        Response(
            "answer_what_came_since",
            FORCE,
            ON_MILITIA,
            answers_militia_since,
            decision_delay,
            toward=Toward.ROLE,
            role="suspects",
        ),
        Response(
            "answer_sponsor_since",
            FORCE,
            ON_SPONSOR,
            answers_sponsor_since,
            decision_delay,
            toward=Toward.ROLE,
            role="sponsors",
        ),
    ),
    site_weight=site_weight,
    suspicion=suspicion,
    suspects_role="suspects",
    mechanisms=MECHANISMS,
)
