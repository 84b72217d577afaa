"""What is claimed of a host government's mechanisms."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.host_government.custody import (
    detains,
    protests,
    release_effect,
)
from sim.rules.host_government.enforcement import (
    detection,
    found_launcher,
    interdicts,
    investigation_hazard,
    raid_effect,
    raid_hazard,
    restriction_hazard,
    searches,
)
from sim.rules.host_government.state import suspicion
from tests.property.rules.claims import (
    ASSUMED,
    AT_ME,
    MINE,
    OTHER,
    Claim,
    chosen,
    done,
    felt,
    gained,
    lost,
    rate,
    to,
)

ARTICLE: Final = "op-ed-2020-07-05: "
RAIDS, CURBS = rate(raid_hazard), rate(restriction_hazard)
INQUIRIES, NOTICES = rate(investigation_hazard), rate(detection)
SHARE: Final = (0.0, 1.0)
WILL: Final = felt("host_government", "will", 10.0)
COOL: Final = {"memory.urge.level": 0.0, "memory.unripe.level": 0.0}
KNOWN: Final = {"view.intelligence": 5.0}
WILLING: Final = {"view.will": 1.0, "view.awe": 0.0, "view.rule": 0.0}
STRONG: Final = {
    **KNOWN,
    **WILLING,
    "params.raid_rate": 1.0,
    "params.restriction_rate": 1.0,
    "params.investigation_rate": 1.0,
    "params.ability": 1.0,
    "view.authority": 1.0,
}
HELD: Final = {"setting.stake": 9.0, "view.captives": 9.0}
LOSING: Final = {"memory.authority.level": 1.0, "params.authority": 1.0}
WINNING: Final = {"memory.authority.level": 0.0, "params.authority": 0.0}
INTOLERANT: Final = {
    "params.breach_tolerance": 0.001,
    "view.breach_asked": 0.0,
    "percept.is_mine": 0,
}
KILLING: Final = to(Act.LEADER_KILLING)

CLAIMS: Final = [
    # Will, ability, standing.
    Claim("will", RAIDS, "view.will", 1,
          ARTICLE + "earlier governments turned a blind eye", off=0.0, on=1.0,
          sure=STRONG, span=SHARE),
    Claim("will", CURBS, "view.will", 1, ASSUMED, off=0.0, on=1.0, sure=STRONG,
          span=SHARE),
    Claim("will", INQUIRIES, "view.will", 1, ASSUMED, off=0.0, on=1.0, sure=STRONG,
          span=SHARE),
    Claim("will", chosen(interdicts, 1), "view.will", 1, ASSUMED, off=0.0, on=1.0,
          span=SHARE),
    Claim("will", WILL, "params.will", 1, ARTICLE + "the prime minister's will",
          to(Act.RULE_LIFTED)),
    Claim("new government", gained("host_government", "will"), "params.new_government",
          1, ARTICLE + "the new prime minister acts",
          {**to(Act.GOVERNMENT_SWORN_IN), **MINE, "memory.is_new": 0.0,
           "params.will": 0.0, **COOL}, 0.0, on=1.0),
    *(
        Claim("urges", WILL, f"params.{effect}", sign, ground,
              {**to(act), **AT_ME, "params.will_memory": 30.0})
        for effect, act, sign, ground in (
            ("pressure_effect", Act.DEMAND, 1, ARTICLE + "Washington pushes"),
            ("support_effect", Act.SUPPORT, 1, ARTICLE + "show support"),
            ("fear_effect", Act.THREAT, -1, f"{ASSUMED}: menaces hold it back"),
        )
    ),
    Claim("urges", WILL, "params.impatience_effect", 1,
          ARTICLE + "the prime minister is impatient",
          {**to(Act.ROCKET_ATTACK), **AT_ME, "params.will_memory": 30.0}, 0.0,
          "percept.killed_own"),
    Claim("ability", RAIDS, "params.ability", 1,
          ARTICLE + "earlier governments could not touch it", off=0.0, on=1.0,
          sure=STRONG),
    Claim("ability", INQUIRIES, "params.ability", 1, ASSUMED, off=0.0, on=1.0,
          sure=STRONG),
    Claim("ability", NOTICES, "params.ability", 1, ASSUMED, off=0.0),
    Claim("authority", RAIDS, "view.authority", 1,
          f"{ASSUMED}: without authority its forces do not move", off=0.0, on=1.0,
          sure=STRONG, span=SHARE),
    Claim("authority", lost("host_government", "authority"), "params.authority_step", 1,
          ASSUMED, {**to(Act.ROCKET_ATTACK), **LOSING}, 0.0, on=0.5,
          sure={"percept.killed_civilian": 1.0}),
    Claim("authority", lost("host_government", "authority"), "params.authority_step", 1,
          ARTICLE + "pictures burned by the released",
          {**to(Act.DEFIANCE), **AT_ME, **LOSING}, 0.0, on=0.5),
    Claim("authority", lost("host_government", "authority"), "params.authority_step", 1,
          f"{ASSUMED}: a strike on its soil shows that it is not master there",
          {**to(Act.AIR_STRIKE), **LOSING}, 0.0, on=0.5),
    Claim("authority", gained("host_government", "authority"),
          "params.authority_step", 1, ASSUMED,
          {**to(Act.RAID), **MINE, **WINNING}, 0.0, on=0.5),
    Claim("authority", felt("host_government", "authority", 30.0),
          "params.authority", 1, f"{ASSUMED}: it drifts to its rest",
          {**to(Act.SUPPORT), "memory.authority.level": 0.0}, 0.0, on=1.0),
    # Knowledge.
    Claim("intelligence", RAIDS, "view.intelligence", 1,
          ARTICLE + "intelligence came before the raid", off=0.0, on=1.0,
          sure={key: value for key, value in STRONG.items() if key not in KNOWN}),
    Claim("intelligence", INQUIRIES, "params.investigation_rate", 1, ASSUMED, off=0.0,
          on=1.0, sure=STRONG),
    Claim("intelligence", gained("host_government", "intelligence"),
          "percept.is_mine", 1, ASSUMED,
          {**to(Act.INVESTIGATION), "percept.target": OTHER}, 0.0, on=1.0, span=SHARE),
    Claim("intelligence", gained("host_government", "intelligence"),
          "params.trace_gain", 1, f"{ASSUMED}: an attack leaves traces",
          {**to(Act.ROCKET_ATTACK), "percept.confidence": 1.0,
           "percept.killed_civilian": 1.0}, 0.0, on=1.0),
    Claim("intelligence", gained("host_government", "intelligence"),
          "percept.killed_civilian", 1, f"{ASSUMED}: attacks are looked into by harm",
          {**to(Act.ROCKET_ATTACK), "percept.confidence": 1.0}),
    Claim("words", rate(suspicion), "view.intelligence", 1,
          f"{ASSUMED}: who is known is suspected", on=0.0),
    # What urges it, and what holds it back.
    Claim("raid", RAIDS, "params.raid_rate", 1, ASSUMED, off=0.0, on=1.0, sure=STRONG),
    # What it does.
    Claim("arrests", done(raid_effect, "persons"), "params.arrests_mean", 1,
          ARTICLE + "a dozen arrests", off=0.0),
    Claim("seizure", done(raid_effect, "launchers"), "params.seizure_share", 1,
          ARTICLE + "three launchers", off=0.0),
    Claim("seizure", done(raid_effect, "launchers"), "setting.target_launchers", 1,
          ASSUMED, off=0.0),
    Claim("raid breaks preparations", done(raid_effect, "interdiction"),
          "view.intelligence", 1, f"{ASSUMED}: who is known is found", off=0.0,
          on=5.0, sure={"params.interdiction_share": 1.0}),
    Claim("raid breaks preparations", done(raid_effect, "interdiction"),
          "params.interdiction_share", 1, ASSUMED, off=0.0, on=1.0, sure=KNOWN),
    Claim("interdiction", NOTICES, "params.detection_share", 1, ASSUMED, off=0.0,
          on=1.0, sure=STRONG),
    Claim("search and finds", chosen(searches, 1), "params.find_share", 1,
          ARTICLE + "launchers are found after attacks", off=0.0, on=1.0,
          sure={"params.ability": 1.0}),
    Claim("search and finds", chosen(searches, 1), "params.ability", 1, ASSUMED,
          off=0.0),
    Claim("search and finds", done(found_launcher, "launchers"),
          "setting.target_launchers", 1, ASSUMED, off=0.0, on=1.0),
    Claim("custody and release", done(release_effect, "persons"),
          "params.release_share", 1, ARTICLE + "all but three were released", HELD,
          0.0, on=1.0),
    Claim("custody and release", done(release_effect, "persons"), "view.captives", 1,
          f"{ASSUMED}: whom it holds it can let go", {"setting.stake": 9.0}, 0.0,
          on=9.0, sure={"params.release_share": 1.0}, span=(0.0, 20.0)),
    Claim("custody and release", chosen(detains, 1), "percept.is_mine", 1, ASSUMED, {},
          0.0, on=1.0, span=SHARE),
    Claim("permit rule", CURBS, "params.restriction_rate", 1,
          ARTICLE + "the new commander needs a permit", off=0.0, on=1.0, sure=STRONG),
    Claim("permit rule", CURBS, "params.commander_awe", -1,
          ARTICLE + "his predecessor came and went", off=0.0, inert="view.awe"),
    Claim("permit rule", CURBS, "view.awe", -1, ASSUMED, span=SHARE),
    Claim("permit rule", lost("host_government", "awe"), "memory.awe", 1,
          f"{ASSUMED}: the awe dies with the man", KILLING, 0.0, on=1.0, span=SHARE),
    # What it says.
    *(
        Claim("protests", chosen(protests, *rungs), "params.breach_tolerance", -1,
              ARTICLE + "lawmakers accuse",
              {"percept.is_mine": 0, **to(Act.AIR_STRIKE), "view.protest": stands})
        for rungs, stands in (
            ((1, 2, 3, 4), 0.0), ((2, 3, 4), 0.0), ((3, 4), 0.0), ((4,), 3.0)
        )
    ),
    *(
        Claim("protests", chosen(protests, *rungs), "view.breach", 1, ASSUMED,
              {"percept.is_mine": 0, **to(Act.AIR_STRIKE), "view.protest": stands}, 0.0,
              on=1e9, sure=INTOLERANT, span=(0.0, 50.0))
        for rungs, stands in (
            ((2, 3, 4), 0.0), ((3, 4), 0.0), ((4,), 3.0)
        )
    ),
    # What stands.
    Claim("standing rule", CURBS, "view.rule", -1,
          f"{ASSUMED}: a rule is issued once", off=1.0, span=SHARE),
    Claim("standing rule", gained("host_government", "rule"), "percept.is_mine", 1,
          ASSUMED, {**to(Act.PERMIT_RULE), "percept.target": OTHER,
          "memory.rule": [0.0] * 4}, 0.0, on=1.0, span=SHARE),
]  # fmt: skip
