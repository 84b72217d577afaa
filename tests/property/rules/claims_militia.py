"""What is claimed of a militia's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.militia.answers import (
    answers_strike,
    defies,
    has_detained,
    is_firing,
    is_in_truce,
    is_latest,
    obeys,
    shows_force,
    speaks,
    storms,
    threatens,
)
from sim.rules.militia.attack import (
    attack_hazard,
    joins,
    may_attack,
    salvo,
    site_weight,
)
from sim.rules.militia.campaign import (
    announces,
    calm_hazard,
    is_quiet,
    rise_hazard,
    surges,
)
from tests.property.rules.claims import (
    ARMED,
    ASSUMED,
    AT_ME,
    AT_OTHER,
    MINE,
    OTHER,
    Claim,
    allowed,
    chosen,
    done,
    gained,
    lasting,
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
LEVELS: Final = (0.0, 2.0)
LEAN: Final = (-6.0, 6.0)
LAST: Final = "an order that a later one replaced is not obeyed"
LOSING: Final = {
    **AT_ME, **to(Act.THWARTED_ATTACK), "percept.means": 1.0, "memory.drive": 1.0,
}  # fmt: skip
"""An attack of its own was thwarted."""
OTHERS: Final = {"percept.is_mine": 0, "memory.ordered": -9.0, "memory.truce": 0.0}
QUIET: Final = {"params.threat_share": 0.0}

CLAIMS: Final = [
    # When it attacks.
    Claim("base rate", ATTACKS, "params.base_rate", 1, ASSUMED, off=0.0, on=1.0,
          sure=ARMED),
    Claim("campaigns", ATTACKS, "view.level", 1, f"{ASSUMED}: more in a surge",
          span=LEVELS),
    Claim("campaigns", ATTACKS, "params.swing", 1, ASSUMED,
          {**ARMED, "view.level": 2.0}, 0.0, "view.level"),
    Claim("campaigns", ATTACKS, "params.swing", -1, ASSUMED, {"view.level": 0.0}),
    Claim("campaigns", rate(rise_hazard), "view.lean", 1, ASSUMED, span=LEAN),
    Claim("campaigns", rate(calm_hazard), "view.lean", -1, ASSUMED, span=LEAN),
    Claim("campaigns", rate(rise_hazard), "params.swing", 1,
          f"{ASSUMED}: no levels without a swing", off=0.0, on=1.0,
          sure={"view.level": 1.0, "view.keeps": 0.0, "view.holds": 0.0}),
    Claim("campaigns", rate(rise_hazard), "params.persistence", -1, ASSUMED),
    Claim("campaigns", rate(calm_hazard), "params.persistence", -1, ASSUMED),
    Claim("campaigns", rate(rise_hazard), "view.level", -1,
          f"{ASSUMED}: no move above a surge",
          {"view.keeps": 0.0, "view.holds": 0.0}, span=LEVELS),
    Claim("campaigns", gained("militia", "level"), "percept.is_mine", 1,
          f"{ASSUMED}: its own move is a level",
          {**to(Act.READINESS_RAISED), "percept.target": OTHER, "memory.level":
           [0.0, 0.0, 0.0, 0.0]}, 0.0, on=1.0, span=SHARE),
    Claim("announcements", chosen(announces, 1), "params.announce_share", 1, ASSUMED,
          {**MINE, **to(Act.READINESS_RAISED), "view.level": 2.0,
           "view.announced": 0.0}, 0.0, on=1.0),
    Claim("announcements", chosen(announces, 2), "params.announce_share", 1, ASSUMED,
          {**MINE, **to(Act.READINESS_LOWERED), "view.level": 0.0}, 0.0, on=1.0),
    Claim("announcements", gained("militia", "lean"), "params.solidarity", 1, ASSUMED,
          {**to(Act.CAMPAIGN), **AT_OTHER, "params.order_shift": 1.0}, 0.0, on=1.0),
    Claim("announcements", lost("militia", "lean"), "params.solidarity", 1, ASSUMED,
          {**to(Act.SUSPENSION), **AT_OTHER, "params.order_shift": 1.0}, 0.0, on=1.0),
    Claim("truce", ATTACKS, "view.keeps", -1, f"{ASSUMED}: who keeps it holds fire",
          off=1.0, span=SHARE),
    Claim("truce", gained("militia", "keeps"), "memory.truce", 1,
          f"{ASSUMED}: obeyed while it is in force, it is kept",
          {**MINE, **to(Act.COMPLIANCE), "percept.force": 0.0, "memory.keeps": 0.0},
          0.0, on=1.0, span=SHARE),
    Claim("truce", allowed(may_attack), "view.keeps", -1,
          f"{ASSUMED}: preparations come to nothing", off=1.0, span=SHARE),
    Claim("truce", allowed(is_in_truce), "view.truce", 1,
          f"{ASSUMED}: one that has ended is not kept", off=0.0, on=1.0, span=SHARE),
    Claim("truce", gained("militia", "truce"), "percept.is_at_me", 1, ASSUMED,
          {**to(Act.TRUCE), "percept.is_mine": 0, "memory.truce": 0.0}, 0.0, on=1.0,
          span=SHARE),
    Claim("truce", lost("militia", "keeps"), "percept.is_at_me", 1,
          f"{ASSUMED}: it ends when it is said to end",
          {**to(Act.TRUCE_END), "percept.is_mine": 0, "memory.keeps": 1.0}, 0.0,
          on=1.0, span=SHARE),
    Claim("truce", rate(rise_hazard), "view.keeps", -1,
          f"{ASSUMED}: who keeps it stays quiet", off=1.0, span=SHARE),
    Claim("orders", gained("militia", "lean"), "params.order_shift", 1, ASSUMED,
          {**MINE, **to(Act.COMPLIANCE), "percept.force": 1.0}, 0.0, on=1.0),
    Claim("orders", lost("militia", "lean"), "params.order_shift", 1,
          f"{ASSUMED}: told to hold, it leans to calm down",
          {**MINE, **to(Act.COMPLIANCE), "percept.force": -1.0}, 0.0, on=1.0),
    Claim("latest order", lasting(is_latest), "view.since_order", 1,
          f"{ASSUMED}: {LAST}", off=-1.0, on=1e9, span=(0.0, 20.0)),
    *(
        Claim("latest order", lost("militia", "since_order"), "percept.is_at_me", 1,
              f"{ASSUMED}: an order or a truce replaces the one before",
              {**to(act), **OTHERS}, 0.0, on=1.0, span=SHARE)
        for act in (Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD, Act.TRUCE)
    ),
    Claim("latest order", allowed(is_firing), "view.holds", -1,
          f"{ASSUMED}: who holds its fire cannot ignore an order to", off=1.0, on=0.0,
          span=SHARE),
    Claim("announcements", allowed(surges), "view.announced", -1,
          f"{ASSUMED}: nothing is announced twice",
          {"view.level": 2.0, "view.keeps": 0.0, "view.holds": 0.0}, 1.0, on=0.0,
          span=(-1.0, 1.0)),
    *(
        Claim("announcements", allowed(surges), field, -1,
              f"{ASSUMED}: who holds its fire announces no campaign",
              {"view.level": 2.0, "view.announced": 0.0, "view.keeps": 0.0,
               "view.holds": 0.0},
              1.0, on=0.0, span=SHARE)
        for field in ("view.holds", "view.keeps")
    ),
    Claim("announcements", allowed(is_quiet), "view.announced", 1,
          f"{ASSUMED}: nothing is announced twice",
          {"view.level": 0.0, "view.since_engaged": 9.0}, -1.0, on=0.0,
          span=(-1.0, 1.0)),
    Claim("announcements", allowed(is_quiet), "view.since_engaged", 1,
          f"{ASSUMED}: a fight belies it", {"view.level": 0.0, "view.announced": 0.0},
          0.0, on=9.0),
    Claim("means", ATTACKS, "view.drive", 1, ASSUMED, off=0.0, on=1.0,
          span=SHARE, sure={**ARMED, "params.base_rate": 1.0}),
    Claim("means", lost("militia", "drive"), "params.means_aversion", 1,
          f"{ASSUMED}: who fears for its means attacks less",
          {**LOSING, "params.means_dependence": 1.0}, 0.0, on=3.0),
    Claim("means", lost("militia", "drive"), "params.means_dependence", 1,
          f"{ASSUMED}: what no other means replaces is lost",
          {**LOSING, "params.means_aversion": 1.0}, 0.0, on=1.0),
    # What it holds against others.
    Claim("solidarity", gained("militia", "lean"), "params.solidarity", 1,
          f"{ASSUMED}: a blow to one is a blow to all, in part",
          {**to(Act.AIR_STRIKE), **AT_OTHER, "params.blow_shift": 1.0}, 0.0, on=1.0),
    *(
        Claim("shifts", gained("militia", "lean"), f"params.{field}", 1, ground,
              {**to(act), **where}, 0.0, on=1.0)
        for field, act, where, ground in (
            ("blow_shift", Act.AIR_STRIKE, AT_ME, f"{ASSUMED}: the sign is not known"),
            ("raid_shift", Act.RAID, AT_ME, ASSUMED),
            ("release_shift", Act.RELEASE, AT_ME, ARTICLE + "the released are bolder"),
            ("talks_shift", Act.TALKS, AT_OTHER,
             ARTICLE + "talks on the presence are attacked"),
            ("handover_shift", Act.BASE_HANDOVER, AT_OTHER, ASSUMED),
        )
    ),
    # What else it starts.
    Claim("coordination", chosen(joins, 1), "params.coordination_share", 1,
          ARTICLE + "two attempts at once", {**MINE, **ARMED}, 0.0, on=1.0),
    # What an attack does.
    Claim("accuracy", done(salvo, "hits"), "setting.accuracy", 1, ASSUMED, off=0.0,
          span=SHARE),
    Claim("accuracy", done(salvo, "killed_foreign"), "setting.killed_per_hit", 1,
          ASSUMED, off=0.0),
    Claim("defences", done(salvo, "intercepted"), "setting.defence", 1, ASSUMED,
          off=0.0, span=SHARE),
    Claim("defences", done(salvo, "hits"), "setting.defence", -1, ASSUMED, off=1.0,
          span=SHARE),
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
    Claim("show of force", chosen(shows_force, 1), "params.defiance_share", 1,
          ARTICLE + "the arrested were fetched by a show of force", AT_ME, 0.0, on=1.0),
    Claim("show of force", allowed(has_detained), "view.detained", 1,
          f"{ASSUMED}: there is nobody to fetch once all are free", off=0.0, on=1.0),
    *(
        Claim("words after a raid", chosen(threatens, *words), "params.defiance_share",
              1, ARTICLE + ground, {**AT_ME, "u": u}, 0.0, on=1.0)
        for words, u, ground in (
            ((1, 2, 3), 0.5, "threats against the prime minister"),
            ((1,), 0.5, "threats against the prime minister"),
            ((2, 3), 0.7, "ultimatums"),
            ((3,), 0.9, "attacks were admitted after the raid"),
        )
    ),
    Claim("solidarity", chosen(threatens, 1, 2, 3), "params.solidarity", 1, ASSUMED,
          AT_OTHER, 0.0),
    Claim("defiance", chosen(defies, 1), "params.defiance_share", 1,
          ARTICLE + "the released burned flags", AT_ME, 0.0, on=1.0),
    Claim("storming", chosen(storms, 1), "params.storming_deaths", -1,
          f"{ASSUMED}: once in the record, after a strike with 25 dead",
          {**AT_ME, "view.since_storming": 100.0}, 1e5, on=0.0,
          sure={"percept.killed_own": 1e9}),
    Claim("storming", chosen(storms, 1), "params.storming_guard", -1,
          f"{ASSUMED}: guarded after one",
          {**AT_ME, "view.since_storming": 10.0, "percept.killed_own": 100.0}, 1.0),
    Claim("storming", chosen(storms, 1), "percept.killed_own", 1, ASSUMED,
          {**AT_ME, "params.storming_deaths": 20.0}, span=(0.0, 1000.0)),
    Claim("claim and denial", chosen(speaks, 1), "params.claim_share", 1,
          ARTICLE + "boasting", MINE, 0.0, on=1.0),
    Claim("claim and denial", chosen(speaks, 2), "params.denial_share", 1,
          ARTICLE + "denial after civilians were hurt", {**MINE, **HURT}, 0.0, on=1.0),
    Claim("claim and denial", chosen(speaks, 2), "percept.killed_civilian", 1, ASSUMED,
          {**MINE, "percept.wounded_civilian": 0.0}, 0.0),
    Claim("obedience", OBEYED, "params.obedience", 1,
          ARTICLE + "orders from Tehran, yet rogue", AT_ME, 0.0, on=1.0,
          sure={"percept.force": 1.0, "view.truce": 0.0}),
    Claim("obedience", OBEYED, "percept.force", 1, ASSUMED, AT_ME, 0.0, on=1.0,
          sure={"params.obedience": 1.0, "view.truce": 0.0}, span=SHARE),
]  # fmt: skip
