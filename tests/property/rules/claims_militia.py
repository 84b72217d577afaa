"""What is claimed of a militia's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.militia.answers import (
    answers_strike,
    defies,
    menace_hazard,
    obeys,
    shows_force,
    speaks,
    storms,
    threatens,
)
from sim.rules.militia.attack import (
    attack_hazard,
    bomb,
    convoy_hazard,
    joins,
    may_attack,
    salvo,
    site_weight,
)
from tests.property.rules.claims import (
    ARMED,
    ASSUMED,
    AT_ME,
    AT_OTHER,
    MINE,
    Claim,
    chosen,
    done,
    gained,
    lost,
    rate,
    to,
)

LINKE: Final = "linke-2012: violence is answered in kind"
ARTICLE: Final = "op-ed-2020-07-05: "
HURT: Final = {"percept.killed_civilian": 1.0, "params.claim_share": 0.0}
ATTACKS: Final = rate(attack_hazard)
OBEYED: Final = chosen(obeys, 1, 2, 3, 5)
SHARE: Final = (0.0, 1.0)
QUIET: Final = {"params.threat_share": 0.0}

CLAIMS: Final = [
    # When it attacks.
    Claim("base rate", ATTACKS, "params.base_rate", 1, ASSUMED, off=0.0, on=1.0,
          sure=ARMED),
    Claim("blows", ATTACKS, "params.blow_shift", 1, f"{ASSUMED}: the sign is not known",
          ARMED, 0.0, "view.blows"),
    Claim("shifts", ATTACKS, "view.lean", 1, ASSUMED, span=(-3.0, 3.0)),
    Claim("drift", ATTACKS, "params.drift", 1, f"{ASSUMED}: aims drift over a year",
          off=0.0, inert="view.days"),
    Claim("truce", ATTACKS, "params.defection_share", 1,
          f"{ASSUMED}: who does not keep it holds back in part",
          {"view.truce": 1.0, "view.keeps": 0.0}, 0.0),
    Claim("truce", ATTACKS, "view.keeps", -1, f"{ASSUMED}: who keeps it holds fire",
          off=1.0, span=SHARE),
    Claim("truce", rate(convoy_hazard), "view.keeps", -1, ASSUMED, off=1.0, span=SHARE),
    Claim("truce", lambda made: float(may_attack(made["params"], made["view"])),
          "view.keeps", -1, f"{ASSUMED}: preparations come to nothing", off=1.0,
          span=SHARE),
    Claim("truce", gained("militia", "truce"), "percept.is_at_me", 1, ASSUMED,
          {**to(Act.TRUCE), "percept.is_mine": 0, "memory.truce": 0.0}, 0.0, on=1.0,
          span=SHARE),
    Claim("truce", lost("militia", "keeps"), "percept.is_at_me", 1,
          f"{ASSUMED}: it ends when it is said to end",
          {**to(Act.TRUCE_END), "percept.is_mine": 0, "memory.keeps": 1.0}, 0.0,
          on=1.0, span=SHARE),
    Claim("directive effect", ATTACKS, "params.directive_effect", 1, ASSUMED,
          {"view.directive": 1.0}, 0.0, "view.directive"),
    Claim("directive effect", ATTACKS, "params.directive_effect", -1,
          f"{ASSUMED}: told to hold, it attacks less", {"view.directive": -1.0}),
    Claim("directive effect", ATTACKS, "view.directive", 1, ASSUMED,
          span=(-1.0, 1.0)),
    Claim("stocks", ATTACKS, "view.launchers", 1, ASSUMED, off=0.0, on=1.0,
          sure={**ARMED, "params.base_rate": 1.0}),
    Claim("stocks", ATTACKS, "view.rounds", 1, ASSUMED, off=0.0, on=1.0,
          sure={**ARMED, "params.base_rate": 1.0}),
    # What it holds against others.
    Claim("blows", gained("militia", "blows"), "percept.is_at_me", 1, ASSUMED,
          {**to(Act.AIR_STRIKE), "percept.is_mine": 0, "params.solidarity": 0.0}, 0.0,
          on=1.0, span=SHARE),
    Claim("solidarity", gained("militia", "blows"), "params.solidarity", 1,
          f"{ASSUMED}: a blow to one is a blow to all, in part",
          {**to(Act.AIR_STRIKE), **AT_OTHER}, 0.0, on=1.0),
    *(
        Claim("shifts", gained("militia", "lean"), f"params.{field}", 1, ground,
              {**to(act), **where}, 0.0, on=1.0)
        for field, act, where, ground in (
            ("raid_shift", Act.RAID, AT_ME, ASSUMED),
            ("talks_shift", Act.TALKS, AT_OTHER,
             ARTICLE + "talks on the presence are attacked"),
            ("handover_shift", Act.BASE_HANDOVER, AT_OTHER, ASSUMED),
        )
    ),
    # What else it starts.
    Claim("convoy bombs", rate(convoy_hazard), "params.convoy_rate", 1, ASSUMED,
          off=0.0, on=1.0),
    Claim("convoy bombs", rate(convoy_hazard), "view.lean", 1, ASSUMED,
          span=(-3.0, 3.0)),
    Claim("convoy bombs", done(bomb, "killed_host"), "params.convoy_killed", 1,
          ASSUMED, off=0.0),
    Claim("convoy bombs", done(bomb, "wounded_host"), "params.convoy_wounded", 1,
          ASSUMED, off=0.0),
    Claim("menace", rate(menace_hazard), "params.menace_rate", 1, ASSUMED, off=0.0,
          on=1.0, sure={"view.blows": 1.0}),
    Claim("menace", rate(menace_hazard), "view.blows", 1, ASSUMED, off=0.0),
    Claim("coordination", chosen(joins, 1), "params.coordination_share", 1,
          ARTICLE + "two attempts at once", {**MINE, **ARMED}, 0.0, on=1.0),
    # What an attack does.
    Claim("accuracy", done(salvo, "hits"), "params.accuracy", 1, ASSUMED, off=0.0),
    Claim("accuracy", done(salvo, "killed_foreign"), "params.killed_per_hit", 1,
          ASSUMED, off=0.0),
    Claim("accuracy", done(salvo, "killed_civilian"), "setting.exposed_civilian", 1,
          f"{ASSUMED}: who is there is hit", off=0.0),
    Claim("presence", lambda made: site_weight(made["params"], made["view"],
          made["reach"], made["presence"]), "presence", 1,
          f"{ASSUMED}: an emptied site is no target", off=0.0, on=1.0,
          sure={"reach": 1.0}),
    # What it answers.
    Claim("retaliation", chosen(answers_strike, 1), "params.retaliation_share", 1,
          LINKE, {**AT_ME, **ARMED}, 0.0, on=1.0),
    Claim("retaliation", chosen(answers_strike, 1), "params.solidarity", 1, ASSUMED,
          AT_OTHER, 0.0),
    Claim("show of force", chosen(shows_force, 1), "params.show_of_force_share", 1,
          ARTICLE + "the arrested were fetched by a show of force", AT_ME, 0.0, on=1.0),
    Claim("threat", chosen(threatens, 1), "params.threat_share", 1,
          ARTICLE + "threats against the prime minister", AT_ME, 0.0, on=1.0),
    Claim("ultimatum", chosen(threatens, 2), "params.ultimatum_share", 1, ASSUMED,
          {**AT_ME, **QUIET}, 0.0, on=1.0),
    Claim("admission", chosen(threatens, 3), "params.admission_share", 1,
          ARTICLE + "attacks were admitted after the raid",
          {**AT_ME, **QUIET, "params.ultimatum_share": 0.0}, 0.0, on=1.0),
    Claim("solidarity", chosen(threatens, 1, 2, 3), "params.solidarity", 1, ASSUMED,
          AT_OTHER, 0.0),
    Claim("defiance", chosen(defies, 1), "params.defiance_share", 1,
          ARTICLE + "the released burned flags", AT_ME, 0.0, on=1.0),
    Claim("storming", chosen(storms, 1), "params.storming_share", 1,
          f"{ASSUMED}: once in the record, after a strike with 25 dead",
          {**AT_ME, "percept.killed_own": 1e9, "view.since_storming": 100.0}, 0.0,
          on=1.0),
    Claim("storming", chosen(storms, 1), "params.storming_deaths", -1, ASSUMED, AT_ME),
    Claim("storming", chosen(storms, 1), "params.storming_guard", -1,
          f"{ASSUMED}: guarded after one",
          {**AT_ME, "view.since_storming": 10.0}, 1.0),
    Claim("storming", chosen(storms, 1), "percept.killed_own", 1, ASSUMED, AT_ME,
          span=(0.0, 1000.0)),
    Claim("claim and denial", chosen(speaks, 1), "params.claim_share", 1,
          ARTICLE + "boasting", MINE, 0.0, on=1.0),
    Claim("claim and denial", chosen(speaks, 2), "params.denial_share", 1,
          ARTICLE + "denial after civilians were hurt", {**MINE, **HURT}, 0.0, on=1.0),
    Claim("claim and denial", chosen(speaks, 2), "percept.killed_civilian", 1, ASSUMED,
          {**MINE, "percept.wounded_civilian": 0.0}, 0.0),
    Claim("obedience", OBEYED, "params.obedience", 1,
          ARTICLE + "orders from Tehran, yet rogue", AT_ME, 0.0, on=1.0,
          sure={"percept.force": 1.0}),
    Claim("obedience", OBEYED, "percept.force", 1, ASSUMED, AT_ME, 0.0, on=1.0,
          sure={"params.obedience": 1.0}, span=SHARE),
]  # fmt: skip
