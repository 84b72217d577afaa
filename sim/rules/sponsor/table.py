"""The sponsor as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
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
    announces_term,
    announcing_delay,
    answers_blow,
    answers_own_landing,
    appoints,
    breaks_truce,
    calls_truce,
    direct_effect,
    direct_planning,
    has_no_truce,
    instructs,
    ordering,
    orders_attack,
    pushback_delay,
    pushes_back,
    replacement_delay,
    term,
    truce_ceiling,
    truce_hazard,
    visit_ceiling,
    visit_hazard,
)
from sim.rules.sponsor.orders import (
    decision_delay,
    delivery,
    directive_ceiling,
    hold_hazard,
    order,
    order_at_once,
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

PRESS = Operation("press", Act.DIRECTIVE_PRESS, effect=order, feasible=has_no_truce)
PROXY_ATTACK = Operation(
    "proxy_attack", Act.DIRECTIVE_PRESS, effect=order_at_once, feasible=has_no_truce
)
HOLD = Operation("hold", Act.DIRECTIVE_HOLD, effect=order)
VISIT = Operation("visit", Act.VISIT)
PUSHBACK = Operation("pushback", Act.THREAT)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(
        Stage("order", ordering, is_followed=True),
        Stage("planning", direct_planning),
    ),
    effect=direct_effect,
    max_parallel=one_at_a_time,
)
TRUCE = Operation("truce", Act.TRUCE, effect=order, feasible=has_no_truce)
TRUCE_TERM = Operation(
    "truce_term",
    Act.TRUCE_END,
    stages=(Stage("term", term),),
    breakable_by=Breaks.OWN,
    broken_act=Act.TRUCE_END,
)
BREAKING = Operation("breaking", Act.NONE, breaks=Breaks.OWN)
APPOINTMENT = Operation("appointment", Act.APPOINTMENT)
STRIKES = (
    Act.AIR_STRIKE,
    Act.MILITIA_LEADER_KILLING,
    Act.LEADER_KILLING,
    Act.DIRECT_STRIKE,
)
RESUPPLY = Operation("resupply", Act.RESUPPLY, effect=delivery)
KIND = Kind(
    name="sponsor",
    side=Side.SPONSOR,
    params=SponsorParams,
    memory=SponsorMemory,
    view=view,
    notice=notice,
    heeds=(
        *STRIKES,
        Act.ROCKET_ATTACK,
        Act.SANCTION,
        Act.PERMIT_RULE,
        Act.RULE_LIFTED,
        Act.RAID,
        Act.EVACUATION_THREAT,
    ),
    heeds_own=(
        Act.VISIT,
        Act.TRUCE,
        Act.TRUCE_END,
        Act.APPOINTMENT,
        Act.DIRECT_STRIKE,
    ),
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
        Option(TRUCE, "clients", truce_hazard, truce_ceiling),
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
            (Act.PERMIT_RULE, Act.RAID, Act.SANCTION),
            (PUSHBACK,),
            pushes_back,
            pushback_delay,
        ),
        Response(
            "push_back_by_clients",
            (Act.PERMIT_RULE, Act.RAID),
            (PRESS, PROXY_ATTACK),
            orders_attack,
            pushback_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "answer_strike",
            STRIKES,
            (PUSHBACK, DIRECT_STRIKE),
            answers_blow,
            decision_delay,
        ),
        Response(
            "answer_strike_by_clients",
            STRIKES,
            (PRESS, PROXY_ATTACK),
            orders_attack,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "answer_what_came_since",
            (Act.DIRECT_STRIKE,),
            (PUSHBACK, DIRECT_STRIKE),
            answers_own_landing,
            decision_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "announce_term",
            (Act.TRUCE,),
            (TRUCE_TERM,),
            announces_term,
            announcing_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "break_truce",
            STRIKES,
            (BREAKING,),
            breaks_truce,
            decision_delay,
            toward=Toward.ROLE,
            role="clients",
        ),
        Response(
            "appoint",
            (Act.LEADER_KILLING,),
            (APPOINTMENT,),
            appoints,
            replacement_delay,
            toward=Toward.TARGET,
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
    ),
    mechanisms=MECHANISMS,
)
