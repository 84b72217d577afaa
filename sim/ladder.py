"""What one actor can do to another, and how high on the ladder each act stands.

Every act has one row: its CAMEO code, two Goldstein weights (the CAMEO table's and
the older WEIS values, which disagree on de-escalation), its rung after Kahn (1965),
and how visible its author is. Rungs 1 to 9 keep Kahn's meaning; rungs 10 to 12 are
relabelled for a confrontation that stays below his nuclear rungs. War is no act: it
is an outcome read off the log.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class Act(IntEnum):
    """The kind of thing done; the numbers are part of the results (append only)."""

    NONE = 0
    ROCKET_ATTACK = 1
    CONVOY_BOMB = 2
    THWARTED_ATTACK = 3
    RAID = 4
    ARREST = 5
    SEIZURE = 6
    RELEASE = 7
    THREAT = 8
    ULTIMATUM = 9
    CLAIM = 10
    DENIAL = 11
    ADMISSION = 12
    PRAISE = 13
    SHOW_OF_FORCE = 14
    DEMONSTRATION = 15
    DEFIANCE = 16
    EMBASSY_STORMING = 17
    ACCUSATION = 18
    PROTEST_NOTE = 19
    DEMAND_TO_LEAVE = 20
    DEMAND = 21
    EXPULSION_VOTE = 22
    PERMIT_RULE = 23
    VISIT = 24
    TALKS = 25
    SUPPORT = 26
    SANCTION = 27
    MOBILISATION = 28
    AIR_STRIKE = 29
    LEADER_KILLING = 30
    DIRECT_STRIKE = 31
    BASE_HANDOVER = 32
    TRUCE = 33
    EVACUATION_THREAT = 34
    EVACUATION = 35
    INVESTIGATION = 36
    DIRECTIVE_PRESS = 37
    DIRECTIVE_HOLD = 38
    COMPLIANCE = 39
    DISOBEDIENCE = 40
    RESUPPLY = 41
    GOVERNMENT_SWORN_IN = 42
    TRUCE_END = 43
    APPOINTMENT = 44
    RULE_LIFTED = 45
    MILITIA_LEADER_KILLING = 46
    EXPULSION = 47
    READINESS_RAISED = 48
    READINESS_LOWERED = 49
    CAMPAIGN = 50
    SUSPENSION = 51


class Visibility(IntEnum):
    """Who learns of an act, and whether they learn who did it."""

    OVERT = 0
    """Everyone may notice it and its author is known."""
    COVERT = 1
    """Everyone may notice it; its author must be inferred."""
    PRIVATE = 2
    """Only author and target notice it."""


class ActRow(NamedTuple):
    """One row of the table of acts."""

    act: Act
    cameo: str
    """CAMEO event code; empty where the act has none."""
    goldstein_cameo: float
    """Goldstein weight of that code in the CAMEO table, -10 to +10."""
    goldstein_weis: float
    """Goldstein (1992) weight of the nearest WEIS code, -10 to +8.3."""
    rung: int
    """Rung of the ladder, 0 (none) to 12."""
    visibility: Visibility
    label: str
    """How a narrative or a plot names it."""


_O, _C, _P = Visibility.OVERT, Visibility.COVERT, Visibility.PRIVATE

ACTS: Final[tuple[ActRow, ...]] = (
    ActRow(Act.NONE, "", 0.0, 0.0, 0, _P, "nothing"),
    ActRow(Act.ROCKET_ATTACK, "194", -10.0, -10.0, 8, _C, "rocket attack"),
    ActRow(Act.CONVOY_BOMB, "1833", -10.0, -8.7, 8, _C, "convoy bomb"),
    ActRow(Act.THWARTED_ATTACK, "1711", -9.2, -9.2, 7, _O, "attack thwarted"),
    ActRow(Act.RAID, "190", -10.0, -9.2, 7, _O, "raid"),
    ActRow(Act.ARREST, "173", -5.0, -4.4, 7, _O, "arrest"),
    ActRow(Act.SEIZURE, "1711", -9.2, -9.2, 7, _O, "seizure"),
    ActRow(Act.RELEASE, "0841", 7.0, 1.9, 0, _O, "release"),
    ActRow(Act.THREAT, "138", -7.0, -7.0, 4, _O, "threat"),
    ActRow(Act.ULTIMATUM, "139", -7.0, -6.9, 3, _O, "ultimatum"),
    ActRow(Act.CLAIM, "010", 0.0, 0.0, 4, _O, "claim"),
    ActRow(Act.DENIAL, "016", -2.0, -1.1, 1, _O, "denial"),
    ActRow(Act.ADMISSION, "010", 0.0, 0.0, 4, _O, "admission"),
    ActRow(Act.PRAISE, "051", 3.4, 3.4, 2, _O, "praise"),
    ActRow(Act.SHOW_OF_FORCE, "154", -7.2, -7.6, 5, _O, "show of force"),
    ActRow(Act.DEMONSTRATION, "141", -6.5, -5.2, 2, _O, "demonstration"),
    ActRow(Act.DEFIANCE, "141", -6.5, -5.2, 4, _O, "defiance"),
    ActRow(Act.EMBASSY_STORMING, "145", -7.5, -8.3, 9, _O, "storming of the embassy"),
    ActRow(Act.ACCUSATION, "112", -2.0, -2.2, 2, _O, "accusation"),
    ActRow(Act.PROTEST_NOTE, "111", -2.0, -2.4, 2, _O, "formal protest"),
    ActRow(Act.DEMAND_TO_LEAVE, "1056", -5.0, -4.9, 3, _O, "demand to leave"),
    ActRow(Act.DEMAND, "102", -5.0, -4.9, 2, _O, "demand to act"),
    ActRow(Act.EXPULSION_VOTE, "1056", -5.0, -4.9, 3, _O, "vote to expel"),
    ActRow(Act.PERMIT_RULE, "172", -5.0, -5.0, 2, _O, "permit rule"),
    ActRow(Act.VISIT, "042", 1.9, 1.9, 0, _O, "visit"),
    ActRow(Act.TALKS, "046", 7.0, 1.5, 0, _O, "talks"),
    ActRow(Act.SUPPORT, "050", 3.5, 3.5, 0, _O, "show of support"),
    ActRow(Act.SANCTION, "163", -8.0, -5.8, 2, _O, "sanction"),
    ActRow(Act.MOBILISATION, "152", -7.2, -7.6, 6, _O, "mobilisation"),
    ActRow(Act.AIR_STRIKE, "195", -10.0, -10.0, 9, _O, "air strike"),
    ActRow(Act.LEADER_KILLING, "186", -10.0, -10.0, 11, _O, "killing of the commander"),
    ActRow(Act.DIRECT_STRIKE, "195", -10.0, -10.0, 12, _O, "direct strike"),
    ActRow(Act.BASE_HANDOVER, "0874", 10.0, 0.6, 0, _O, "base hand-over"),
    ActRow(Act.TRUCE, "0871", 9.0, 2.9, 0, _O, "truce"),
    ActRow(Act.EVACUATION_THREAT, "139", -7.0, -7.0, 10, _O, "threat to leave"),
    ActRow(Act.EVACUATION, "161", -4.0, -7.0, 10, _O, "evacuation"),
    ActRow(Act.INVESTIGATION, "090", -2.0, 0.0, 1, _P, "investigation"),
    ActRow(Act.DIRECTIVE_PRESS, "", 0.0, 0.0, 0, _P, "order to attack"),
    ActRow(Act.DIRECTIVE_HOLD, "", 0.0, 0.0, 0, _P, "order to hold fire"),
    ActRow(Act.COMPLIANCE, "", 0.0, 0.0, 0, _P, "order obeyed"),
    ActRow(Act.DISOBEDIENCE, "", 0.0, 0.0, 0, _P, "order ignored"),
    ActRow(Act.RESUPPLY, "", 0.0, 0.0, 0, _P, "resupply"),
    ActRow(Act.GOVERNMENT_SWORN_IN, "010", 0.0, 0.0, 0, _O, "government sworn in"),
    ActRow(Act.TRUCE_END, "010", 0.0, 0.0, 0, _O, "end of a truce"),
    ActRow(Act.APPOINTMENT, "010", 0.0, 0.0, 0, _O, "successor in charge"),
    ActRow(Act.RULE_LIFTED, "081", 5.0, 1.9, 0, _O, "rule lifted"),
    ActRow(
        Act.MILITIA_LEADER_KILLING,
        "186",
        -10.0,
        -10.0,
        11,
        _O,
        "killing of a militia's leader",
    ),
    ActRow(Act.EXPULSION, "166", -5.0, -7.0, 10, _O, "request to leave"),
    ActRow(Act.READINESS_RAISED, "", 0.0, 0.0, 0, _P, "readiness raised"),
    ActRow(Act.READINESS_LOWERED, "", 0.0, 0.0, 0, _P, "readiness lowered"),
    ActRow(Act.CAMPAIGN, "138", -7.0, -7.0, 4, _O, "campaign announced"),
    ActRow(Act.SUSPENSION, "0871", 9.0, 2.9, 0, _O, "attacks suspended"),
)
"""Sources: Goldstein (1992) for WEIS, the public CAMEO scale, Kahn (1965) for rungs;
see ``docs/model.md``. Acts without a CAMEO code are internal to an actor, or to a
patron and its client, and are seen by nobody else."""

RUNGS: Final[dict[int, str]] = {
    0: "no crisis",
    1: "ostensible crisis",
    2: "political gestures",
    3: "solemn declarations",
    4: "hardening of positions",
    5: "show of force",
    6: "mobilisation",
    7: "legal harassment",
    8: "harassing violence",
    9: "dramatic confrontation",
    10: "relations breaking off",
    11: "leader killed",
    12: "direct strikes",
}
"""Rung numbers and names; 1 to 9 after Kahn (1965), 10 to 12 relabelled."""


def act_named(name: str) -> Act | None:
    """Return the act whose snake_case name is `name`, or None.

    >>> act_named("air_strike") is Act.AIR_STRIKE
    True
    """
    return _BY_NAME.get(name)


def name_of(act: int) -> str:
    """Return the snake_case name of an act.

    >>> name_of(Act.SHOW_OF_FORCE)
    'show_of_force'
    """
    return Act(act).name.lower()


def label_named(name: str) -> str:
    """Return the label of the act of a name, or the name where it is none.

    >>> label_named("air_strike"), label_named("others")
    ('air strike', 'others')
    """
    act = act_named(name)
    return name if act is None else ACTS[act].label


_BY_NAME: Final[dict[str, Act]] = {act.name.lower(): act for act in Act}
