"""The contract of a kind as one call: `check_kind` says what breaks it.

It tries every rule of the kind in many situations: parameters over their whole ranges,
memories made by a short history, views made from those memories.
"""

from __future__ import annotations

import copy
import math
import random
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from sim.engine.situations import (
    N_COORDINATES,
    arguments,
    numbers_in,
    own_stages,
    rules_of,
    situation,
)
from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Kind,
    Toward,
    acts_of,
    operations_of,
    parameter_table,
)
from sim.rules.neutral import neutral_values
from sim.rules.registry import KINDS
from sim.units import Dimension

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_U: Final = 1.0 - 2.0**-53
PROBABILITY: Final = ("evidence", "detection")


def check_kind(kind: Kind, others: Iterable[Kind] = (), *, n_points: int = 200) -> None:
    """Check that a kind honours the contract.

    Parameters
    ----------
    kind
        The kind to check.
    others
        Kinds of the same package, which its roles may name beside those that ship.
    n_points
        How many situations each rule is tried in.

    Raises
    ------
    AssertionError
        With the first breach: where, and what was found.
    """
    _check_parameters(kind)
    _check_mechanisms(kind)
    _check_names(kind, {*KINDS, kind.name, *(other.name for other in others)})
    _check_operations(kind)
    for number in range(n_points):
        _check_rules(kind, _point(number))


def _point(number: int) -> list[float]:
    """Return the uniforms that make a situation, one in five of them at an end."""
    chance = random.Random(number)
    ends = {0: 0.0, 1: LARGEST_U}
    return [
        ends.get(chance.randrange(10), chance.random()) for _ in range(N_COORDINATES)
    ]


def _check_parameters(kind: Kind) -> None:
    """Each parameter is a float with a unit and a finite range of what it is."""
    hints = get_type_hints(kind.params)
    lowest = {Dimension.SHARE: 0.0, Dimension.RATE: 0.0, Dimension.COUNT: 0.0}
    for name, row in parameter_table(kind).items():
        where = f"{kind.name}.{name}"
        assert hints[name] is float, f"{where} is no float"
        assert -math.inf < row.low < row.high < math.inf, f"{where}: its range"
        assert row.low >= lowest.get(row.dimension, -math.inf), f"{where}: below 0"
        if row.dimension == Dimension.SHARE:
            assert row.high <= 1.0, f"{where}: a share above 1"
        if row.dimension == Dimension.DURATION:
            assert row.low > 0.0, f"{where}: a duration that may be 0"
        if row.default is not None:
            assert row.low <= row.default <= row.high, f"{where}: its default"


def _check_mechanisms(kind: Kind) -> None:
    """Mechanisms are unique, and a neutral value is a legal one of a listed one.

    One that cannot be switched off is allowed: the ledger leaves its row blank, and
    `escalade check` says so.
    """
    names = [mechanism.name for mechanism in kind.mechanisms]
    # Whoever breaks another's operation off makes the other's broken act.
    others = (Breaks.NOTICED, Breaks.TARGETS)
    interrupts = any(one.breaks in others for one in operations_of(kind).values())
    assert len(names) == len(set(names)), f"{kind.name}: {names} are not unique"
    for mechanism in kind.mechanisms:
        where = f"{kind.name}.{mechanism.name}"
        assert mechanism.name.isidentifier(), f"{where}: its name"
        assert mechanism.label, f"{where} has no label"
        assert mechanism.meaning, f"{where} has no meaning"
        foreign = set(mechanism.acts) - acts_of(kind)
        assert interrupts or not foreign, f"{where}: the kind makes no {foreign}"
    try:
        neutral_values(kind)
    except ValueError as error:
        raise AssertionError(str(error)) from error


def _check_names(kind: Kind, kinds: set[str]) -> None:
    """Names are unique, and every role and kind that is named exists."""
    roles = [role.name for role in kind.roles]
    options = [(option.operation.name, option.role) for option in kind.options]
    responses = [response.name for response in kind.responses]
    for names in (roles, options, responses):
        assert len(names) == len(set(names)), f"{kind.name}: {names} are not unique"
    used = {option.role for option in kind.options}
    used |= {r.role for r in kind.responses if r.toward == Toward.ROLE}
    used |= {name for name in (kind.suspects_role, kind.watches_role) if name}
    assert used <= set(roles), f"{kind.name}: no such role: {used - set(roles)}"
    for role in kind.roles:
        unknown = set(role.kinds) - kinds
        assert not unknown, f"{kind.name}.{role.name}: no such kind: {unknown}"


def _check_operations(kind: Kind) -> None:
    """What is heeded are acts, answers answer it, operations have what they need."""
    for acts in (kind.heeds, kind.heeds_own):
        assert len(acts) == len(set(acts)), f"{kind.name} heeds an act twice"
        assert Act.NONE not in acts, f"{kind.name} heeds no act at all"
    followed = own_stages(kind)
    for response in kind.responses:
        where = f"{kind.name}.{response.name}"
        assert response.operations, f"{where} has no operation"
        heard = {*kind.heeds, *kind.heeds_own}
        if response.to_stage:
            seen = bool(kind.watches_role) or set(response.to) <= followed
            assert seen, f"{where} answers stages that nobody watches"
        else:
            unheard = set(response.to) - heard
            assert not unheard, f"{where} answers what is not heeded: {unheard}"
    table = operations_of(kind)
    used = [option.operation for option in kind.options]
    used += [operation for r in kind.responses for operation in r.operations]
    for operation in used:
        where = f"{kind.name}.{operation.name}"
        assert table[operation.name] == operation, f"{where} means two operations"
        if operation.needs_site:
            assert kind.site_weight is not None, f"{where}: nothing weighs sites"
        if operation.breakable_by != Breaks.NOTHING:
            assert operation.stages, f"{where} can be broken off and has no stages"
            assert operation.broken_act != Act.NONE, f"{where} has no broken act"


def _check_rules(kind: Kind, point: list[float]) -> None:
    """Every rule is pure, finite, and within the bounds of what it returns."""
    choices = {response.choose: response for response in kind.responses}
    for rule in rules_of(kind):
        where = f"{kind.name}.{rule.label}"
        state = situation(rule, kind, point)
        before = copy.deepcopy(state)
        first, second = arguments(rule, state), arguments(rule, state)
        result, again = rule.function(*first), rule.function(*second)
        numbers = numbers_in(result)
        assert numbers == numbers_in(again), f"{where} is not pure"
        assert state == before, f"{where} changes what it is given"
        assert all(map(math.isfinite, numbers)), f"{where} returns {result}"
        if rule.label not in ("notice", "starting"):
            is_unchanged = all(
                given == state[name]
                for name, given in zip(rule.takes, first, strict=True)
            )
            assert is_unchanged, f"{where} changes a memory"
        if rule.label in PROBABILITY:
            assert 0.0 <= result <= 1.0, f"{where} returns {result}, no probability"
        if rule.function in choices:
            most = len(choices[rule.function].operations)
            assert result in range(most + 1), f"{where} chooses {result} of {most}"
        if rule.label.endswith(".delay") or rule.label == "news_delay":
            assert result > 0.0 or state["u"] == 0.0, f"{where} returns {result} days"
    _check_bounds(kind, point)


def _check_bounds(kind: Kind, point: list[float]) -> None:
    """No hazard is negative or above its ceiling; weights are weights."""
    state = situation(rules_of(kind)[0], kind, point)
    params, view = state["params"], state["view"]
    for option in kind.options:
        where = f"{kind.name}.{option.operation.name}"
        rate, ceiling = option.hazard(params, view), option.ceiling(params)
        assert 0.0 <= rate <= ceiling, f"{where}: hazard {rate}, ceiling {ceiling}"
    assert kind.suspicion(params, view) > 0.0, f"{kind.name}.suspicion is not above 0"
    if kind.site_weight is not None:
        weights: list[Any] = [
            kind.site_weight(params, view, state["reach"], presence)
            for presence in (0.0, state["presence"])
        ]
        assert all(w >= 0.0 for w in weights), f"{kind.name}.site_weight: {weights}"
    for name, operation in operations_of(kind).items():
        limit = operation.max_parallel(params)
        assert limit >= 0.0, f"{kind.name}.{name}: at most {limit} at once"
        for stage in operation.stages:
            days = stage.duration(params, view, state["u"])
            where = f"{kind.name}.{name}.{stage.name}"
            assert math.isfinite(days), f"{where} takes {days} days"
            assert days > 0.0 or state["u"] == 0.0, f"{where} takes {days} days"
