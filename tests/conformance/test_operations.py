"""Does each operation's flag have what it needs, in whatever kind is registered?"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from sim.engine.situations import N_COORDINATES, Rule, rules_of, situation
from sim.ladder import Act
from sim.rules.behaviour import Kind, Operation, Stage, operations_of
from sim.rules.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

SITUATIONS: Final = 300


def faults_of(kind: Kind) -> list[str]:
    """Return what an operation's flags ask for and do not get."""
    return [
        *faults_of_places(kind),
        *faults_of_amounts(kind),
        *faults_of_stages(kind),
    ]


def faults_of_places(kind: Kind) -> Iterator[str]:
    """A site is chosen by weight; only who chooses one owns it or avoids another's."""
    to_stage = {
        operation.name
        for response in kind.responses
        if response.to_stage
        for operation in response.operations
    }
    others = {option.operation.name for option in kind.options} | {
        operation.name
        for response in kind.responses
        if not response.to_stage
        for operation in response.operations
    }
    for name, operation in operations_of(kind).items():
        if operation.needs_site and kind.site_weight is None:
            yield f"{name} needs a site that nothing weighs"
        if operation.is_own_site and not operation.needs_site:
            yield f"{name} has an own site and needs none"
        if operation.avoids_noticed_site:
            if not operation.needs_site:
                yield f"{name} avoids a site and needs none"
            if name not in to_stage or name in others:
                yield f"{name} avoids the site of a stage that it does not answer"


def faults_of_amounts(kind: Kind) -> Iterator[str]:
    """What happens only with an amount has one sometimes, and sometimes has none."""
    for name, operation in operations_of(kind).items():
        if not operation.needs_amount:
            continue
        if operation.act == Act.NONE:
            yield f"{name} needs an amount for no act"
        amounts = {has_amount(kind, operation, n) for n in range(SITUATIONS)}
        if amounts != {True, False}:
            yield f"{name} needs an amount, and has one always or never"


def has_amount(kind: Kind, operation: Operation, number: int) -> bool:
    """Whether an operation's effect has persons or launchers in a situation."""
    chance = random.Random(number)
    point = [chance.random() for _ in range(N_COORDINATES)]
    rule = Rule(kind.name, "", operation.effect, ())
    state: dict[str, Any] = situation(rule, kind, point)
    effect = operation.effect(
        state["params"], state["view"], state["setting"], state["uniforms"]
    )
    return effect.persons > 0.0 or effect.launchers > 0.0


def faults_of_stages(kind: Kind) -> Iterator[str]:
    """A stage is followed where a response answers it, or the actor remembers it."""
    followed: set[Act] = set()
    answered = {act for r in kind.responses if r.to_stage for act in r.to}
    remembered = set(kind.heeds_own)
    for name, operation in operations_of(kind).items():
        for stage in operation.stages:
            if stage.is_followed:
                followed.add(operation.act)
                if operation.act not in answered | remembered:
                    yield f"{name}.{stage.name} is followed, and nothing answers it"
    if kind.watches_role:
        return
    for act in sorted(answered - followed):
        yield f"stages of {act.name} are answered, and none is noticed"


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_flag_has_what_it_needs(kind: Kind) -> None:
    """Sites have weights, amounts are possible, followed stages are answered."""
    assert faults_of(kind) == []


# What must be caught.

MILITIA, HOST = KINDS["militia"], KINDS["host_government"]
JOIN: Final = next(r for r in MILITIA.responses if r.to_stage)
WORDS: Final = next(r for r in MILITIA.responses if r.name == "answer_arrest")


def with_operation(kind: Kind, **changed: Any) -> Kind:
    """Return a kind whose first option has another operation."""
    first, *rest = kind.options
    operation = first.operation._replace(**changed)
    return kind._replace(options=(first._replace(operation=operation), *rest))


WRONG: Final[dict[str, tuple[Kind, str]]] = {
    "no weights": (MILITIA._replace(site_weight=None), "nothing weighs"),
    "own site, no site": (with_operation(HOST, is_own_site=True), "own site"),
    "avoids, no site": (
        with_operation(HOST, avoids_noticed_site=True),
        "avoids a site",
    ),
    "avoids, no stage": (
        with_operation(MILITIA, avoids_noticed_site=True),
        "does not answer",
    ),
    "never an amount": (with_operation(HOST, needs_amount=True), "always or never"),
    "followed in vain": (
        with_operation(
            HOST,
            act=Act.VISIT,
            stages=(Stage("travel", lambda params, view, u: 1.0, is_followed=True),),
        ),
        "nothing answers it",
    ),
    "answered in vain": (
        MILITIA._replace(
            responses=(WORDS._replace(to_stage=True, to=(Act.VISIT,)), JOIN)
        ),
        "none is noticed",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_flag_without_what_it_needs_is_told(name: str) -> None:
    """Each broken table is found, and said in words."""
    kind, words = WRONG[name]
    assert rules_of(kind)
    assert any(words in fault for fault in faults_of(kind))
