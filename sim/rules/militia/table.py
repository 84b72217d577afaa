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
    carries_out,
    defies,
    holding,
    menace_ceiling,
    menace_hazard,
    obeys,
    pressing,
    pressing_at_once,
    retaliation_delay,
    shows_force,
    speaks,
    statement_delay,
    storms,
    threatens,
)
from sim.rules.militia.attack import (
    attack_ceiling,
    attack_hazard,
    attacks_at_once,
    bomb,
    convoy_ceiling,
    convoy_hazard,
    emplacement,
    joining_delay,
    joins,
    launcher_lost,
    may_attack,
    may_bomb,
    preparation,
    salvo,
    site_weight,
)
from sim.rules.militia.parameters import MECHANISMS
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
        Stage("preparation", preparation, is_exposed=True, is_followed=True),
        Stage("emplacement", emplacement),
    ),
    effect=salvo,
    feasible=may_attack,
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
    feasible=may_attack,
    needs_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
SECOND_LAUNCH = Operation(
    "second_launch",
    Act.ROCKET_ATTACK,
    stages=(
        Stage("approach", joining_delay, is_exposed=True),
        Stage("emplacement", emplacement),
    ),
    effect=salvo,
    feasible=may_attack,
    needs_site=True,
    avoids_noticed_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=launcher_lost,
)
CONVOY_BOMB = Operation(
    "convoy_bomb",
    Act.CONVOY_BOMB,
    stages=(Stage("laying", preparation),),
    effect=bomb,
    feasible=may_bomb,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
)
MENACE = Operation("menace", Act.THREAT)
ULTIMATUM = Operation("ultimatum", Act.ULTIMATUM)
ADMISSION = Operation("admission", Act.ADMISSION)
STORMING = Operation("storming", Act.EMBASSY_STORMING)
SHOW_OF_FORCE = Operation("show_of_force", Act.SHOW_OF_FORCE)
THREAT = Operation("threat", Act.THREAT)
DEFIANCE = Operation("defiance", Act.DEFIANCE)
CLAIM = Operation("claim", Act.CLAIM)
DENIAL = Operation("denial", Act.DENIAL)
OBEY_PRESS = Operation("obey_press", Act.COMPLIANCE, effect=pressing)
OBEY_AT_ONCE = Operation("obey_at_once", Act.COMPLIANCE, effect=pressing_at_once)
OBEY_HOLD = Operation("obey_hold", Act.COMPLIANCE, effect=holding)
KEEP_TRUCE = Operation("keep_truce", Act.COMPLIANCE)
IGNORE = Operation("ignore", Act.DISOBEDIENCE)
KIND = Kind(
    name="militia",
    side=Side.MILITIA,
    params=MilitiaParams,
    memory=MilitiaMemory,
    view=view,
    notice=notice,
    heeds=(
        Act.TALKS,
        Act.BASE_HANDOVER,
        Act.TRUCE,
        Act.TRUCE_END,
        Act.EMBASSY_STORMING,
        Act.AIR_STRIKE,
        Act.MILITIA_LEADER_KILLING,
        Act.LEADER_KILLING,
        Act.RAID,
        Act.ARREST,
        Act.RELEASE,
        Act.DIRECTIVE_PRESS,
        Act.DIRECTIVE_HOLD,
    ),
    heeds_own=(Act.ROCKET_ATTACK, Act.COMPLIANCE, Act.EMBASSY_STORMING),
    news_delay=news_delay,
    evidence=evidence,
    detection=detection,
    starting=starting,
    roles=(Role("adversaries", "whom it attacks", ("foreign_power",)),),
    options=(
        Option(ATTACK, "adversaries", attack_hazard, attack_ceiling),
        Option(CONVOY_BOMB, "adversaries", convoy_hazard, convoy_ceiling),
        Option(MENACE, "adversaries", menace_hazard, menace_ceiling),
    ),
    responses=(
        Response(
            "answer_strike",
            (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING),
            (RETALIATION,),
            answers_strike,
            retaliation_delay,
        ),
        Response(
            "storm",
            (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING),
            (STORMING,),
            storms,
            statement_delay,
        ),
        Response(
            "join",
            (Act.ROCKET_ATTACK,),
            (SECOND_LAUNCH,),
            joins,
            joining_delay,
            toward=Toward.TARGET,
            to_stage=True,
        ),
        Response(
            "answer_arrest",
            (Act.ARREST,),
            (SHOW_OF_FORCE,),
            shows_force,
            statement_delay,
        ),
        Response(
            "answer_raid",
            (Act.RAID,),
            (THREAT, ULTIMATUM, ADMISSION),
            threatens,
            statement_delay,
        ),
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
            (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD, Act.TRUCE),
            (OBEY_PRESS, OBEY_HOLD, KEEP_TRUCE, IGNORE, OBEY_AT_ONCE),
            obeys,
            statement_delay,
        ),
        Response(
            "carry_out",
            (Act.COMPLIANCE,),
            (RETALIATION,),
            carries_out,
            retaliation_delay,
            toward=Toward.ROLE,
            role="adversaries",
        ),
    ),
    site_weight=site_weight,
    stocks=stocks,
    mechanisms=MECHANISMS,
)
