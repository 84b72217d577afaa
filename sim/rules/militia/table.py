"""The militia as a table: operations, options and responses."""

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
)
from sim.rules.militia.answers import (
    answers_strike,
    defies,
    holding,
    obeys,
    pressing,
    retaliation_delay,
    shows_force,
    speaks,
    statement_delay,
    threatens,
)
from sim.rules.militia.attack import (
    attack_ceiling,
    attack_hazard,
    attacks_at_once,
    emplacement,
    has_arms,
    launcher_lost,
    preparation,
    salvo,
    site_weight,
)
from sim.rules.militia.state import (
    MilitiaMemory,
    MilitiaParams,
    detection,
    evidence,
    news_delay,
    notice,
    starting,
    stocks,
    view,
)

ATTACK = Operation(
    "attack",
    Act.ROCKET_ATTACK,
    stages=(
        Stage("preparation", preparation, is_exposed=True),
        Stage("emplacement", emplacement),
    ),
    effect=salvo,
    feasible=has_arms,
    max_parallel=attacks_at_once,
    needs_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
RETALIATION = Operation(
    "retaliation",
    Act.ROCKET_ATTACK,
    stages=(Stage("emplacement", emplacement),),
    effect=salvo,
    feasible=has_arms,
    needs_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
SHOW_OF_FORCE = Operation("show_of_force", Act.SHOW_OF_FORCE)
THREAT = Operation("threat", Act.THREAT)
DEFIANCE = Operation("defiance", Act.DEFIANCE)
CLAIM = Operation("claim", Act.CLAIM)
DENIAL = Operation("denial", Act.DENIAL)
OBEY_PRESS = Operation("obey_press", Act.COMPLIANCE, effect=pressing)
OBEY_HOLD = Operation("obey_hold", Act.COMPLIANCE, effect=holding)
IGNORE = Operation("ignore", Act.DISOBEDIENCE)
KIND = Kind(
    name="militia",
    side=Side.MILITIA,
    params=MilitiaParams,
    memory=MilitiaMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.AIR_STRIKE,
        Act.LEADER_KILLING,
        Act.RAID,
        Act.ARREST,
        Act.RELEASE,
        Act.DIRECTIVE_PRESS,
        Act.DIRECTIVE_HOLD,
    ),
    heeds_own=(Act.ROCKET_ATTACK, Act.COMPLIANCE),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(Role("adversaries", "whom it attacks", ("foreign_power",)),),
    options=(Option(ATTACK, "adversaries", attack_hazard, attack_ceiling),),
    responses=(
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.LEADER_KILLING),
            (RETALIATION,),
            answers_strike,
            retaliation_delay,
        ),
        Response(
            "answer_arrest",
            (Act.ARREST,),
            (SHOW_OF_FORCE,),
            shows_force,
            statement_delay,
        ),
        Response("answer_raid", (Act.RAID,), (THREAT,), threatens, statement_delay),
        Response(
            "answer_release", (Act.RELEASE,), (DEFIANCE,), defies, statement_delay
        ),
        Response(
            "statement",
            (Act.ROCKET_ATTACK,),
            (CLAIM, DENIAL),
            speaks,
            statement_delay,
            toward=Toward.TARGET,
        ),
        Response(
            "answer_order",
            (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD),
            (OBEY_PRESS, OBEY_HOLD, IGNORE),
            obeys,
            statement_delay,
        ),
    ),
    site_weight=site_weight,
    stocks=stocks,
)
