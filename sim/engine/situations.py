"""Every rule of a kind with what it takes, and situations to call it in.

A situation is made from uniforms alone, so hypothesis and a quasi-random sequence can
both supply them. Memories come from a short history of noticed acts, views from those
memories: rules meet what an actor can know, and nothing else.
"""

from __future__ import annotations

import copy
import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.engine.world import blank
from sim.rules.behaviour import (
    N_UNIFORMS,
    Holdings,
    Kind,
    Percept,
    Setting,
    operations_of,
    parameter_table,
)
from sim.rules.means import MEANS
from sim.units import Dimension

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.ladder import Act

N_ACTORS: Final = 4
SALVO: Final = Setting._fields[Setting._fields.index("salvo_median") :]
"""Numbers of the means of attack in a setting."""
ME: Final = 0
"""Index of the actor whose rules are called."""
HISTORY: Final = 4
"""Acts noticed before."""
N_COORDINATES: Final = 300
"""Uniforms that make one situation; more than any kind asks for."""


class Rule(NamedTuple):
    """One pure function of a kind's table, and the names of its arguments."""

    kind: str
    label: str
    function: Callable[..., Any]
    takes: tuple[str, ...]
    to: tuple[Act, ...] = ()
    """Acts of the percepts that it is asked about."""
    is_stage: int = 0


def rules_of(kind: Kind) -> list[Rule]:
    """Return every rule of a kind, each function once."""
    decided = ("params", "view")
    described: list[tuple[str, Callable[..., Any], tuple[str, ...]]] = [
        ("view", kind.view, ("params", "memory", "holdings", "other", "now")),
        ("notice", kind.notice, ("params", "memory", "percept", "now")),
        ("starting", kind.starting, ("params", "memory", "u")),
        ("news_delay", kind.news_delay, ("params", "u")),
        ("evidence", kind.evidence, ("params",)),
        ("detection", kind.detection, decided),
        ("suspicion", kind.suspicion, decided),
    ]
    if kind.means_weight is not None:
        takes = ("params", "memory", "index", "now")
        described.append(("means_weight", kind.means_weight, takes))
    if kind.site_weight is not None:
        weighed = (*decided, "reach", "presence")
        described.append(("site_weight", kind.site_weight, weighed))
    for option in kind.options:
        name = option.operation.name
        described.append((f"{name}.hazard", option.hazard, decided))
        described.append((f"{name}.ceiling", option.ceiling, ("params",)))
    natural = (*decided, "setting", "uniforms")
    for name, operation in operations_of(kind).items():
        described.append((f"{name}.effect", operation.effect, natural))
        described.append((f"{name}.broken_effect", operation.broken_effect, natural))
        described.append((f"{name}.feasible", operation.feasible, decided))
        described.append((f"{name}.max_parallel", operation.max_parallel, ("params",)))
        for stage in operation.stages:
            label = f"{name}.{stage.name}"
            described.append((label, stage.duration, (*decided, "u")))
    rules: dict[Callable[..., Any], Rule] = {
        rule[1]: Rule(kind.name, *rule) for rule in reversed(described)
    }
    for response in kind.responses:
        is_stage = int(response.to_stage)
        label, takes = f"{response.name}.choose", (*decided, "percept", "u")
        rules[response.choose] = Rule(
            kind.name, label, response.choose, takes, response.to, is_stage
        )
        label = f"{response.name}.delay"
        rules[response.delay] = Rule(kind.name, label, response.delay, (*decided, "u"))
        label, takes = f"{response.name}.stands", (*decided, "waited")
        rules[response.stands] = Rule(kind.name, label, response.stands, takes)
    return list(rules.values())


def params_at(kind: Kind, u: Iterator[float]) -> Any:
    """Return parameters within their limits, often at one; counts are whole."""
    values: dict[str, float] = {}
    for name, row in parameter_table(kind).items():
        share = min(max(1.1 * next(u) - 0.05, 0.0), 1.0)
        value = min(row.low + share * (row.high - row.low), row.high)
        if row.dimension == Dimension.COUNT:
            value = float(math.floor(value))
        values[name] = value
    return kind.params(**values)


def percept_at(
    kind: Kind, acts: tuple[Act, ...], stage: int, u: Iterator[float]
) -> Any:
    """Return one of the acts as the actor may perceive it."""
    act = acts[whole(next(u), len(acts))]
    mine = next(u) < 0.5
    if stage:
        mine = act in own_stages(kind) and (mine or not kind.watches_role)
    elif act not in kind.heeds or act not in kind.heeds_own:
        mine = act in kind.heeds_own
    author = ME if mine else 1 + whole(next(u), N_ACTORS - 1)
    target = whole(next(u), N_ACTORS)
    return Percept(
        act=int(act),
        is_stage=stage,
        author=author,
        target=target,
        is_mine=int(mine),
        is_at_me=int(target == ME),
        confidence=1.0 if mine else next(u),
        rounds=float(whole(next(u), 50)),
        killed_own=float(whole(next(u), 4)),
        wounded_own=float(whole(next(u), 9)),
        killed_target=float(whole(next(u), 4)),
        killed_civilian=float(whole(next(u), 3)),
        wounded_civilian=float(whole(next(u), 3)),
        persons=float(whole(next(u), 30)),
        launchers=float(whole(next(u), 5)),
        force=force_at(act, next(u)),
        intercepted=float(whole(next(u), 5)),
        means=float(whole(next(u), 3)),
    )


def force_at(act: Act, u: float) -> float:
    """Return the authority behind an act; an order obeyed presses or holds."""
    return 2.0 * u - 1.0 if act.name == "COMPLIANCE" else u


def own_stages(kind: Kind) -> set[Act]:
    """Return the acts whose preparation the actor itself follows."""
    return {
        operation.act
        for operation in operations_of(kind).values()
        if any(stage.is_followed for stage in operation.stages)
    }


def situation(rule: Rule, kind: Kind, uniforms: list[float]) -> dict[str, Any]:
    """Return a value for every argument that a rule of the kind may take."""
    u = iter(uniforms)
    params = params_at(kind, u)
    memory = blank(kind.memory, N_ACTORS)
    if kind.means_weight is not None:
        memory.opportunity[0] = 1.0 + float(whole(next(u), 40))
        memory.opportunity[1] = float(whole(next(u), 40))
    kind.starting(params, memory, next(u))
    now = 0.0
    acts = (*kind.heeds, *kind.heeds_own)
    for _ in range(HISTORY if acts else 0):
        now += 40.0 * next(u) * next(u)
        kind.notice(params, memory, percept_at(kind, acts, 0, u), now)
    now += 40.0 * next(u) * next(u)
    captives = float(whole(next(u), 40))
    holdings = Holdings(captives, float(whole(next(u), 40)))
    other = 1 + whole(next(u), N_ACTORS - 1)
    setting = Setting(
        presence=float(whole(next(u), 1000)),
        exposed_foreign=3.0 * next(u),
        exposed_host=3.0 * next(u),
        exposed_civilian=3.0 * next(u),
        target_launchers=float(whole(next(u), 30)),
        stake=float(whole(next(u), 40)),
        defence=next(u),
        means=float(1 + whole(next(u), 2)),
        **{
            name: row.low + next(u) * (row.high - row.low)
            for name, row in MEANS.items()
            if name in SALVO
        },
    )
    situation = {
        "params": params,
        "memory": memory,
        "holdings": holdings,
        "other": other,
        "now": now,
        "view": kind.view(params, copy.deepcopy(memory), holdings, other, now),
        "setting": setting,
        "u": next(u),
        "index": whole(next(u), 2),
        "uniforms": tuple(next(u) for _ in range(N_UNIFORMS)),
        "reach": 5.0 * next(u),
        "presence": float(whole(next(u), 3)),
        "waited": 10.0 * next(u),
    }
    if rule.to or acts:
        situation["percept"] = percept_at(kind, rule.to or acts, rule.is_stage, u)
    return situation


def arguments(rule: Rule, situation: dict[str, Any]) -> list[Any]:
    """Return a rule's arguments out of a situation; its memory is its own copy."""
    return [
        copy.deepcopy(situation[name]) if name == "memory" else situation[name]
        for name in rule.takes
    ]


def whole(u: float, n: int) -> int:
    """Return a whole number from 0 to n - 1."""
    return min(int(u * n), n - 1)


def numbers_in(value: Any) -> list[float]:
    """Return the numbers of a result, of whatever shape, in order."""
    if hasattr(value, "tolist"):  # NumPy's
        value = value.tolist()
    if isinstance(value, tuple | list):
        parts: tuple[Any, ...] = tuple(value)  # pyright: ignore
        return [number for part in parts for number in numbers_in(part)]
    if hasattr(value, "__dataclass_fields__"):
        return numbers_in([getattr(value, field.name) for field in fields(value)])
    return [] if value is None else [float(value)]
