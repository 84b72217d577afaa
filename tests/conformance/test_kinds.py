"""Does each kind honour the contract of a kind? Whatever is registered is tested."""

from __future__ import annotations

import ast
import copy
import importlib
import math
import pkgutil
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.rules
from sim.engine.situations import (
    N_ACTORS,
    N_COORDINATES,
    Rule,
    arguments,
    numbers_in,
    rules_of,
    situation,
)
from sim.ladder import Act
from sim.rules.behaviour import (
    Breaks,
    Effect,
    Kind,
    operations_of,
    parameter_table,
)
from sim.rules.registry import KINDS
from sim.testing import check_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SMALLEST_STEP: Final = 2.0**-53
LARGEST_U: Final = 1.0 - 2.0**-53

uniform = st.one_of(
    st.floats(0.0, LARGEST_U), st.sampled_from([0.0, SMALLEST_STEP, 0.5, LARGEST_U])
)


def point_of(number: int) -> list[float]:
    """Return the uniforms that make a situation, one in five of them at an end."""
    chance = random.Random(number)
    ends = {0: 0.0, 1: LARGEST_U}
    return [
        ends.get(chance.randrange(10), chance.random()) for _ in range(N_COORDINATES)
    ]


points = st.integers(0, 2**64 - 1).map(point_of)

RULES: Final = [rule for kind in KINDS.values() for rule in rules_of(kind)]


def named(rule: Rule) -> str:
    """Return a rule's id among the tests."""
    return f"{rule.kind}-{rule.label}"


def labelled(kind: Kind, end: str) -> dict[Callable[..., Any], Rule]:
    """Return a kind's rules whose label ends in this, by their function."""
    return {r.function: r for r in rules_of(kind) if r.label.endswith(end)}


every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
every_rule = pytest.mark.parametrize("rule", RULES, ids=named)
few = settings(max_examples=25)
many = settings(max_examples=100)


# The table: what `sim.testing` asks of every kind, and what those that ship add to it.


@every_kind
def test_its_table_honours_the_contract(kind: Kind) -> None:
    """Parameters, mechanisms, names, roles and operations are as they must be."""
    check_kind(kind, n_points=0)


@every_kind
def test_every_parameter_says_what_it_means(kind: Kind) -> None:
    """Where nothing stands below a field, its meaning is its bare name."""
    assert [
        name
        for name, row in parameter_table(kind).items()
        if row.meaning == name.replace("_", " ")
    ] == []


@every_kind
def test_names_of_operations_and_stages_are_unique(kind: Kind) -> None:
    """An option's name is its operation's: it is part of the key of its draws."""
    options = [option.operation.name for option in kind.options]
    assert len(options) == len(set(options))
    for name, operation in operations_of(kind).items():
        stages = [stage.name for stage in operation.stages]
        assert len(stages) == len(set(stages)), name


@every_kind
def test_what_does_no_act_of_its_own_breaks_off_others(kind: Kind) -> None:
    """An operation without an act would else do nothing."""
    for name, operation in operations_of(kind).items():
        assert operation.act != Act.NONE or operation.breaks != Breaks.NOTHING, name


@every_kind
def test_views_and_memories_are_numbers(kind: Kind) -> None:
    """A view is a NamedTuple of floats; a memory starts finite."""
    state = situation(rules_of(kind)[0], kind, [0.5] * N_COORDINATES)
    hints = get_type_hints(type(state["view"]))
    assert set(state["view"]._fields) == set(hints)
    assert set(hints.values()) <= {float}
    assert all(math.isfinite(x) for x in numbers_in(state["memory"]))


# The rules as functions.


@every_rule
@given(point=points)
@few
def test_rules_are_pure_and_finite(rule: Rule, point: list[float]) -> None:
    """The same input gives the same finite output twice; no input is touched.

    Only `notice` and `starting` change something: the memory that they are given.
    """
    state = situation(rule, KINDS[rule.kind], point)
    before = copy.deepcopy(state)
    first, second = arguments(rule, state), arguments(rule, state)
    one, two = rule.function(*first), rule.function(*second)
    assert numbers_in(one) == numbers_in(two)
    assert all(math.isfinite(x) for x in numbers_in(one))
    assert state == before
    for name, ours, theirs in zip(rule.takes, first, second, strict=True):
        if name == "memory":
            assert ours == theirs
            assert all(math.isfinite(x) for x in numbers_in(ours))
            assert len(numbers_in(ours)) == len(numbers_in(state["memory"]))
            if rule.label not in ("notice", "starting"):
                assert ours == state["memory"]
        else:
            assert ours == before[name]


class Spy:
    """Shows the fields of a table by name, and nothing else of it."""

    def __init__(self, table: Any, *, may_change: bool = False) -> None:
        names = getattr(table, "_fields", None) or tuple(table.__dataclass_fields__)
        object.__setattr__(self, "_inside", (table, names, may_change))

    def __getattr__(self, name: str) -> Any:
        table, names, _ = object.__getattribute__(self, "_inside")
        assert name in names, f"a rule reads '{name}'; it may read {names}"
        return getattr(table, name)

    def __setattr__(self, name: str, value: Any) -> None:
        table, names, may_change = object.__getattribute__(self, "_inside")
        assert may_change, f"a rule sets '{name}'"
        assert name in names, f"a rule sets '{name}'; there are {names}"
        setattr(table, name, value)


@every_rule
@given(point=points)
@few
def test_rules_read_the_fields_of_their_arguments_only(
    rule: Rule, point: list[float]
) -> None:
    """A rule needs of parameters, memory, view, percept and setting only the fields.

    It neither indexes nor unpacks them, and changes a memory only where it notices.
    """
    state = situation(rule, KINDS[rule.kind], point)
    may_change = rule.label in ("notice", "starting")
    spies = [
        Spy(value, may_change=may_change and name == "memory")
        if hasattr(value, "_fields") or hasattr(value, "__dataclass_fields__")
        else value
        for name, value in zip(rule.takes, arguments(rule, state), strict=True)
    ]
    result = rule.function(*spies)
    expected = rule.function(*arguments(rule, state))
    assert numbers_in(result) == numbers_in(expected)


# What they return.


@every_kind
@given(point=points)
@many
def test_hazards_lie_between_zero_and_their_ceilings(
    kind: Kind, point: list[float]
) -> None:
    """No hazard is negative or above its ceiling, for any parameters and any view."""
    for option in kind.options:
        rule = labelled(kind, ".hazard")[option.hazard]
        state = situation(rule, kind, point)
        ceiling = option.ceiling(state["params"])
        rate = option.hazard(state["params"], state["view"])
        assert math.isfinite(ceiling), option.operation.name
        assert 0.0 <= rate <= ceiling, option.operation.name


def delays_of(kind: Kind, point: list[float], u: float) -> Iterator[tuple[str, float]]:
    """Yield every delay and duration of a kind at one uniform."""
    state = situation(rules_of(kind)[0], kind, point)
    params, view = state["params"], state["view"]
    yield "news_delay", kind.news_delay(params, u)
    for response in kind.responses:
        yield response.name, response.delay(params, view, u)
    for operation in operations_of(kind).values():
        for stage in operation.stages:
            yield f"{operation.name}.{stage.name}", stage.duration(params, view, u)


@every_kind
@given(point=points, u=st.one_of(uniform, st.just(SMALLEST_STEP)))
@many
def test_delays_and_durations_are_positive_and_finite(
    kind: Kind, point: list[float], u: float
) -> None:
    """Every delay is finite and > 0 days; at u = 0 exactly it may be 0 (1 in 2**53)."""
    for name, days in delays_of(kind, point, u):
        assert math.isfinite(days), name
        assert days > 0.0 or (u < SMALLEST_STEP and days == 0.0), name


@every_kind
@given(point=points, u=uniform)
@many
def test_choices_name_an_operation_or_none(
    kind: Kind, point: list[float], u: float
) -> None:
    """A response chooses 0 for nothing or the number of one of its operations."""
    rules = labelled(kind, ".choose")
    for response in kind.responses:
        rule = rules[response.choose]._replace(
            to=response.to, is_stage=int(response.to_stage)
        )
        state = situation(rule, kind, point)
        choice = response.choose(state["params"], state["view"], state["percept"], u)
        assert isinstance(choice, int), response.name
        assert 0 <= choice <= len(response.operations), response.name


@every_kind
@given(point=points)
@many
def test_shares_and_weights_are_within_bounds(kind: Kind, point: list[float]) -> None:
    """Evidence and detection are probabilities; suspicion is > 0, a site's weight >= 0.

    Stocks at the start are whole numbers, as their parameters are.
    """
    state = situation(rules_of(kind)[0], kind, point)
    params, view = state["params"], state["view"]
    assert 0.0 <= kind.evidence(params) <= 1.0
    assert 0.0 <= kind.detection(params, view) <= 1.0
    assert kind.suspicion(params, view) > 0.0
    if kind.site_weight is not None:
        assert kind.site_weight(params, view, state["reach"], state["presence"]) >= 0.0
        assert kind.site_weight(params, view, state["reach"], 0.0) == 0.0
    if kind.means_weight is not None:
        memory, now = state["memory"], state["now"]
        for k, opportunity in enumerate(memory.opportunity):
            weight = kind.means_weight(params, memory, k, now)
            assert 0.0 <= weight <= opportunity
    for operation in operations_of(kind).values():
        assert operation.max_parallel(params) >= 0.0


COUNTS: Final = [n for n in Effect._fields if n not in ("force", "interdiction")]


@every_kind
@given(point=points)
@many
def test_effects_are_whole_and_within_what_there_is(
    kind: Kind, point: list[float]
) -> None:
    """Counts are whole and >= 0, and nothing is used up or freed that is not there.

    Hits and rounds that were stopped are at most the rounds fired, launchers taken at
    most the loser's, the freed at most those whom it is about.
    """
    for name, operation in operations_of(kind).items():
        rule = labelled(kind, "effect")[operation.effect]
        state = situation(rule, kind, point)
        given_ = (state["params"], state["view"], state["setting"], state["uniforms"])
        if not operation.feasible(state["params"], state["view"]):
            continue
        setting, captives = state["setting"], state["holdings"].captives
        done, lost = operation.effect(*given_), operation.broken_effect(*given_)
        for effect in (done, lost):
            for field in COUNTS:
                value = getattr(effect, field)
                assert value == abs(math.floor(value)), (name, field)
            assert 0.0 <= effect.interdiction <= 1.0, name
            assert -1.0 <= effect.force <= 1.0, name
            assert effect.hits <= effect.rounds or effect.hits == 0.0, name
        if operation.act in (Act.ROCKET_ATTACK, Act.CONVOY_BOMB):
            assert done.hits + done.intercepted <= done.rounds, name
            assert done.means == setting.means, name
        if operation.act in (Act.RAID, Act.SEIZURE, Act.AIR_STRIKE, Act.LEADER_KILLING):
            assert done.launchers <= setting.target_launchers, name
        if operation.broken_act == Act.THWARTED_ATTACK:
            assert lost.means == setting.means, name
        for act, effect in ((operation.act, done), (operation.broken_act, lost)):
            if act == Act.RELEASE:
                assert effect.persons <= min(setting.stake, captives), name


# The source.

RULE_FILES: Final = sorted(Path(sim.rules.__path__[0]).rglob("*.py"))
ALLOWED: Final = {
    "__future__",
    "collections.abc",
    "dataclasses",
    "enum",
    "math",
    "sim.docstrings",
    "sim.ladder",
    "sim.units",
    "typing",
}
UNSAFE: Final = {"lgamma", "gamma", "pow", "sum", "fsum", "sumprod"}
"""Functions whose last bits differ between CPython and compiled code."""


def faults_in(source: str) -> list[str]:
    """Return what a rules file has that a rules file may not have."""
    faults: list[str] = []
    for node in ast.walk(ast.parse(source)):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or "."]
            faults += [n.name for n in node.names if n.name in UNSAFE]
        elif isinstance(node, ast.Pow):
            faults.append("**")
        elif isinstance(node, ast.Name) and node.id in UNSAFE:
            faults.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in UNSAFE:
            faults.append(node.attr)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            faults.append("global")
        faults += [
            f"import {module}"
            for module in modules
            if module not in ALLOWED and not module.startswith("sim.rules")
        ]
    return faults


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rules_use_only_what_both_drivers_compute_alike(path: Path) -> None:
    """Rules import only the modules allowed and use no power, gamma or float sum.

    A power of two constants, 2.0**-53, is folded before anything runs.
    """
    source = path.read_text(encoding="utf-8")
    assert faults_in(without_constant_powers(source)) == []


def without_constant_powers(source: str) -> str:
    """Return a source with every power of two literal numbers taken out."""

    class Folding(ast.NodeTransformer):
        def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
            try:
                return ast.Constant(ast.literal_eval(ast.unparse(node)))
            except ValueError:
                parts = ast.unparse(node.left), ast.unparse(node.right)
                if isinstance(node.op, ast.Pow) and all(map(is_number, parts)):
                    return ast.Constant(0.0)
                return self.generic_visit(node)

    return ast.unparse(Folding().visit(ast.parse(source)))


def is_number(text: str) -> bool:
    """Whether a piece of source is a number, signed or not."""
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np",
        "from random import random",
        "from math import lgamma",
        "import math\nx = math.pow(a, b)",
        "def f(x):\n    return x ** 2",
        "def f(x):\n    return sum(x)",
        "from sim.engine.world import World",
    ],
)
def test_a_forbidden_line_is_seen(source: str) -> None:
    """Each line that a rules file may not have is found in a file that has it."""
    assert faults_in(without_constant_powers(source))


def test_every_module_of_rules_is_looked_at() -> None:
    """The files inspected are all the modules of the room."""
    found = {
        module.name
        for module in pkgutil.walk_packages(sim.rules.__path__, "sim.rules.")
    }
    files = {importlib.import_module(name).__file__ for name in found}
    assert {str(path) for path in RULE_FILES} >= files
    assert N_ACTORS > 1
