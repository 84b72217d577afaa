"""What is claimed of a mechanism: its cause moves its effect one way, and can be off.

A claim is checked on the rule itself, in drawn situations: two situations that differ
in the cause alone, with the same uniforms. What holds there in every situation holds in
expectation under coupling too.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.engine.situations import ME, N_COORDINATES, Rule, situation, whole
from sim.rules.behaviour import Effect, parameter_table
from sim.rules.registry import KINDS
from sim.units import Dimension

if TYPE_CHECKING:
    from sim.ladder import Act

Made = dict[str, Any]
"""A situation: parameters, memory, view, percept, setting, uniforms by name."""

Measure = Callable[[Made], float]

OTHER: Final = 1
"""The other actor of a claim: author, target and subject of the view."""

AT_ME: Final = {"percept.is_at_me": 1, "percept.is_mine": 0, "percept.target": ME}
MINE: Final = {"percept.is_at_me": 0, "percept.is_mine": 1, "percept.author": ME}
AT_OTHER: Final = {"percept.is_at_me": 0, "percept.is_mine": 0, "percept.target": 2}
ARMED: Final = {"view.drive": 1.0, "view.keeps": 0.0, "view.holds": 0.0}

ASSUMED: Final = "assumed"
"""The form is ours; ``docs/model.md`` says so of each."""


class Claim(NamedTuple):
    """A cause, what it moves, and which way."""

    mechanism: str
    measure: Measure
    cause: str
    """Where it stands in a situation, such as ``params.reciprocity``."""
    sign: int
    """1: more of it never gives less; -1: more of it never gives more."""
    ground: str
    """The id of a source, or `ASSUMED`, and the claim in words."""
    fixed: Mapping[str, Any] = {}
    """What else is held in each situation."""
    off: float | None = None
    """Value of the cause at which the effect is none at all."""
    inert: str = ""
    """With this named, `off` means that it no longer moves the effect."""
    on: float | None = None
    """Value of the cause at which there is some effect in every situation."""
    sure: Mapping[str, Any] = {}
    """What is held beside `fixed` for `on`."""
    span: tuple[float, float] = (0.0, 5.0)
    """Values of a cause that is no parameter."""


# Measures.


def allowed(rule: Callable[..., bool]) -> Measure:
    """Whether an operation may start and end, as 1 or 0."""
    return lambda made: float(rule(made["params"], made["view"]))


def lasting(rule: Callable[..., bool]) -> Measure:
    """Whether nothing has overtaken a decision, as 1 or 0."""
    return lambda made: float(rule(made["params"], made["view"], made["waited"]))


def rate(rule: Callable[..., float]) -> Measure:
    """A hazard, a share or a weight."""
    return lambda made: rule(made["params"], made["view"])


def chosen(rule: Callable[..., int], *wanted: int) -> Measure:
    """Whether a response chooses one of the wanted numbers."""

    def measure(made: Made) -> float:
        choice = rule(made["params"], made["view"], made["percept"], made["u"])
        return float(choice in wanted)

    return measure


def done(rule: Callable[..., Effect], field: str) -> Measure:
    """One field of an operation's effect."""

    def measure(made: Made) -> float:
        effect = rule(made["params"], made["view"], made["setting"], made["uniforms"])
        return float(getattr(effect, field))

    return measure


def felt(kind: str, field: str, after: float = 0.0) -> Measure:
    """A field of the view some days after the percept was noticed."""

    def measure(made: Made) -> float:
        memory = copy.deepcopy(made["memory"])
        KINDS[kind].notice(made["params"], memory, made["percept"], made["now"])
        return _seen(kind, field, made, memory, after)

    return measure


def gained(kind: str, field: str) -> Measure:
    """By how much a field of the view rises when the percept is noticed."""

    def measure(made: Made) -> float:
        before = _seen(kind, field, made, made["memory"], 0.0)
        return felt(kind, field)(made) - before

    return measure


def lost(kind: str, field: str) -> Measure:
    """By how much a field of the view falls when the percept is noticed."""
    return lambda made: -gained(kind, field)(made)


def _seen(kind: str, field: str, made: Made, memory: Any, after: float) -> float:
    params, holdings = made["params"], made["holdings"]
    now = made["now"] + after
    return getattr(KINDS[kind].view(params, memory, holdings, OTHER, now), field)


# Situations.


def to(act: Act) -> dict[str, Any]:
    """Hold the percept to be of one act, by the other actor."""
    return {"percept.act": int(act), "percept.is_stage": 0, "percept.author": OTHER}


def made_at(kind: str, number: int, fixed: Mapping[str, Any]) -> Made:
    """Return the situation of a number, with some of it held."""
    chance = random.Random(number)
    point = [chance.random() for _ in range(N_COORDINATES)]
    rule = Rule(kind, "", chosen, ())
    state = situation(rule, KINDS[kind], point)
    return with_(state, {"other": OTHER, **fixed})


def with_(made: Made, held: Mapping[str, Any]) -> Made:
    """Return a situation with some of it replaced, by its place."""
    changed = dict(made)
    for place, value in held.items():
        table, _, field = place.partition(".")
        if not field:
            changed[table] = value
        elif table == "memory":
            memory = copy.deepcopy(changed[table])
            owner, _, name = field.rpartition(".")
            setattr(getattr(memory, owner) if owner else memory, name, value)
            changed[table] = memory
        else:
            changed[table] = changed[table]._replace(**{field: value})
    return changed


def kind_of(claim: Claim, tables: Mapping[str, list[Claim]]) -> str:
    """Return the kind in whose table a claim stands."""
    return next(kind for kind, table in tables.items() if claim in table)


def values_of(kind: str, place: str, chance: random.Random, span: Any) -> list[float]:
    """Return two values of a cause, the lower one first."""
    table, _, field = place.partition(".")
    is_whole = table == "percept" and field not in ("force", "confidence")
    low, high = span
    if table == "params":
        row = parameter_table(KINDS[kind])[field]
        low, high = row.low, row.high
        is_whole = row.dimension == Dimension.COUNT
    pair = sorted(low + chance.random() * (high - low) for _ in range(2))
    if chance.random() < 0.2:
        pair[whole(chance.random(), 2)] = low if chance.random() < 0.5 else high
    return sorted(float(int(x)) if is_whole else x for x in pair)
