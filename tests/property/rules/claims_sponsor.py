"""What is claimed of a sponsor's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.sponsor.answers import (
    answers_blow,
    breaks_truce,
    calls_truce,
    direct_effect,
    instructs,
    is_open,
    is_timely,
    orders_attack,
    pushes_back,
    truce_hazard,
    visit_hazard,
)
from sim.rules.sponsor.orders import (
    hold_hazard,
    may_call_truce,
    order,
    press_hazard,
    press_share,
)
from tests.property.rules.claims import (
    ASSUMED,
    AT_ME,
    AT_OTHER,
    MINE,
    Claim,
    allowed,
    chosen,
    done,
    felt,
    gained,
    lasting,
    lost,
    rate,
    to,
)

ARTICLE: Final = "op-ed-2020-07-05: "
SHARE: Final = (0.0, 1.0)
PRESSES, HOLDS = rate(press_hazard), rate(hold_hazard)
VISITS, ORDERED = rate(visit_hazard), done(order, "force")
UNMOVED: Final = {"params.press_reciprocity": 0.0, "params.caution": 0.0}
BEREFT: Final = {**to(Act.LEADER_KILLING), **AT_ME, "params.authority": 1.0}
INTOLERANT: Final = {
    "params.loss_tolerance": 0.001,
    "view.loss_asked": 0.0,
}
FREE: Final = {"view.restriction": 0.0}

CLAIMS: Final = [
    # Orders.
    Claim("directive", PRESSES, "params.directive_rate", 1,
          ARTICLE + "orders from Tehran", off=0.0, on=1.0,
          sure={**UNMOVED, "params.press_bias": 0.0, "view.truce": 0.0,
                "view.stands": 0.0, "view.stance": 0.0}),
    Claim("directive", HOLDS, "params.directive_rate", 1, ASSUMED, off=0.0, on=1.0,
          sure={**UNMOVED, "params.press_bias": 0.0, "view.truce": 0.0,
                "view.stands": 0.0, "view.stance": 0.0}),
    Claim("directive", rate(press_share), "params.press_reciprocity", 1,
          f"{ASSUMED}: who is hit presses", off=0.0, inert="view.loss"),
    Claim("directive", rate(press_share), "view.loss", 1, ASSUMED),
    Claim("directive", rate(press_share), "params.caution", -1,
          f"{ASSUMED}: foreign deaths make it careful", off=0.0, inert="view.alarm"),
    Claim("directive", rate(press_share), "view.alarm", -1, ASSUMED),
    Claim("visits bring orders", chosen(instructs, 1), "view.loss", 1, ASSUMED, MINE),
    Claim("visits bring orders", chosen(instructs, 1, 2), "percept.is_mine", 1,
          ARTICLE + "the commander comes to give orders", {}, 0.0, on=1.0, span=SHARE),
    # The commander.
    Claim("commander", done(order, "force"), "view.authority", 1, ASSUMED, off=0.0,
          on=1.0, span=SHARE),
    Claim("commander", felt("sponsor", "authority"), "params.authority", 1, ASSUMED,
          off=0.0),
    Claim("commander", felt("sponsor", "authority"), "params.commander_share", -1,
          ARTICLE + "his successor lacks his standing", BEREFT, 1.0, on=0.0),
    Claim("commander", felt("sponsor", "authority", 60.0), "params.replacement_days",
          -1, f"{ASSUMED}: a successor grows into it",
          {**to(Act.APPOINTMENT), **MINE, "params.authority": 1.0,
           "params.commander_share": 1.0}),
    Claim("commander", VISITS, "view.is_vacant", -1,
          f"{ASSUMED}: nobody visits while the post is vacant", span=SHARE),
    # Access.
    Claim("restriction", ORDERED, "params.restriction_effect", -1,
          ARTICLE + "a permit keeps the commander out", off=0.0,
          inert="view.restriction"),
    Claim("restriction", ORDERED, "view.restriction", -1, ASSUMED),
    Claim("restriction", VISITS, "params.restriction_effect", -1, ASSUMED, off=0.0,
          inert="view.restriction"),
    Claim("restriction", VISITS, "view.restriction", -1, ASSUMED),
    Claim("restriction", gained("sponsor", "restriction"), "percept.is_at_me", 1,
          ASSUMED, {**to(Act.PERMIT_RULE), "percept.is_mine": 0}, 0.0, on=1.0,
          span=SHARE),
    Claim("restriction", lost("sponsor", "restriction"), "percept.is_at_me", 1,
          f"{ASSUMED}: a rule stands until it is lifted",
          {**to(Act.RULE_LIFTED), "percept.is_mine": 0, "memory.restriction": 1.0},
          0.0, on=1.0, span=SHARE),
    Claim("visits", VISITS, "params.visit_rate", 1,
          ARTICLE + "his predecessor came and went", off=0.0, on=1.0,
          sure={**FREE, "view.is_vacant": 0.0, "view.stays": 0.0}),
    Claim("visits", VISITS, "view.stays", -1,
          f"{ASSUMED}: not again at once, nor amid direct strikes", off=1.0,
          span=SHARE),
    # Answers.
    Claim("sanctions", gained("sponsor", "loss"), "params.sanction_loss", 1,
          f"{ASSUMED}: a sanction hurts as some blows do",
          {**to(Act.SANCTION), **AT_ME}, 0.0, on=1.0),
    *(
        Claim("losses", gained("sponsor", "loss"), f"params.{field}", 1, ASSUMED,
              {**to(act), **where, "percept.killed_target": 4.0,
               "memory.preparing": 0.0},
              0.0, on=1.0)
        for field, act, where in (
            ("death_loss", Act.AIR_STRIKE, AT_OTHER),
            ("commander_loss", Act.LEADER_KILLING, {**AT_ME, "params.death_loss": 0.0}),
            ("curb_loss", Act.PERMIT_RULE, AT_ME),
            ("curb_loss", Act.RAID, AT_OTHER),
        )
    ),
    *(
        Claim(name, chosen(rule, *wanted), "params.loss_tolerance", -1, ground,
              AT_OTHER)
        for name, rule, wanted, ground in (
            ("pushback", pushes_back, (1,),
             ARTICLE + "there is bound to be further pushback"),
            ("orders after losses", orders_attack, (1, 2), ASSUMED),
            ("orders after losses", orders_attack, (2,), ASSUMED),
            ("direct strike", answers_blow, (2,),
             f"{ASSUMED}: once in the record, after the killing"),
        )
    ),
    *(
        Claim(name, chosen(rule, *wanted), "view.loss", 1, ASSUMED, AT_OTHER, 0.0,
              on=1e9, sure=INTOLERANT, span=(0.0, 50.0))
        for name, rule, wanted in (
            ("pushback", pushes_back, (1,)),
            ("orders after losses", orders_attack, (1, 2)),
            ("orders after losses", orders_attack, (2,)),
            ("direct strike", answers_blow, (2,)),
        )
    ),
    Claim("direct strike", done(direct_effect, "killed_foreign"),
          "params.direct_killed", 1, ASSUMED, off=0.0),
    Claim("direct strike", done(direct_effect, "wounded_foreign"),
          "params.direct_wounded", 1, ASSUMED, off=0.0),
    Claim("truce call", chosen(calls_truce, 1), "params.truce_share", 1,
          f"{ASSUMED}: a closed embassy costs it more than attacks gain", off=0.0,
          on=1.0),
    Claim("truce call", rate(truce_hazard), "params.truce_rate", 1, ASSUMED, off=0.0,
          on=1.0, sure={"view.truce": 0.0, "view.stance": 0.0, "params.press_bias": 0.0,
                **UNMOVED}),
    Claim("stance", PRESSES, "view.stance", 1,
          f"{ASSUMED}: nobody asks one client for what it forbids another", off=-1.0,
          span=(-1.0, 1.0)),
    Claim("stance", HOLDS, "view.stance", -1, ASSUMED, off=1.0, span=(-1.0, 1.0)),
    Claim("stance", gained("sponsor", "stance"), "percept.is_at_me", 1,
          f"{ASSUMED}: a blow asks for attacks",
          {**to(Act.DIRECT_STRIKE), "percept.is_mine": 0, "memory.stance": 0.0}, 0.0,
          on=1.0, span=SHARE),
    Claim("stance", felt("sponsor", "stance"), "memory.preparing", 1,
          f"{ASSUMED}: who prepares to strike does not ask for restraint",
          {**to(Act.RULE_LIFTED), "memory.stance": -1.0, "memory.ordered": 1e9}, 0.0,
          on=1.0, span=SHARE),
    Claim("stance", lost("sponsor", "stance"), "percept.killed_target", 1,
          f"{ASSUMED}: foreign dead end what asked for attacks",
          {**to(Act.ROCKET_ATTACK), "percept.is_mine": 0, "memory.stance": 1.0,
           "memory.stance_until": 1e9, "memory.preparing": 0.0, "params.caution": 1.0},
          0.0, on=1.0, span=(0.0, 3.0)),
    *(
        Claim("settled", lasting(rule), "view.since_settled", 1,
              f"{ASSUMED}: a direct strike settles what was to be answered", off=-1.0,
              on=1e9, sure={"waited": 1.0}, span=(0.0, 20.0))
        for rule in (is_open, is_timely)
    ),
    Claim("truce binds", PRESSES, "view.truce", -1,
          f"{ASSUMED}: who calls a truce orders no attack", off=1.0, span=SHARE),
    Claim("truce binds", HOLDS, "view.truce", -1, f"{ASSUMED}: it asks for the same",
          off=1.0, span=SHARE),
    Claim("truce binds", allowed(may_call_truce), "view.truce", -1, ASSUMED,
          {"view.stance": 0.0}, 1.0, on=0.0, span=SHARE),
    Claim("truce breaks", chosen(breaks_truce, 1), "percept.killed_target", 1,
          f"{ASSUMED}: a deadly strike ends it",
          {**to(Act.AIR_STRIKE), **AT_OTHER, "view.truce": 1.0}, 0.0),
    Claim("truce breaks", chosen(breaks_truce, 1), "params.truce_deaths", -1, ASSUMED,
          {**to(Act.AIR_STRIKE), **AT_OTHER, "view.truce": 1.0}),
]  # fmt: skip
