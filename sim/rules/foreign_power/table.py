"""The foreign power as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules import perceiving
from sim.rules.behaviour import (
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
from sim.rules.foreign_power import answers, presence, state
from sim.rules.foreign_power.parameters import MECHANISMS

ORDER = Stage("order", answers.ordering, is_followed=True)
PLANNING = Stage("planning", answers.planning)
STRIKE = Operation(
    "strike",
    Act.AIR_STRIKE,
    stages=(ORDER, PLANNING),
    effect=answers.strike_effect,
    means=MeansUse.TARGETS,
    max_parallel=one_at_a_time,
)
WIDE_STRIKE = Operation(
    "wide_strike",
    Act.AIR_STRIKE,
    stages=(ORDER, PLANNING),
    effect=answers.wide_strike_effect,
    means=MeansUse.TARGETS,
    max_parallel=one_at_a_time,
)
LEADER_STRIKE = Operation(
    "leader_strike",
    Act.MILITIA_LEADER_KILLING,
    stages=(ORDER, PLANNING),
    effect=answers.leader_strike_effect,
    max_parallel=one_at_a_time,
)
LEADER_KILLING = Operation(
    "leader_killing",
    Act.LEADER_KILLING,
    stages=(ORDER, PLANNING),
    effect=answers.commander_effect,
    max_parallel=one_at_a_time,
)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(ORDER, PLANNING),
    effect=answers.direct_effect,
    max_parallel=one_at_a_time,
)
SANCTION = Operation("sanction", Act.SANCTION, feasible=answers.may_sanction)
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
    params=state.ForeignPowerParams,
    memory=state.ForeignPowerMemory,
    view=state.view,
    notice=state.notice,
    heeds=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.EMBASSY_STORMING, Act.DIRECT_STRIKE,
           Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE, Act.EXPULSION, Act.APPOINTMENT,
           Act.CAMPAIGN, Act.SUSPENSION, Act.THREAT, Act.ACCUSATION, Act.CLAIM,
           Act.DENIAL, Act.ADMISSION, Act.SEIZURE, Act.THWARTED_ATTACK, Act.VISIT),
    heeds_own=(*FORCE, Act.DEMAND, Act.SANCTION),
    news_delay=perceiving.news_delay,
    evidence=perceiving.evidence,
    roles=(
        Role("hosts", "governments that it presses to act", ("host_government",)),
        Role("sponsors", "states that it holds behind the attacks", ("sponsor",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(
        Option(DEMAND, "hosts", answers.demand_hazard, answers.demand_ceiling),
        Option(SUPPORT, "hosts", presence.support_hazard, presence.support_ceiling),
        Option(TALKS, "hosts", presence.talks_hazard, presence.talks_ceiling),
        Option(HANDOVER, "hosts", presence.handover_hazard, presence.handover_ceiling),
        Option(EVACUATION_THREAT, "hosts", presence.evacuation_threat_hazard,
               presence.evacuation_threat_ceiling),
    ),
    responses=(
        Response("answer_attack", (Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.CLAIM),
                 ON_MILITIA, answers.answers_militia, answers.decision_delay,
                 stands=answers.is_open),
        Response("answer_sponsor", (Act.ROCKET_ATTACK, Act.CONVOY_BOMB,
                 Act.EMBASSY_STORMING, Act.DIRECT_STRIKE), ON_SPONSOR,
                 answers.answers_sponsor, answers.decision_delay, toward=Toward.ROLE,
                 role="sponsors", stands=answers.is_open),
        Response("answer_what_came_since", FORCE, ON_MILITIA,
                 answers.answers_militia_since, answers.decision_delay,
                 toward=Toward.ROLE, role="suspects", stands=answers.is_open),
        Response("answer_sponsor_since", FORCE, ON_SPONSOR,
                 answers.answers_sponsor_since, answers.decision_delay,
                 toward=Toward.ROLE, role="sponsors", stands=answers.is_open),
    ),
    site_weight=state.site_weight,
    suspicion=state.suspicion,
    suspects_role="suspects",
    mechanisms=MECHANISMS,
)  # fmt: skip
