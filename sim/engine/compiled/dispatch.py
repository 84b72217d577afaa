"""From a number to a rule: chains of functions, tied when a driver is built.

Each chain answers one question (`hazard`, `choose`, ...) for every rule of every kind.
A link over kinds makes what the kind's rules take, its parameters and its View, and
hands them to the kind's own chain, whose links compare a number and call a rule. numba
compiles the whole into a ladder of branches with the rules inlined. No text is
generated. A link holds four rules since each link is compiled with all that follow it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from numba.extending import register_jitable

from sim.engine.compiled.inner import WITHOUT_ENTRY, inner
from sim.engine.compiled.state import MOST_STAGES
from sim.rules.behaviour import (
    Effect,
    Kind,
    always,
    lasting,
    no_effect,
    unlimited,
    unmindful,
)

if TYPE_CHECKING:
    from sim.engine.compiled.numbering import Numbering

_REGISTERED: set[FunctionType] = set()

Rule = Callable[..., Any]

Numbered = tuple[int, Rule]
"""A rule, and the number that it is asked for by."""


class Dispatch(NamedTuple):
    """Every question that the loop asks of the rules."""

    hazard: Rule
    ceiling: Rule
    feasible: Rule
    limit: Rule
    duration: Rule
    effect: Rule
    broken_effect: Rule
    choose: Rule
    delay: Rule
    stands: Rule
    notice: Rule
    starting: Rule
    news_delay: Rule
    evidence: Rule
    detection: Rule
    suspicion: Rule
    site_weight: Rule
    means_weight: Rule


class Part(NamedTuple):
    """One kind's answers to one question."""

    kind: Kind
    first: int
    """The kind's numbers are `first` to `last`."""
    last: int
    rules: list[Numbered]


def build_dispatch(numbering: Numbering) -> Dispatch:
    """Tie the chains for a tuple of kinds."""
    kinds = numbering.kinds
    register_rules(kinds)
    options, responses = numbering.options, numbering.responses
    operations, own = numbering.operations, list(enumerate(kinds))
    stages = [
        (k, n * MOST_STAGES + s, stage.duration)
        for n, (k, operation) in enumerate(operations)
        for s, stage in enumerate(operation.stages)
    ]
    nothing = Effect(*(0.0 for _ in Effect._fields))

    def parts(entries: Any, field: str, skip: Any = "nothing") -> list[Part]:
        rules = [
            (k, number, getattr(entry, field))
            for number, (k, entry) in enumerate(entries)
            if getattr(entry, field) is not skip
        ]
        return _parts(kinds, rules)

    return Dispatch(
        hazard=_viewed(parts(options, "hazard"), 0.0),
        ceiling=_plain(parts(options, "ceiling"), 0.0),
        feasible=_viewed(parts(operations, "feasible", always), True),
        limit=_plain(parts(operations, "max_parallel", unlimited), 0.0),
        duration=_viewed(_parts(kinds, stages), 0.0),
        effect=_viewed(parts(operations, "effect", no_effect), nothing),
        broken_effect=_viewed(parts(operations, "broken_effect", no_effect), nothing),
        choose=_viewed(parts(responses, "choose"), 0),
        delay=_viewed(parts(responses, "delay"), 0.0),
        stands=_viewed(parts(responses, "stands", lasting), True),
        notice=_remembering(parts(own, "notice")),
        starting=_remembering(parts(own, "starting", unmindful)),
        news_delay=_plain(parts(own, "news_delay"), 0.0),
        evidence=_plain(parts(own, "evidence"), 0.0),
        detection=_viewed(parts(own, "detection"), 0.0),
        suspicion=_viewed(parts(own, "suspicion"), 0.0),
        site_weight=_viewed(parts(own, "site_weight", None), 0.0),
        means_weight=_remembering(parts(own, "means_weight", None), 0.0),
    )


def register_rules(kinds: Iterable[Kind]) -> None:
    """Let compiled code call the rules: `sim.rules`, and the modules of the kinds."""
    register({"sim.rules", *(kind.view.__module__ for kind in kinds)})


def register(homes: Iterable[str]) -> None:
    """Let compiled code call every plain function of some modules, and of theirs."""
    homes = set(homes)
    for name, module in list(sys.modules.items()):
        if any(name == home or name.startswith(home + ".") for home in homes):
            _register_module(module)


def _register_module(module: ModuleType) -> None:
    for value in list(vars(module).values()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            if value not in _REGISTERED:
                _REGISTERED.add(value)
                register_jitable(**WITHOUT_ENTRY)(value)


def _parts(
    kinds: Sequence[Kind], entries: Iterable[tuple[int, int, Rule]]
) -> list[Part]:
    """Sort (kind, number, rule) by kind; kinds without a rule are left out."""
    parts: list[Part] = []
    for k, kind in enumerate(kinds):
        rules = [(number, rule) for place, number, rule in entries if place == k]
        if rules:
            parts.append(Part(kind, rules[0][0], rules[-1][0], rules))
    return parts


def _chain(rules: list[Numbered]) -> Rule:
    """Tie rules that take the same into one, asked for by number; one must be it."""
    (a, rule_a), (b, rule_b), (c, rule_c) = (*rules, *[rules[-1]] * 3)[:3]
    rest = _chain(rules[3:]) if len(rules) > 4 else rules[-1][1]
    is_end = len(rules) <= 4

    @inner
    def link(n, *arguments):
        if n == a:
            return rule_a(*arguments)
        if n == b:
            return rule_b(*arguments)
        if n == c:
            return rule_c(*arguments)
        if is_end:
            return rest(*arguments)
        return rest(n, *arguments)

    return link


def _viewed(parts: list[Part], default: Any) -> Rule:
    """Tie rules that take (params, view), and whatever else they are handed."""
    if not parts:

        @inner
        def end(n, x, m, row, slot, holdings, other, now, *more):
            return default

        return end
    (kind, first, last, rules), rest = parts[0], _viewed(parts[1:], default)
    name, view, chain = kind.name, kind.view, _chain(rules)

    @inner
    def of_kind(n, x, m, row, slot, holdings, other, now, *more):
        if first <= n <= last:
            params = getattr(x.P, name)[row]
            seen = view(params, getattr(m.M, name)[slot], holdings, other, now)
            return chain(n, params, seen, *more)
        return rest(n, x, m, row, slot, holdings, other, now, *more)

    return of_kind


def _plain(parts: list[Part], default: Any) -> Rule:
    """Tie rules that take (params), and whatever else they are handed."""
    if not parts:

        @inner
        def end(n, x, row, *more):
            return default

        return end
    (kind, first, last, rules), rest = parts[0], _plain(parts[1:], default)
    name, chain = kind.name, _chain(rules)

    @inner
    def of_kind(n, x, row, *more):
        if first <= n <= last:
            return chain(n, getattr(x.P, name)[row], *more)
        return rest(n, x, row, *more)

    return of_kind


def _remembering(parts: list[Part], default: Any = None) -> Rule:
    """Tie rules that take (params, memory), and whatever else they are handed."""
    if not parts:

        @inner
        def end(n, x, m, row, slot, *more):
            return default

        return end
    (kind, first, last, rules), rest = parts[0], _remembering(parts[1:], default)
    name, chain = kind.name, _chain(rules)

    @inner
    def of_kind(n, x, m, row, slot, *more):
        if first <= n <= last:
            memory = getattr(m.M, name)[slot]
            return chain(n, getattr(x.P, name)[row], memory, *more)
        return rest(n, x, m, row, slot, *more)

    return of_kind
