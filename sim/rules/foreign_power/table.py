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
from sim.rules.foreign_power.state import (
    ForeignPowerMemory,
    ForeignPowerParams,
    detection,
    evidence,
    news_delay,
    notice,
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
DEMAND = Operation("demand", Act.DEMAND)
KIND = Kind(
    name="foreign_power",
    side=Side.FOREIGN,
    params=ForeignPowerParams,
    memory=ForeignPowerMemory,
    view=view,
    notice=notice,
    heeds=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
    heeds_own=(),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(
        Role("hosts", "governments that it presses to act", ("host_government",)),
        Role("suspects", "whom it may hold responsible for an attack", ("militia",)),
    ),
    options=(Option(DEMAND, "hosts", demand_hazard, demand_ceiling),),
    responses=(
        Response(
            "answer_attack",
            (Act.ROCKET_ATTACK, Act.CONVOY_BOMB),
            (STRIKE,),
            strikes,
            decision_delay,
        ),
    ),
    suspicion=suspicion,
    suspects_role="suspects",
)
