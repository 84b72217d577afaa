"""The militia as a table: operations, options and responses."""

from __future__ import annotations

from sim.ladder import Act
from sim.rules import perceiving
from sim.rules.behaviour import (
    Breaks,
    Kind,
    MeansUse,
    Operation,
    Option,
    Response,
    Role,
    Side,
    Stage,
    Toward,
)
from sim.rules.militia import answers, attack, campaign, state
from sim.rules.militia.parameters import MECHANISMS

ATTACK = Operation(
    "attack",
    Act.ROCKET_ATTACK,
    stages=(
        Stage("preparation", attack.preparation, is_exposed=True, is_followed=True),
        Stage("emplacement", attack.emplacement),
    ),
    effect=attack.salvo,
    feasible=attack.may_attack,
    max_parallel=attack.attacks_at_once,
    needs_site=True,
    means=MeansUse.OWN,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=attack.launcher_lost,
)
RETALIATION = Operation(
    "retaliation",
    Act.ROCKET_ATTACK,
    stages=(Stage("emplacement", attack.emplacement),),
    effect=attack.salvo,
    feasible=attack.may_attack,
    needs_site=True,
    means=MeansUse.OWN,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=attack.launcher_lost,
)
SECOND_LAUNCH = Operation(
    "second_launch",
    Act.ROCKET_ATTACK,
    stages=(
        Stage("approach", attack.joining_delay, is_exposed=True),
        Stage("emplacement", attack.emplacement),
    ),
    effect=attack.salvo,
    feasible=attack.may_attack,
    needs_site=True,
    means=MeansUse.JOINED,
    avoids_noticed_site=True,
    breakable_by=Breaks.TARGETS,
    broken_act=Act.THWARTED_ATTACK,
    broken_effect=attack.launcher_lost,
)
RISE = Operation("rise", Act.READINESS_RAISED)
CALM_DOWN = Operation("calm_down", Act.READINESS_LOWERED)
CAMPAIGN = Operation("campaign", Act.CAMPAIGN, feasible=campaign.surges)
SUSPENSION = Operation("suspension", Act.SUSPENSION, feasible=campaign.is_quiet)
ULTIMATUM = Operation("ultimatum", Act.ULTIMATUM)
ADMISSION = Operation("admission", Act.ADMISSION)
STORMING = Operation("storming", Act.EMBASSY_STORMING)
SHOW_OF_FORCE = Operation(
    "show_of_force", Act.SHOW_OF_FORCE, feasible=answers.has_detained
)
THREAT = Operation("threat", Act.THREAT)
DEFIANCE = Operation("defiance", Act.DEFIANCE)
CLAIM = Operation("claim", Act.CLAIM)
DENIAL = Operation("denial", Act.DENIAL)
OBEY_PRESS = Operation("obey_press", Act.COMPLIANCE, effect=answers.pressing)
OBEY_AT_ONCE = Operation(
    "obey_at_once", Act.COMPLIANCE, effect=answers.pressing_at_once
)
OBEY_HOLD = Operation("obey_hold", Act.COMPLIANCE, effect=answers.holding)
KEEP_TRUCE = Operation("keep_truce", Act.COMPLIANCE, feasible=answers.is_in_truce)
IGNORE = Operation("ignore", Act.DISOBEDIENCE)
IGNORE_HOLD = Operation("ignore_hold", Act.DISOBEDIENCE, feasible=answers.is_firing)
KIND = Kind(
    name="militia",
    side=Side.MILITIA,
    params=state.MilitiaParams,
    memory=state.MilitiaMemory,
    view=state.view,
    notice=state.notice,
    heeds=(Act.TALKS, Act.BASE_HANDOVER, Act.TRUCE, Act.TRUCE_END, Act.EMBASSY_STORMING,
           Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING, Act.RAID,
           Act.ARREST, Act.RELEASE, Act.SEIZURE, Act.THWARTED_ATTACK,
           Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD, Act.CAMPAIGN, Act.SUSPENSION),
    heeds_own=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB, Act.COMPLIANCE,
               Act.DISOBEDIENCE, Act.EMBASSY_STORMING, Act.READINESS_RAISED,
               Act.READINESS_LOWERED, Act.CAMPAIGN, Act.SUSPENSION),
    news_delay=perceiving.news_delay,
    starting=state.starting,
    lasts=campaign.days_on_a_level,
    roles=(
        Role("adversaries", "whom it attacks", ("foreign_power",)),
    ),
    options=(
        Option(ATTACK, "adversaries", attack.attack_hazard, attack.attack_ceiling),
        Option(RISE, "adversaries", campaign.rise_hazard, campaign.move_ceiling),
        Option(CALM_DOWN, "adversaries", campaign.calm_hazard, campaign.move_ceiling),
    ),
    responses=(
        Response("announce", (Act.READINESS_RAISED, Act.READINESS_LOWERED),
                 (CAMPAIGN, SUSPENSION), campaign.announces, answers.statement_delay,
                 toward=Toward.TARGET),
        Response("answer_strike",
                 (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING, Act.LEADER_KILLING),
                 (RETALIATION,), answers.answers_strike, answers.retaliation_delay),
        Response("storm", (Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING), (STORMING,),
                 answers.storms, answers.statement_delay),
        Response("join", (Act.ROCKET_ATTACK,), (SECOND_LAUNCH,), attack.joins,
                 attack.joining_delay, toward=Toward.TARGET, to_stage=True),
        Response("answer_arrest", (Act.ARREST,), (SHOW_OF_FORCE,), answers.shows_force,
                 answers.statement_delay),
        Response("answer_raid", (Act.RAID,), (THREAT, ULTIMATUM, ADMISSION),
                 answers.threatens, answers.statement_delay),
        Response("answer_release", (Act.RELEASE,), (DEFIANCE,), answers.defies,
                 answers.statement_delay),
        Response("statement", (Act.ROCKET_ATTACK,), (CLAIM, DENIAL), answers.speaks,
                 answers.statement_delay, toward=Toward.TARGET),
        Response("answer_order", (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD, Act.TRUCE),
                 (OBEY_PRESS, OBEY_HOLD, KEEP_TRUCE, IGNORE, OBEY_AT_ONCE, IGNORE_HOLD),
                 answers.obeys, answers.statement_delay, stands=answers.is_latest),
        Response("carry_out", (Act.COMPLIANCE,), (RETALIATION,), answers.carries_out,
                 answers.retaliation_delay, toward=Toward.ROLE, role="adversaries"),
    ),
    site_weight=attack.site_weight,
    means_weight=state.means_weight,
    mechanisms=MECHANISMS,
)  # fmt: skip
