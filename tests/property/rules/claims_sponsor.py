"""What is claimed of a sponsor's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.sponsor.answers import (
    calls_truce,
    direct_effect,
    instructs,
    pushes_back,
    strikes_back,
    visit_hazard,
)
from sim.rules.sponsor.orders import (
    answers_strike,
    delivery,
    hold_hazard,
    order,
    press_hazard,
    press_share,
    resupply_hazard,
)
from tests.property.rules.claims import (
    ASSUMED,
    AT_ME,
    AT_OTHER,
    MINE,
    Claim,
    chosen,
    done,
    felt,
    gained,
    rate,
    to,
)

ARTICLE: Final = "op-ed-2020-07-05: "
SHARE: Final = (0.0, 1.0)
PRESSES, HOLDS = rate(press_hazard), rate(hold_hazard)
DELIVERS, VISITS = rate(resupply_hazard), rate(visit_hazard)
UNMOVED: Final = {"params.press_reciprocity": 0.0, "params.caution": 0.0}
BEREFT: Final = {**to(Act.LEADER_KILLING), **AT_ME, "params.authority": 1.0}
FREE: Final = {"view.restriction": 0.0}

CLAIMS: Final = [
    # Orders.
    Claim("directive", PRESSES, "params.directive_rate", 1,
          ARTICLE + "orders from Tehran", off=0.0, on=1.0,
          sure={**UNMOVED, "params.press_bias": 0.0}),
    Claim("directive", HOLDS, "params.directive_rate", 1, ASSUMED, off=0.0, on=1.0,
          sure={**UNMOVED, "params.press_bias": 0.0}),
    Claim("directive", rate(press_share), "params.press_reciprocity", 1,
          f"{ASSUMED}: who is hit presses", off=0.0, inert="view.loss"),
    Claim("directive", rate(press_share), "view.loss", 1, ASSUMED),
    Claim("directive", rate(press_share), "params.caution", -1,
          f"{ASSUMED}: foreign deaths make it careful", off=0.0, inert="view.alarm"),
    Claim("directive", rate(press_share), "view.alarm", -1, ASSUMED),
    Claim("directive", chosen(answers_strike, 1, 2), "params.answer_share", 1, ASSUMED,
          off=0.0, on=1.0),
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
    Claim("commander", felt("sponsor", "authority", 60.0), "params.recovery_memory",
          -1, f"{ASSUMED}: a successor grows into it",
          {**BEREFT, "params.commander_share": 1.0}),
    # Access.
    Claim("restriction", DELIVERS, "params.restriction_effect", -1,
          ARTICLE + "a permit keeps the commander out", off=0.0,
          inert="view.restriction"),
    Claim("restriction", DELIVERS, "view.restriction", -1, ASSUMED),
    Claim("restriction", VISITS, "params.restriction_effect", -1, ASSUMED, off=0.0,
          inert="view.restriction"),
    Claim("restriction", VISITS, "view.restriction", -1, ASSUMED),
    Claim("restriction", gained("sponsor", "restriction"), "percept.is_at_me", 1,
          ASSUMED, {**to(Act.PERMIT_RULE), "percept.is_mine": 0}, 0.0, on=1.0,
          span=SHARE),
    Claim("resupply", DELIVERS, "params.resupply_rate", 1, ASSUMED, off=0.0, on=1.0,
          sure=FREE),
    Claim("resupply", done(delivery, "launchers"), "params.resupply_launchers", 1,
          ASSUMED, off=0.0, on=1.0),
    Claim("resupply", done(delivery, "rounds"), "params.resupply_rounds", 1, ASSUMED,
          off=0.0, on=1.0),
    Claim("visits", VISITS, "params.visit_rate", 1,
          ARTICLE + "his predecessor came and went", off=0.0, on=1.0, sure=FREE),
    # Answers.
    Claim("sanctions", gained("sponsor", "loss"), "params.sanction_loss", 1,
          f"{ASSUMED}: a sanction hurts as some blows do",
          {**to(Act.SANCTION), **AT_ME}, 0.0, on=1.0),
    Claim("pushback", chosen(pushes_back, 1), "params.pushback_share", 1,
          ARTICLE + "there is bound to be further pushback", AT_OTHER, 0.0, on=1.0),
    Claim("direct strike", chosen(strikes_back, 1), "params.direct_share", 1,
          f"{ASSUMED}: once in the record, after the killing", AT_ME, 0.0, on=1.0),
    Claim("direct strike", chosen(strikes_back, 1), "percept.is_at_me", 1, ASSUMED, {},
          0.0, span=SHARE),
    Claim("direct strike", done(direct_effect, "killed_foreign"),
          "params.direct_killed", 1, ASSUMED, off=0.0),
    Claim("direct strike", done(direct_effect, "wounded_foreign"),
          "params.direct_wounded", 1, ASSUMED, off=0.0),
    Claim("truce call", chosen(calls_truce, 1), "params.truce_share", 1,
          f"{ASSUMED}: a closed embassy costs it more than attacks gain", off=0.0,
          on=1.0),
]  # fmt: skip
