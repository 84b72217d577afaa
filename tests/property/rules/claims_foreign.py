"""What is claimed of a foreign power's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.attribution import evidence_is_true, posterior_of_named
from sim.rules.foreign_power.answers import demand_hazard, strike_effect, strikes
from sim.rules.foreign_power.escalation import (
    accuses,
    answers_direct_strike,
    direct_effect,
    kills_leader,
    mobilises,
)
from sim.rules.foreign_power.presence import (
    evacuation_threat_hazard,
    handover_hazard,
    support_hazard,
    talks_hazard,
)
from sim.rules.foreign_power.state import site_weight, suspicion
from tests.property.rules.claims import (
    ASSUMED,
    AT_ME,
    Claim,
    chosen,
    done,
    gained,
    rate,
    to,
)

ARTICLE: Final = "op-ed-2020-07-05: "
STRIKES: Final = chosen(strikes, 1)
CROSSED: Final = {"params.red_line": 1.0, "percept.killed_own": 1.0, **AT_ME}
SHORT: Final = {"params.red_line": 1.0, "percept.killed_own": 0.0, **AT_ME}
ONLY_BEYOND: Final = {
    "params.strike_share_below": 0.0,
    "params.strike_share": 1.0,
    "params.red_line": 3.0,
    **AT_ME,
}
PROVOKED: Final = {"view.provocation": 1.0, "params.demand_reciprocity": 1.0}
LEAVING, THREATENING = rate(handover_hazard), rate(evacuation_threat_hazard)
DEMANDS: Final = rate(demand_hazard)

CLAIMS: Final = [
    # The red line.
    Claim("red line", STRIKES, "params.red_line", -1, ARTICLE + "deaths are the line",
          ONLY_BEYOND, on=0.0),
    Claim("red line", STRIKES, "percept.killed_own", 1,
          f"{ASSUMED}: two of two attacks with own deaths were answered", ONLY_BEYOND,
          on=1000.0),
    Claim("red line", STRIKES, "params.strike_share", 1, ASSUMED, CROSSED, 0.0, on=1.0),
    Claim("strike share below", STRIKES, "params.strike_share_below", 1,
          f"{ASSUMED}: none of 34 attacks without own deaths was answered", SHORT, 0.0,
          on=1.0),
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
    Claim("misattribution", rate(suspicion), "view.blame", 1,
          f"{ASSUMED}: who was blamed is suspected", on=0.0),
    # Escalation.
    Claim("leader killing", chosen(kills_leader, 1), "params.leader_share", 1,
          f"{ASSUMED}: once in the record, after the storming", AT_ME, 0.0, on=1.0),
    Claim("mobilisation", chosen(mobilises, 1), "params.mobilisation_share", 1, ASSUMED,
          AT_ME, 0.0, on=1.0),
    Claim("accusation of the sponsor", chosen(accuses, 1), "params.accusation_share", 1,
          ARTICLE + "Washington blames Tehran", AT_ME, 0.0, on=1.0),
    Claim("sanctions", chosen(answers_direct_strike, 2), "params.sanction_share", 1,
          ASSUMED, {**AT_ME, "params.direct_share": 0.0}, 0.0, on=1.0),
    Claim("direct strike", chosen(answers_direct_strike, 1), "params.direct_share", 1,
          ASSUMED, CROSSED, 0.0, on=1.0),
    Claim("direct strike", chosen(answers_direct_strike, 1), "percept.killed_own", 1,
          ASSUMED, {**AT_ME, "params.red_line": 3.0}),
    Claim("direct strike", done(direct_effect, "killed_sponsor"),
          "params.direct_killed", 1, ASSUMED, off=0.0),
    # Pressure and presence.
    Claim("demands", DEMANDS, "params.demand_rate", 1, ARTICLE + "Washington pushes",
          off=0.0, on=1.0, sure=PROVOKED),
    Claim("demands", DEMANDS, "view.provocation", 1, ASSUMED, off=0.0),
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
           "memory.unwelcome": 0.0}, 0.0, on=1.0, span=(0.0, 1.0)),
    Claim("evacuation threat", THREATENING, "params.evacuation_threat_rate", 1, ASSUMED,
          off=0.0, on=1.0, sure=PROVOKED),
    Claim("evacuation threat", THREATENING, "view.provocation", 1, ASSUMED, off=0.0),
    Claim("presence", lambda made: site_weight(made["params"], made["view"],
          made["reach"], made["presence"]), "presence", 1,
          f"{ASSUMED}: a base left is left once", off=0.0, on=1.0, sure={"reach": 1.0}),
]  # fmt: skip
