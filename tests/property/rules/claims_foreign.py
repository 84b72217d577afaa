"""What is claimed of a foreign power's mechanisms."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from sim.ladder import Act
from sim.rules import foreign_power
from sim.rules.attribution import evidence_is_true, posterior_of_named
from sim.rules.decay import Fading, left
from sim.rules.foreign_power.answers import (
    answers_militia,
    answers_sponsor,
    demand_hazard,
    direct_effect,
    strike_effect,
    wide_strike_effect,
)
from sim.rules.foreign_power.presence import (
    evacuation_threat_hazard,
    handover_hazard,
    support_hazard,
    talks_hazard,
)
from sim.rules.foreign_power.state import site_weight, suspicion
from sim.rules.tolerance import Account
from tests.property.rules.claims import (
    ASSUMED,
    AT_ME,
    OTHER,
    Claim,
    chosen,
    done,
    gained,
    lost,
    rate,
    to,
)

if TYPE_CHECKING:
    from tests.property.rules.claims import Made

ARTICLE: Final = "op-ed-2020-07-05: "
INTOLERANT: Final = {
    "params.tolerance": 0.001,
    "params.ladder_ratio": 1.01,
    "view.asked": 0.0,
    "view.sponsor_asked": 0.0,
    "view.is_vacant": 0.0,
}
FREE: Final = {"memory.preparing": 0.0}
ATTACKED: Final = {**to(Act.ROCKET_ATTACK), **AT_ME, **FREE, "percept.confidence": 1.0}
BEREAVED: Final = {**ATTACKED, "percept.killed_own": 1.0}
PROVOKED: Final = {
    "view.provocation": 1.0, "params.demand_reciprocity": 1.0, "view.has_asked": 0.0,
}  # fmt: skip
LEAVING, THREATENING = rate(handover_hazard), rate(evacuation_threat_hazard)
DEMANDS: Final = rate(demand_hazard)

WELCOME: Final = [Fading() for _ in range(4)]
BLAMED: Final = {
    "memory.last.level": 3.0,
    "memory.last_author": 1.0,
    "memory.last_confidence": 0.5,
    "memory.harm": [Account(3.0, 0.0, 0.0, 0.0) for _ in range(4)],
}


def handed(made: Made) -> float:
    """By how much belief in the sponsor's hand rises when the percept is noticed."""
    memory = copy.deepcopy(made["memory"])
    before = left(memory.hand, made["now"], made["params"].provocation_memory)
    foreign_power.KIND.notice(made["params"], memory, made["percept"], made["now"])
    return left(memory.hand, made["now"], made["params"].provocation_memory) - before


CLAIMS: Final = [
    # Tolerance.
    *(
        Claim("tolerance", chosen(answers_militia, *rungs), "params.tolerance", -1,
              f"{ASSUMED}: two of two attacks with own deaths were answered",
              {**AT_ME, "view.asked": 0.0, "view.harm": 3.0})
        for rungs in ((1, 2, 3), (2, 3), (3,))
    ),
    *(
        Claim("tolerance", chosen(answers_militia, *rungs), "view.harm", 1,
              f"{ASSUMED}: harm is borne up to a tolerance", AT_ME, 0.0, on=1e9,
              sure=INTOLERANT, span=(0.0, 50.0))
        for rungs in ((1, 2, 3), (2, 3), (3,))
    ),
    *(
        Claim("tolerance of the sponsor", chosen(answers_sponsor, *rungs),
              "view.sponsor_harm", 1, ARTICLE + "Washington blames Tehran",
              {**AT_ME, "view.sponsor_asked": 0.0, "params.tolerance": 1.0,
               "params.ladder_ratio": 2.0}, 0.0,
              on=1e9, sure=INTOLERANT, span=(0.0, 50.0))
        for rungs in ((1, 2, 3, 4, 5), (2, 3, 4, 5), (3, 4, 5), (4, 5), (5,))
    ),
    Claim("vacant post", chosen(answers_sponsor, 4), "view.is_vacant", -1,
          f"{ASSUMED}: nobody to kill",
          {**AT_ME, "params.tolerance": 0.1, "params.ladder_ratio": 2.0,
           "view.sponsor_asked": 0.0, "view.sponsor_harm": 1.2}, 1.0, span=(0.0, 1.0)),
    Claim("harm", gained("foreign_power", "harm"), "percept.killed_own", 1, ASSUMED,
          {**ATTACKED, "percept.author": OTHER}, on=5.0),
    Claim("harm", gained("foreign_power", "harm"), "params.wounded_weight", 1, ASSUMED,
          {**ATTACKED, "percept.author": OTHER}, inert="percept.wounded_own", off=0.0),
    Claim("harm", gained("foreign_power", "harm"), "percept.confidence", 1,
          f"{ASSUMED}: weighed by how surely it is laid to somebody", BEREAVED, 0.0,
          on=1.0, span=(0.0, 1.0)),
    Claim("belief in the sponsor", gained("foreign_power", "sponsor_harm"),
          "params.sponsor_belief", 1, ARTICLE + "Washington blames Tehran", BEREAVED,
          0.0, on=1.0),
    Claim("belief in the sponsor", gained("foreign_power", "sponsor_harm"),
          "params.storming_weight", 1, f"{ASSUMED}: once in the record",
          {**to(Act.EMBASSY_STORMING), **AT_ME, **FREE}, 0.0, on=1.0),
    Claim("belief in the sponsor", gained("foreign_power", "sponsor_harm"),
          "params.direct_weight", 1, f"{ASSUMED}: once in the record",
          {**to(Act.DIRECT_STRIKE), **AT_ME, **FREE}, 0.0, on=1.0),
    Claim("words", gained("foreign_power", "believed"), "params.claim_weight", 1,
          ARTICLE + "boasting", {**to(Act.CLAIM), **AT_ME}, 0.0, on=1.0),
    Claim("words", lost("foreign_power", "believed"), "params.claim_weight", 1,
          ARTICLE + "denial after boasting", {**to(Act.DENIAL), **AT_ME}, 0.0, on=1.0),
    Claim("words", gained("foreign_power", "harm"), "params.claim_weight", 1,
          f"{ASSUMED}: who claims it is blamed for it",
          {**to(Act.CLAIM), **AT_ME, **FREE, **BLAMED}, 0.0, on=1.0),
    Claim("words", lost("foreign_power", "harm"), "params.claim_weight", 1,
          f"{ASSUMED}: who denies it is blamed less",
          {**to(Act.DENIAL), **AT_ME, **FREE, **BLAMED}, 0.0, on=1.0),
    Claim("words", rate(suspicion), "view.believed", 1,
          f"{ASSUMED}: who boasted is suspected", span=(-3.0, 3.0)),
    Claim("finds", handed, "params.hand_shift", 1,
          f"{ASSUMED}: finds show whose arms they are",
          {**to(Act.SEIZURE), "percept.is_mine": 0}, 0.0, on=1.0),
    Claim("leave effect", chosen(answers_militia, 1, 2, 3), "view.protests", -1,
          f"{ASSUMED}: a guest that is asked to leave strikes less freely",
          {**AT_ME, "view.asked": 0.0, "view.harm": 3.0, "params.tolerance": 1.0}),
    Claim("leave effect", gained("foreign_power", "unwelcome"), "percept.is_at_me", 1,
          f"{ASSUMED}: an accusation is a complaint",
          {**to(Act.ACCUSATION), "percept.is_mine": 0, "memory.unwelcome": WELCOME},
          0.0, on=1.0, span=(0.0, 1.0)),
    Claim("menaces", gained("foreign_power", "provocation"), "params.menace_weight", 1,
          f"{ASSUMED}: an announced campaign provokes it",
          {**to(Act.CAMPAIGN), **AT_ME}, 0.0, on=1.0),
    Claim("menaces", lost("foreign_power", "provocation"), "params.menace_weight", 1,
          f"{ASSUMED}: a suspension appeases it",
          {**to(Act.SUSPENSION), **AT_ME, "memory.provocation.level": 1.0,
           "memory.provocation.since": 0.0}, 0.0, on=1.0),
    Claim("several sites", done(wide_strike_effect, "killed_militia"),
          "params.strike_killed", 1, f"{ASSUMED}: twice the toll", off=0.0),
    Claim("proportionality", done(strike_effect, "killed_militia"),
          "params.proportionality", 1, f"{ASSUMED}: harm in proportion", off=0.0),
    *(
        Claim("proportionality", done(strike_effect, harm), "params.proportionality", 1,
              ASSUMED, off=0.0)
        for harm in ("killed_host", "killed_civilian", "wounded_militia", "launchers")
    ),
    # Attribution.
    Claim("misattribution", lambda made: float(evidence_is_true(
          made["params"].evidence, made["u"])), "params.evidence", 1,
          f"{ASSUMED}: attribution as belief", off=0.0, on=1.0),
    Claim("misattribution", lambda made: posterior_of_named(made["params"].evidence,
          made["u"]), "params.evidence", 1, "Bayes' rule", on=1.0),
    Claim("misattribution", rate(suspicion), "view.harm", 1,
          f"{ASSUMED}: who is held responsible is suspected", on=0.0),
    # Escalation.
    Claim("direct strike", done(direct_effect, "killed_sponsor"),
          "params.strike_killed", 1, ASSUMED, off=0.0),
    # Pressure and presence.
    Claim("demands", DEMANDS, "params.demand_rate", 1, ARTICLE + "Washington pushes",
          off=0.0, on=1.0, sure=PROVOKED),
    Claim("demands", DEMANDS, "view.provocation", 1, ASSUMED, off=0.0),
    Claim("demands", DEMANDS, "view.has_asked", -1,
          f"{ASSUMED}: one that stands is not made again", off=1.0,
          span=(0.0, 1.0)),
    Claim("support", rate(support_hazard), "params.support_rate", 1, ASSUMED, off=0.0,
          on=1.0),
    Claim("talks", rate(talks_hazard), "params.talks_rate", 1,
          ARTICLE + "talks go on", off=0.0, on=1.0),
    Claim("hand-over", LEAVING, "params.handover_rate", 1, ASSUMED, off=0.0, on=1.0),
    Claim("leave effect", LEAVING, "params.leave_effect", 1,
          f"{ASSUMED}: who is asked to leave leaves sooner", off=0.0,
          inert="view.unwelcome"),
    Claim("leave effect", LEAVING, "view.unwelcome", 1, ASSUMED),
    Claim("leave effect", gained("foreign_power", "unwelcome"), "percept.is_at_me", 1,
          f"{ASSUMED}: only a demand to itself",
          {**to(Act.DEMAND_TO_LEAVE), "percept.is_mine": 0,
           "memory.unwelcome": WELCOME}, 0.0, on=1.0, span=(0.0, 1.0)),
    Claim("evacuation threat", THREATENING, "params.evacuation_threat_rate", 1, ASSUMED,
          off=0.0, on=1.0, sure=PROVOKED),
    Claim("evacuation threat", THREATENING, "view.provocation", 1, ASSUMED, off=0.0),
    Claim("presence", lambda made: site_weight(made["params"], made["view"],
          made["reach"], made["presence"]), "presence", 1,
          f"{ASSUMED}: a base left is left once", off=0.0, on=1.0, sure={"reach": 1.0}),
]  # fmt: skip
