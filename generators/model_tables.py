"""The tables of ``docs/model.md`` that come from the ladder and the rules.

Each function returns Markdown. Nothing is written here that the tables themselves do
not say: whoever changes a rule changes its table, and ``pages.py`` renews the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sim.digits import markdown_table
from sim.docstrings import field_texts
from sim.ladder import ACTS, RUNGS, Act, name_of
from sim.rules.behaviour import (
    MEANS_ACTS,
    Breaks,
    Kind,
    MeansUse,
    operations_of,
    parameter_table,
    unlimited,
)
from sim.rules.means import MEANS
from sim.rules.registry import KINDS
from sim.units import canonical_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sim.rules.behaviour import Mechanism, Operation, Parameter
    from sim.scenario.scenario import Cited, Scenario

_DASH: Final = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: str = "") -> str:
    """Return a Markdown table; `right` lists the columns aligned to the right."""
    lines = ([cell or _DASH for cell in row] for row in rows)
    return markdown_table(head, lines, numbers=map(int, right.split()))


def code(name: str) -> str:
    """Return a name set as code; nothing for nothing."""
    return f"`{name}`" if name else ""


def codes(names: Iterable[str]) -> str:
    """Return names set as code, in their order, each once."""
    return ", ".join(code(name) for name in dict.fromkeys(names))


def number(value: float) -> str:
    """Return a number with four significant digits at most.

    >>> [number(x) for x in (36.0, 1 / 7, 20000.0)]
    ['36', '0.1429', '20000']
    """
    return f"{value:.0f}" if value == round(value) else f"{value:.4g}"


# The ladder.


def rungs() -> str:
    """Return the rungs and the acts that stand on each."""
    return table(
        ("Rung", "Name", "Acts"),
        (
            (str(rung), name, codes(name_of(r.act) for r in ACTS[1:] if r.rung == rung))
            for rung, name in RUNGS.items()
        ),
        right="0",
    )


def acts() -> str:
    """Return the act table with who makes each act."""
    makers: dict[Act, list[str]] = {act: [] for act in Act}
    for kind in KINDS.values():
        for operation in operations_of(kind).values():
            name = f"`{kind.name}.{operation.name}`"
            makers[operation.act].append(name)
            if operation.means == MeansUse.OWN:
                for act in {*MEANS_ACTS} - {operation.act}:
                    makers[act].append(name)
            for consequence in operation.consequences:
                makers[consequence.act].append(f"{name} brings it with it")
            if operation.broken_act != Act.NONE:
                makers[operation.broken_act].append(f"{name} broken off")
    return table(
        ("Act", "CAMEO", "Goldstein, CAMEO", "Goldstein, WEIS", "Rung", "Visibility",
         "Made by"),
        (
            (
                code(name_of(row.act)),
                row.cameo,
                f"{row.goldstein_cameo:+.1f}" if row.cameo else "",
                f"{row.goldstein_weis:+.1f}" if row.cameo else "",
                str(row.rung),
                row.visibility.name.lower(),
                ", ".join(makers[row.act]) or "no rule: put in only",
            )
            for row in ACTS
            if row.act != Act.NONE
        ),
        right="2 3 4",
    )  # fmt: skip


# The kinds.


def parameters(kind: Kind, scenario: Scenario) -> str:
    """Return a kind's parameters, and their values and sources in a scenario."""
    stems = [
        f"actors.{actor.name}"
        for actor in scenario.actors
        if actor.kind.name == kind.name
    ]
    return _in_scenario(
        parameter_table(kind), stems, scenario, _owners(kind.mechanisms)
    )


def means(scenario: Scenario) -> str:
    """Return the numbers of means of attack, and their values in a scenario."""
    stems = [f"means.{means.name}" for means in scenario.means]
    kinds = dict.fromkeys(actor.kind for actor in scenario.actors)
    owners = _owners(row for kind in kinds for row in kind.mechanisms)
    prefix = "means."
    return _in_scenario(
        MEANS,
        stems,
        scenario,
        {
            name.removeprefix(prefix): row
            for name, row in owners.items()
            if name.startswith(prefix)
        },
    )


def _owners(mechanisms: Iterable[Mechanism]) -> dict[str, str]:
    """Return the row of the ledger to which each number belongs."""
    return {
        own: mechanism.name
        for mechanism in mechanisms
        for own in (*mechanism.off, *mechanism.shaped_by)
    }


def _in_scenario(
    numbers: Mapping[str, Parameter],
    stems: Sequence[str],
    scenario: Scenario,
    owners: Mapping[str, str],
) -> str:
    cited = {entry.path: entry for entry in scenario.cited}
    rows: list[tuple[str, ...]] = []
    for name, parameter in numbers.items():
        entries = [cited[f"{stem}.{name}"] for stem in stems]
        default = parameter.default
        rows.append(
            (
                code(name),
                parameter.meaning,
                code(owners.get(name, "")),
                canonical_unit(parameter.dimension),
                f"{number(parameter.low)} to {number(parameter.high)}",
                "required" if default is None else number(default),
                " / ".join(_distinct(number(entry.value) for entry in entries)),
                " / ".join(dict.fromkeys(entry.basis for entry in entries)),
                _sources(entries),
            )
        )
    return table(
        ("Parameter", "Meaning", "Row", "Unit", "Legal", "Default",
         f"In {scenario.name}", "Basis", "Source"),
        rows,
    )  # fmt: skip


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return one text where all are equal, else all of them."""
    every = list(texts)
    return every[:1] if len(set(every)) == 1 else every


def _sources(entries: Iterable[Cited]) -> str:
    named = [s.strip() for entry in entries for s in entry.source.split(",")]
    return codes(name for name in named if name)


def state(owner: type[Any]) -> str:
    """Return the fields of a memory, a view or the world, with their docstrings."""
    return table(
        ("Field", "Meaning"),
        ((code(name), text) for name, text in field_texts(owner).items()),
    )


def _rule(rule: Callable[..., Any]) -> str:
    return code(f"{rule.__module__.rsplit('.', 1)[-1]}.{rule.__name__}")


def _effect(operation: Operation) -> str:
    of_target = operation.means == MeansUse.TARGETS
    return _rule(operation.effect) + (" (a means of its target)" if of_target else "")


_MEANS: Final = {
    MeansUse.OWN: "a means of its own",
    MeansUse.JOINED: "the means that it joins",
}


def doings(kind: Kind) -> str:
    """Return a kind's options, responses and operations."""
    options = table(
        ("Option", "Toward each of role", "Hazard, 1/day", "Ceiling"),
        (
            (code(o.operation.name), code(o.role), _rule(o.hazard), _rule(o.ceiling))
            for o in kind.options
        ),
    )
    responses = table(
        ("Response", "To", "Toward", "Choice among", "Chosen by", "Delay"),
        (
            (
                code(r.name),
                codes(name_of(act) for act in r.to)
                + (" (its stage noticed)" if r.to_stage else ""),
                f"each of {code(r.role)}" if r.role else r.toward.name.lower(),
                codes(operation.name for operation in r.operations),
                _rule(r.choose),
                _rule(r.delay),
            )
            for r in kind.responses
        ),
    )
    operations = table(
        ("Operation", "Act at its end", "Stages", "Effect", "Needs", "At once",
         "Breaks off", "Broken off by"),
        (
            (
                code(o.name),
                code(name_of(o.act)) if o.act != Act.NONE else "",
                ", ".join(f"{s.name} ({_rule(s.duration)})" for s in o.stages),
                "" if o.effect.__name__ == "no_effect" else _effect(o),
                ", ".join(
                    word
                    for word, holds in (
                        (_rule(o.feasible), o.feasible.__name__ != "always"),
                        ("a site", o.needs_site),
                        (_MEANS.get(o.means, ""), o.means in _MEANS),
                        ("persons or launchers", o.needs_amount),
                    )
                    if holds
                ),
                "any" if o.max_parallel is unlimited else _rule(o.max_parallel),
                "" if o.breaks == Breaks.NOTHING else o.breaks.name.lower(),
                ""
                if o.breakable_by == Breaks.NOTHING
                else f"{'its own actor' if o.breakable_by == Breaks.OWN else 'others'}"
                f": {code(name_of(o.broken_act))}",
            )
            for o in operations_of(kind).values()
        ),
    )  # fmt: skip
    return "\n".join((options, responses, operations))
