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
    Toward,
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
RESUPPLY = Operation("resupply", Act.RESUPPLY, effect=delivery)
KIND = Kind(
    name="sponsor",
    side=Side.SPONSOR,
    params=SponsorParams,
    memory=SponsorMemory,
    view=view,
    notice=notice,
    heeds=(Act.AIR_STRIKE, Act.LEADER_KILLING, Act.ROCKET_ATTACK),
    heeds_own=(),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(Role("clients", "militias that it arms and directs", ("militia",)),),
    options=(
        Option(PRESS, "clients", press_hazard, directive_ceiling),
        Option(HOLD, "clients", hold_hazard, directive_ceiling),
        Option(RESUPPLY, "clients", resupply_hazard, resupply_ceiling),
    ),
    responses=(
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
)
