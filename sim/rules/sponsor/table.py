"""The sponsor as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules import perceiving
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
from sim.rules.sponsor import answers, orders, state
from sim.rules.sponsor.parameters import MECHANISMS

PRESS = Operation(
    "press", Act.DIRECTIVE_PRESS, effect=orders.order, feasible=orders.may_press
)
PROXY_ATTACK = Operation(
    "proxy_attack",
    Act.DIRECTIVE_PRESS,
    effect=orders.order_at_once,
    feasible=orders.may_press,
)
HOLD = Operation(
    "hold", Act.DIRECTIVE_HOLD, effect=orders.order, feasible=orders.may_hold
)
VISIT = Operation("visit", Act.VISIT)
PUSHBACK = Operation("pushback", Act.THREAT)
DIRECT_STRIKE = Operation(
    "direct_strike",
    Act.DIRECT_STRIKE,
    stages=(
        Stage("order", answers.ordering, is_followed=True),
        Stage("planning", answers.direct_planning),
    ),
    effect=answers.direct_effect,
    max_parallel=one_at_a_time,
)
TRUCE = Operation(
    "truce", Act.TRUCE, effect=orders.order, feasible=orders.may_call_truce
)
TRUCE_TERM = Operation(
    "truce_term",
    Act.TRUCE_END,
    stages=(Stage("term", answers.term),),
    breakable_by=Breaks.OWN,
    broken_act=Act.TRUCE_END,
)
BREAKING = Operation("breaking", Act.NONE, breaks=Breaks.OWN)
APPOINTMENT = Operation("appointment", Act.APPOINTMENT, feasible=answers.is_post_vacant)
STRIKES = (
    Act.AIR_STRIKE,
    Act.MILITIA_LEADER_KILLING,
    Act.LEADER_KILLING,
    Act.DIRECT_STRIKE,
)
KIND = Kind(
    name="sponsor",
    side=Side.SPONSOR,
    params=state.SponsorParams,
    memory=state.SponsorMemory,
    view=state.view,
    notice=state.notice,
    heeds=(*STRIKES, Act.ROCKET_ATTACK, Act.SANCTION, Act.PERMIT_RULE, Act.RULE_LIFTED,
           Act.RAID, Act.EVACUATION_THREAT),
    heeds_own=(Act.VISIT, Act.TRUCE, Act.TRUCE_END, Act.APPOINTMENT, Act.DIRECT_STRIKE,
               Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD),
    news_delay=perceiving.news_delay,
    roles=(
        Role("clients", "militias that it directs", ("militia",)),
        Role("hosts", "governments that its commander visits", ("host_government",)),
    ),
    options=(
        Option(PRESS, "clients", orders.press_hazard, orders.directive_ceiling),
        Option(HOLD, "clients", orders.hold_hazard, orders.directive_ceiling),
        Option(TRUCE, "clients", answers.truce_hazard, answers.truce_ceiling),
        Option(VISIT, "hosts", answers.visit_hazard, answers.visit_ceiling),
    ),
    responses=(
        Response("instruct", (Act.VISIT,), (PRESS, HOLD), answers.instructs,
                 orders.visiting, toward=Toward.ROLE, role="clients"),
        Response("push_back", (Act.PERMIT_RULE, Act.RAID, Act.SANCTION), (PUSHBACK,),
                 answers.pushes_back, answers.pushback_delay, stands=answers.is_open),
        Response("push_back_by_clients", (Act.PERMIT_RULE, Act.RAID),
                 (PRESS, PROXY_ATTACK), answers.orders_attack, orders.decision_delay,
                 toward=Toward.ROLE, role="clients", stands=answers.is_timely),
        Response("answer_strike", STRIKES, (PUSHBACK, DIRECT_STRIKE),
                 answers.answers_blow, orders.decision_delay, stands=answers.is_open),
        Response("answer_strike_by_clients", STRIKES, (PRESS, PROXY_ATTACK),
                 answers.orders_attack, orders.decision_delay, toward=Toward.ROLE,
                 role="clients", stands=answers.is_timely),
        Response("answer_what_came_since", (Act.DIRECT_STRIKE,),
                 (PUSHBACK, DIRECT_STRIKE), answers.answers_own_landing,
                 orders.decision_delay, toward=Toward.TARGET, stands=answers.is_open),
        Response("announce_term", (Act.TRUCE,), (TRUCE_TERM,), answers.announces_term,
                 answers.announcing_delay, toward=Toward.TARGET),
        Response("break_truce", STRIKES, (BREAKING,), answers.breaks_truce,
                 orders.decision_delay, toward=Toward.ROLE, role="clients"),
        Response("appoint", (Act.LEADER_KILLING,), (APPOINTMENT,), answers.appoints,
                 answers.replacement_delay, toward=Toward.TARGET),
        Response("answer_threat_to_leave", (Act.EVACUATION_THREAT,), (TRUCE,),
                 answers.calls_truce, orders.decision_delay, toward=Toward.ROLE,
                 role="clients"),
    ),
    mechanisms=MECHANISMS,
)  # fmt: skip
