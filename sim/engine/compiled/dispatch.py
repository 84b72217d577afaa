"""From a number to a rule: chains of functions, tied when a driver is built.

Each chain answers one question (`hazard`, `choose`, ...) for every rule of every kind.
A link compares a number and calls its rule, or asks the next link; numba compiles the
chain into a ladder of branches with the rules inlined. No text is generated.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from numba import njit
from numba.extending import register_jitable

from sim.engine.compiled.state import MOST_STAGES
from sim.engine.compiled.tables import Numbering
from sim.rules.behaviour import Effect, Kind, always, no_effect, unlimited

_REGISTERED: set[FunctionType] = set()

Rule = Callable[..., Any]


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
    notice: Rule
    news_delay: Rule
    evidence: Rule
    detection: Rule
    suspicion: Rule
    site_weight: Rule


def build_dispatch(numbering: Numbering) -> Dispatch:
    """Tie the chains for a tuple of kinds."""
    kinds = numbering.kinds
    register(kinds)
    options = [(kinds[k], option) for k, option in numbering.options]
    operations = [(kinds[k], operation) for k, operation in numbering.operations]
    responses = [(kinds[k], response) for k, response in numbering.responses]
    own = [(kind, kind) for kind in kinds]
    stages = [
        (n * MOST_STAGES + s, kinds[k].name, kinds[k].view, stage.duration)
        for n, (k, operation) in enumerate(numbering.operations)
        for s, stage in enumerate(operation.stages)
    ]
    return Dispatch(
        hazard=_viewed(_links(options, "hazard"), 0.0),
        ceiling=_plain(_links(options, "ceiling"), 0.0),
        feasible=_viewed(_links(operations, "feasible", always), True),
        limit=_plain(_links(operations, "max_parallel", unlimited), 0.0),
        duration=_drawn(stages, 0.0),
        effect=_effect(_links(operations, "effect", no_effect)),
        broken_effect=_effect(_links(operations, "broken_effect", no_effect)),
        choose=_choice(_links(responses, "choose")),
        delay=_drawn(_links(responses, "delay"), 0.0),
        notice=_notice(_links(own, "notice")),
        news_delay=_once(_links(own, "news_delay"), 0.0),
        evidence=_plain(_links(own, "evidence"), 0.0),
        detection=_viewed(_links(own, "detection"), 0.0),
        suspicion=_viewed(_links(own, "suspicion"), 0.0),
        site_weight=_weight(_links(own, "site_weight", None)),
    )


def register(kinds: Iterable[Kind]) -> None:
    """Let compiled code call every plain function of the rules' modules.

    Those are the modules in `sim.rules` and, for a kind from elsewhere, the modules of
    its own package.
    """
    homes = {"sim.rules"}
    for kind in kinds:
        homes.add(kind.view.__module__)
    for name, module in list(sys.modules.items()):
        if any(name == home or name.startswith(home + ".") for home in homes):
            _register_module(module)


def _register_module(module: ModuleType) -> None:
    for value in list(vars(module).values()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            if value not in _REGISTERED:
                _REGISTERED.add(value)
                register_jitable(value)


def _links(
    entries: list[tuple[Kind, Any]], field: str, skip: Any = "nothing"
) -> list[tuple[int, str, Rule, Rule]]:
    """Return (number, kind's name, view, rule) for each entry that has a rule of its own."""
    return [
        (number, kind.name, kind.view, getattr(entry, field))
        for number, (kind, entry) in enumerate(entries)
        if getattr(entry, field) is not skip
    ]


def _viewed(links: Any, default: Any) -> Rule:
    """Tie (params, view) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, holdings, other, now):
            return default

        return end
    (number, k, view, rule), rest = links[0], _viewed(links[1:], default)

    @njit
    def link(n, x, m, row, slot, holdings, other, now):
        if n == number:
            params = getattr(x.P, k)[row]
            return rule(params, view(params, getattr(m.M, k)[slot], holdings, other, now))
        return rest(n, x, m, row, slot, holdings, other, now)

    return link


def _plain(links: Any, default: Any) -> Rule:
    """Tie (params) rules."""
    if not links:

        @njit
        def end(n, x, row):
            return default

        return end
    (number, k, _, rule), rest = links[0], _plain(links[1:], default)

    @njit
    def link(n, x, row):
        if n == number:
            return rule(getattr(x.P, k)[row])
        return rest(n, x, row)

    return link


def _once(links: Any, default: Any) -> Rule:
    """Tie (params, uniform) rules."""
    if not links:

        @njit
        def end(n, x, row, u):
            return default

        return end
    (number, k, _, rule), rest = links[0], _once(links[1:], default)

    @njit
    def link(n, x, row, u):
        if n == number:
            return rule(getattr(x.P, k)[row], u)
        return rest(n, x, row, u)

    return link


def _drawn(links: Any, default: Any) -> Rule:
    """Tie (params, view, uniform) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, holdings, other, now, u):
            return default

        return end
    (number, k, view, rule), rest = links[0], _drawn(links[1:], default)

    @njit
    def link(n, x, m, row, slot, holdings, other, now, u):
        if n == number:
            params = getattr(x.P, k)[row]
            return rule(params, view(params, getattr(m.M, k)[slot], holdings, other, now), u)
        return rest(n, x, m, row, slot, holdings, other, now, u)

    return link


def _choice(links: Any) -> Rule:
    """Tie (params, view, percept, uniform) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, holdings, other, now, percept, u):
            return 0

        return end
    (number, k, view, rule), rest = links[0], _choice(links[1:])

    @njit
    def link(n, x, m, row, slot, holdings, other, now, percept, u):
        if n == number:
            params = getattr(x.P, k)[row]
            seen = view(params, getattr(m.M, k)[slot], holdings, other, now)
            return rule(params, seen, percept, u)
        return rest(n, x, m, row, slot, holdings, other, now, percept, u)

    return link


def _effect(links: Any) -> Rule:
    """Tie (params, view, setting, uniforms) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, holdings, other, now, setting, u):
            return Effect(
                0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
                0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
            )  # fmt: skip

        return end
    (number, k, view, rule), rest = links[0], _effect(links[1:])

    @njit
    def link(n, x, m, row, slot, holdings, other, now, setting, u):
        if n == number:
            params = getattr(x.P, k)[row]
            seen = view(params, getattr(m.M, k)[slot], holdings, other, now)
            return rule(params, seen, setting, u)
        return rest(n, x, m, row, slot, holdings, other, now, setting, u)

    return link


def _notice(links: Any) -> Rule:
    """Tie (params, memory, percept, now) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, percept, now):
            return

        return end
    (number, k, _, rule), rest = links[0], _notice(links[1:])

    @njit
    def link(n, x, m, row, slot, percept, now):
        if n == number:
            rule(getattr(x.P, k)[row], getattr(m.M, k)[slot], percept, now)
            return
        rest(n, x, m, row, slot, percept, now)

    return link


def _weight(links: Any) -> Rule:
    """Tie (params, view, reach, presence) rules."""
    if not links:

        @njit
        def end(n, x, m, row, slot, holdings, other, now, reach, presence):
            return 0.0

        return end
    (number, k, view, rule), rest = links[0], _weight(links[1:])

    @njit
    def link(n, x, m, row, slot, holdings, other, now, reach, presence):
        if n == number:
            params = getattr(x.P, k)[row]
            seen = view(params, getattr(m.M, k)[slot], holdings, other, now)
            return rule(params, seen, reach, presence)
        return rest(n, x, m, row, slot, holdings, other, now, reach, presence)

    return link
