"""The sponsor as a table: operations, options and responses."""

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
    one_at_a_time,
)
from sim.rules.sponsor.answers import (
    calls_truce,
    direct_effect,
    direct_planning,
    instructs,
    pushback_delay,
    pushes_back,
    strikes_back,
    visit_ceiling,
    visit_hazard,
)
from sim.rules.sponsor.orders import (
    answers_strike,
    decision_delay,
    delivery,
    directive_ceiling,
    hold_hazard,
    order,
    press_hazard,
    resupply_ceiling,
    resupply_hazard,
)
from sim.rules.sponsor.parameters import MECHANISMS
from sim.rules.sponsor.state import (
    SponsorMemory,
    SponsorParams,
    detection,
    evidence,
    news_delay,
    notice,
    starting,
    view,
)

PRESS = Operation("press", Act.DIRECTIVE_PRESS, effect=order)
HOLD = Operation("hold", Act.DIRECTIVE_HOLD, effect=order)
VISIT = Operation("visit", Act.VISIT)
PUSHBACK = Operation("pushback", Act.THREAT)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(Stage("planning", direct_planning),),
    effect=direct_effect,
    max_parallel=one_at_a_time,
)
TRUCE = Operation("truce", Act.TRUCE, effect=order)
RESUPPLY = Operation("resupply", Act.RESUPPLY, effect=delivery)
KIND = Kind(
    name="sponsor",
    side=Side.SPONSOR,
    params=SponsorParams,
    memory=SponsorMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.AIR_STRIKE,
        Act.LEADER_KILLING,
        Act.DIRECT_STRIKE,
        Act.ROCKET_ATTACK,
        Act.SANCTION,
        Act.PERMIT_RULE,
        Act.RAID,
        Act.EVACUATION_THREAT,
    ),
    heeds_own=(Act.VISIT,),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("clients", "militias that it arms and directs", ("militia",)),
        Role("hosts", "governments that its commander visits", ("host_government",)),
    ),
    options=(
        Option(PRESS, "clients", press_hazard, directive_ceiling),
        Option(HOLD, "clients", hold_hazard, directive_ceiling),
        Option(RESUPPLY, "clients", resupply_hazard, resupply_ceiling),
        Option(VISIT, "hosts", visit_hazard, visit_ceiling),
    ),
    responses=(
        Response(
            "instruct",
            (Act.VISIT,),
            (PRESS, HOLD),
            instructs,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "push_back",
            (Act.PERMIT_RULE, Act.RAID),
            (PUSHBACK,),
            pushes_back,
            pushback_delay,
        ),
        Response(
            "push_back_by_clients",
            (Act.PERMIT_RULE, Act.RAID),
            (PRESS,),
            pushes_back,
            pushback_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "strike_back",
            (Act.LEADER_KILLING, Act.DIRECT_STRIKE),
            (DIRECT_STRIKE,),
            strikes_back,
            decision_delay,
        ),
        Response(
            "answer_threat_to_leave",
            (Act.EVACUATION_THREAT,),
            (TRUCE,),
            calls_truce,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.LEADER_KILLING),
            (PRESS, HOLD),
            answers_strike,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
    ),
    mechanisms=MECHANISMS,
)
