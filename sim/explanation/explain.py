"""Why an incident happened: what it answers, and without what it would not have been.

Two kinds of link, and no third. A **cause** is what the log says that an incident
answers, follows or breaks off. A **contributor** is an earlier incident without which
this one does not happen: the replication is run again with that one left out, all
other draws standing, and this one is gone. Contributors of contributors are left out of
the links, since they are links of those.

Links do not compose: B may need A, and C need B, and C happen all the same without A,
since something else brings it then. What of a chain its last does not need is named,
with what stands in for it.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from math import inf, nextafter, prod
from string import hexdigits
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.alteration import Alteration
from sim.engine.log import Origin, RecordType
from sim.errors import RunError, StudyError
from sim.explanation.cause import words_of
from sim.explanation.decision import (
    Decision,
    Otherwise,
    decisions,
    weighed_without,
)
from sim.explanation.phrase import happened, like, read_phrase
from sim.explanation.prevention import (
    INSTEAD_DAYS,
    Bans,
    Prevention,
    Spare,
    Swaps,
    bans,
    dead_of,
    is_gone,
    is_put_in,
    least,
    none_at_all,
    peaks_of,
    preventions,
    spares,
    still_happens,
    swaps,
    together,
)
from sim.explanation.scene import Scene, incident_rows, scenes_of
from sim.ladder import ACTS, RUNGS, Act, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from os import PathLike

    from numpy.typing import NDArray

    from sim.engine.log import IncidentLog, Record
    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.rerun import StoredRun


@dataclass(frozen=True)
class Needs:
    """Which incidents of a replication would not have happened without which."""

    incidents: tuple[Record, ...]
    """The incidents of the replication up to the one that is explained, in order."""
    gone: NDArray[np.bool_]
    """Entry (j, i): whether incident i does not happen where j is left out; shape
    (incidents, incidents). An incident is not counted among what it takes along."""

    def contributors(self, i: int) -> list[int]:
        """Return the contributors of an incident that are those of no other of its."""
        needed = np.flatnonzero(self.gone[:, i])
        among = self.gone[np.ix_(needed, needed)]
        return [int(j) for j in needed[~among.any(axis=1)]]


def needs_of(scene: Scene, log: IncidentLog, last: int) -> Needs:
    """Leave each incident before the one at place `last` out in turn, and compare.

    No later one is looked at. Where a world without one runs away before that place,
    nothing is known, and nothing is gone.
    """
    own = tuple(log.incidents())[: last + 1]
    until = min(nextafter(own[last].time, inf), scene.until)
    words = np.array([record.identity & (2**64 - 1) for record in own], np.uint64)
    gone = np.zeros((len(own), len(own)), bool)
    for j in range(last):
        with suppress(RunError):
            rows = incident_rows(scene.rows_without((own[j].identity,), until))
            gone[j] = ~np.isin(words, rows["low"])
            gone[j, j] = False
    return Needs(own, gone)


MOST_ALIKE = 3
"""Incidents that are not needed and of whom it is said why not."""


@dataclass(frozen=True)
class Step:
    """One incident of an explanation."""

    number: int
    """Its number in the replication's story, from 1; `escalade replay` has the same."""
    record: Record
    cause: int
    """Number of the incident that it answers, follows or breaks off; 0 for none."""
    contributors: tuple[int, ...]
    """Numbers of further incidents without which it would not have been, nearest
    first."""
    alike: tuple[int, ...]
    """Numbers of earlier incidents that it does not need, of the same act by the same
    actor as one that it does; the nearest `MOST_ALIKE`."""
    gone_without: tuple[int, ...]
    """Numbers of the incidents of the explanation that do not happen where this one is
    left out."""
    decision: Decision
    """How it was decided, and what weighed most."""


class Route(NamedTuple):
    """Through what one is needed for another that does not answer it, by replays."""

    way: str
    """``new``: without it this comes that did not before, and with this left out as
    well the other happens again. ``changed``: the same, of one that is otherwise then.
    ``gone``: without it these do not happen, and without these alone the other does
    not. ``heard``: nothing else is singled out, and the other's actor had heard of it.
    Empty: nothing is singled out."""
    through: tuple[Record, ...] = ()
    """What it goes through: of ``changed`` as it is in the world without."""


@dataclass(frozen=True)
class Explanation:
    """Why one incident of one replication happened."""

    scene: Scene
    log: IncidentLog
    number: int
    """The incident's number in the story."""
    steps: tuple[Step, ...]
    """The incident and all that it hangs on, in order; the incident is the last."""
    chain: tuple[int, ...]
    """Numbers of the incidents that lead to the one explained, it at the end; each is
    the cause of the next or, where that has none, its nearest contributor."""
    spares: tuple[Spare, ...]
    """Those of the steps without which, alone, the incident happens all the same: there
    the links do not compose."""
    needed: tuple[int, ...]
    """Numbers of the earlier incidents without any one of which, all by itself, it
    would not have happened."""
    meant: str
    """How the incident was asked for: ``the first strike``."""
    together: tuple[int, ...]
    """Numbers of earlier incidents that are not needed each, but together: without all
    of them it does not happen, with any one of them put back it does. Empty where there
    are none."""
    n_tried: int
    """How many of the earlier ones that are not needed were left out at once."""
    changed: Record | None
    """The incident without all of these, where it happens all the same."""
    none_at_all: tuple[int, ...]
    """Numbers of incidents without which, together, none of its class happens to the
    end; empty where none such were found, or fewer do."""
    bans: Bans
    """Which classes of acts would prevent it."""
    swaps: Swaps
    """What else in place of what was would prevent it."""
    otherwise: dict[tuple[int, int], Otherwise]
    """Of (contributor or alike, step) by number: how the step would be decided without
    it; no entry where there would be no occasion for it."""
    routes: dict[tuple[int, int], Route]
    """Of (contributor, step) by number: through what it is needed. Of each needed for
    the incident, while each that hangs on it is not, the step is the nearest to the
    incident that is needed and for which a way is singled out, or the incident."""
    in_stead: dict[tuple[int, int], Record]
    """Of the same: the nearest of the same act by the same actor that comes then, and
    did not before, within `INSTEAD_DAYS`."""
    preventions: tuple[Prevention, ...]
    """What is without each of `needed`, `together`, `none_at_all`, and of `bans`, and
    what is with each of `swaps`."""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "root_seed": self.scene.root_seed,
            "replication": self.scene.number,
            "incident": self.number,
            "chain": list(self.chain),
            "links": [self._link(*pair) for pair in pairwise(self.chain)],
            "needed": list(self.needed),
            "meant": self.meant,
            "together": list(self.together),
            "tried_together": self.n_tried,
            "none_at_all": list(self.none_at_all),
            "routes": [
                {
                    "from": before,
                    "to": after,
                    "way": one.way,
                    "through": [self._other(record) for record in one.through],
                }
                for (before, after), one in self.routes.items()
            ],
            "no_strike_at_all_without": [list(some) for some in self.quiet],
            "laid_to_another": list(self.swaps.blamed),
            "strikes_with_dead": list(self.swaps.struck),
            "acts_tested": [name_of(act) for act in self.bans.tested],
            "chance": self._chance(),
            "highest_rung": max(peaks_of(self.log)),
            "highest_rung_put_in": peaks_of(self.log)[1],
            "dead": dead_of(self.log)[0],
            "dead_foreign": dead_of(self.log)[1],
            "preventions": [self._prevention(one) for one in self.preventions],
            "steps": [self._step(step) for step in self.steps],
        }

    def command(self, one: Prevention) -> str:
        """Return the command that tells a world without, beside the replication."""
        left_out = [str(number) for number in one.numbers]
        if one.ban is not None:
            date = self.scene.scenario.start + timedelta(days=one.ban.day)
            left_out.append(f"act={name_of(one.ban.act)}@{date}")
        put_in: list[str] = []
        if one.swap is not None:
            number, given = one.swap
            put_in = ["--put-in", words_of(given) if given else f"author={number}"]
            left_out += [f"{number}"] if given else []
        words = ["escalade", "explain", self.scene.folder, "-k", f"{self.scene.member}"]
        words += [w for x in left_out for w in ("--without", x)]
        return shlex.join([*words, *put_in])

    @property
    def quiet(self) -> list[tuple[int, ...]]:
        """Sets of as few as may be without which none of its like happens at all."""
        sets = [o.numbers for o in self.preventions if o.numbers and not o.like]
        return [some for some in sets if len(some) == min(map(len, sets))]

    @property
    def told_chain(self) -> tuple[int, ...]:
        """Those of the chain that the incident itself needs, and it at the end."""
        return tuple(n for n in self.chain if n in self.needed or n == self.number)

    @property
    def chances(self) -> dict[int, float]:
        """Of each of the told chain that is an answer, that choice's probability."""
        return {
            step.number: step.decision.weight
            for step in self.steps
            if step.number in self.told_chain and step.decision.kind == "answer"
        }

    @property
    def chances_beside(self) -> dict[int, float]:
        """Of each that is needed, an answer and not of the chain, the probability."""
        return {
            step.number: step.decision.weight
            for step in self.steps
            if step.number in self.needed
            and step.number not in self.told_chain
            and step.decision.kind == "answer"
        }

    @property
    def like(self) -> tuple[Record, ...]:
        """Incidents of its like in the replication as it was, itself among them."""
        acts = like(self.steps[-1].record.act)
        return tuple(one for one in self.log.incidents() if one.act in acts)

    def _chance(self) -> dict[str, Any]:
        decision = self.steps[-1].decision
        is_answer = decision.kind == "answer"
        chances = self.chances
        return {
            "kind": decision.kind,
            "probability": decision.weight if is_answer else None,
            "draw": decision.height if is_answer else None,
            "chosen_for_draws": list(decision.span) if is_answer else None,
            "chosen_below_and_above": list(decision.beside) if is_answer else None,
            "other_choices": dict(decision.others) if is_answer else None,
            "rate_per_day": None if is_answer else decision.weight,
            "comes_above_rate_per_day": None if is_answer else decision.height,
            "choices_of_the_chain": {str(n): p for n, p in chances.items()},
            "choices_together": prod(chances.values()),
            "choices_needed_beside_it": {
                str(n): p for n, p in self.chances_beside.items()
            },
        }

    def _link(self, before: int, after: int) -> dict[str, Any]:
        steps = {step.number: step for step in self.steps}
        spare = {one.number: one for one in self.spares}.get(before)
        return {
            "from": before,
            "to": after,
            "is_answer": steps[after].cause == before,
            "is_confirmed": after in steps[before].gone_without,
            "is_needed_for_the_last": spare is None,
            "happens_all_the_same": spare and spare.missed,
            "instead": [self._other(one) for one in spare.instead] if spare else [],
        }

    def _other(self, record: Record | None) -> dict[str, Any] | None:
        """Return an incident of another world."""
        return record and {
            "identity": f"{record.identity:032x}",
            "day": record.time,
            "act": name_of(record.act),
            "actor": self.log.actor_name(record.actor),
            "target": self.log.actor_name(record.target),
        }

    def _prevention(self, one: Prevention) -> dict[str, Any]:
        ban, swap = one.ban, one.swap
        return {
            "without": list(one.numbers),
            "without_act": ban and {"act": name_of(ban.act), "from_day": ban.day},
            "laid_to_who_did_it": swap.number if swap and not swap.given else None,
            "struck_without_harm": swap.number if swap and swap.given else None,
            "instead": self._other(one.instead),
            "next": self._other(one.following),
            "of_its_like": [self._other(record) for record in one.like],
            "dead": one.dead[0],
            "dead_foreign": one.dead[1],
            "highest_rung": max(one.peaks),
            "highest_rung_put_in": one.peaks[1],
            "new_on_a_higher_rung": self._other(one.worse),
            "command": self.command(one),
        }

    def _step(self, step: Step) -> dict[str, Any]:
        record, log = step.record, self.log
        decision = step.decision._asdict()
        decision["reasons"] = [reason._asdict() for reason in step.decision.reasons]
        return {
            "number": step.number,
            "identity": f"{record.identity:032x}",
            "day": record.time,
            "act": name_of(record.act),
            "actor": log.actor_name(record.actor),
            "target": log.actor_name(record.target),
            "site": log.sites[record.site] if record.site >= 0 else "",
            "cause": step.cause,
            "contributors": list(step.contributors),
            "alike_and_not_needed": list(step.alike),
            "decided_without": {
                str(before): one._asdict()
                | {"reasons": [reason._asdict() for reason in one.reasons]}
                | {"in_its_stead": self._other(self.in_stead.get((before, after)))}
                for (before, after), one in self.otherwise.items()
                if after == step.number
            },
            "gone_without": list(step.gone_without),
            "decision": decision,
        }


def explain(
    run: Ensemble | StoredRun | str | PathLike[str],
    replication: int,
    incident: int | str | None = None,
    *,
    engine: str = "auto",
) -> Explanation:
    """Say why an incident of a replication happened.

    Parameters
    ----------
    run
        An ensemble, or the directory of a run.
    replication
        Number of the replication.
    incident
        Its number in the story, from 1, its identity (32 hexadecimal digits), or words
        such as ``first strike``, ``last raid``, ``worst attack`` or ``first coalition
        death`` (`sim.explanation.phrase`). None is the first of the strikes on the
        highest rung that strikes reach, direct ones among them, or without any the
        first on the highest rung; none that was put in.
    engine
        ``auto``, ``simpy`` or ``compiled``; what is told does not depend on it.

    Returns
    -------
    Explanation
        Each link of it is in the log's column of causes, or is confirmed by a replay.

    Raises
    ------
    StudyError
        If there is no such replication or incident, or nothing happens in it.

    Examples
    --------
    >>> import sim
    >>> few = sim.run("iraq_2019_2020", replications=2, until=60.0).ensemble
    >>> why = explain(few, replication=1)
    >>> why.steps[-1].number == why.number == why.chain[-1]
    True
    """
    (scene,) = scenes_of(run, [replication], engine, replays=200)
    log = scene.log()
    place = place_of(log, scene.scenario.start, incident)
    if incident is None:
        meant = _default(log, place)
    elif str(incident).isdecimal() or is_identity(str(incident)):
        meant = "named by itself"
    else:
        start = scene.scenario.start
        meant = read_phrase(str(incident), start, "--incident").label
    return explained(scene, log, place, meant)


class Links(NamedTuple):
    """What the incident at a place of a log hangs on, all places from 0."""

    needs: Needs
    causes: list[int | None]
    """Of each incident up to it, the place of what it answers."""
    contributors: dict[int, list[int]]
    """Of it and each that it hangs on, the nearest first."""

    def alike(self, place: int, day: float) -> list[int]:
        """Return places that one does not need though it needs the same by the same.

        They are before the day on which it was decided.
        """
        own = self.needs.incidents
        sorts = {(own[j].actor, own[j].act) for j in self.contributors[place]}
        return [
            j
            for j in reversed(range(place))
            if (own[j].actor, own[j].act) in sorts
            and own[j].time < day
            and not self.needs.gone[j, place]
        ][:MOST_ALIKE]

    def chain(self, place: int) -> list[int]:
        """Return the places that lead to one of those in `contributors`, it last.

        Each is the cause of the next or, where that has none, its nearest contributor.
        """
        chain = [place]
        while True:
            cause, others = self.causes[chain[-1]], self.contributors[chain[-1]]
            if cause is None and not others:
                return chain[::-1]
            chain.append(others[0] if cause is None else cause)


def links_of(scene: Scene, log: IncidentLog, place: int) -> Links:
    """Return what the incident at a place of a log hangs on."""
    needs = needs_of(scene, log, place)
    own = needs.incidents
    places = {record.identity: i for i, record in enumerate(own)}
    by_identity = {record.identity: record for record in log.records}
    causes = [_cause(by_identity, record, places) for record in own[: place + 1]]
    waiting, links = [place], dict[int, list[int]]()
    while waiting:
        i = waiting.pop()
        # The nearest first: it is what most readers will look for.
        others = [j for j in reversed(needs.contributors(i)) if j != causes[i]]
        links[i] = others
        nearer = (j for j in (causes[i], *others) if j is not None)
        waiting += [j for j in nearer if j not in links and j not in waiting]
    return Links(needs, causes, links)


def explained(
    scene: Scene, log: IncidentLog, place: int, meant: str = ""
) -> Explanation:
    """Explain the incident at a place of a log, from 0."""
    links = links_of(scene, log, place)
    own, chosen = links.needs.incidents, sorted(links.contributors)
    how = decisions(
        scene.cast, log, scene.alteration, [own[i].identity for i in chosen]
    )
    alike = {i: links.alike(i, how[own[i].identity].day) for i in chosen}
    steps = tuple(
        Step(
            number=i + 1,
            record=own[i],
            cause=0 if (cause := links.causes[i]) is None else cause + 1,
            contributors=tuple(j + 1 for j in links.contributors[i]),
            alike=tuple(j + 1 for j in alike[i]),
            gone_without=tuple(j + 1 for j in chosen if links.needs.gone[i, j]),
            decision=how[own[i].identity],
        )
        for i in chosen
    )
    otherwise, in_stead = _links_otherwise(
        scene,
        log,
        {i: [*others, *alike[i]] for i, others in links.contributors.items()},
    )
    needed = [int(j) for j in np.flatnonzero(links.needs.gone[:, place])]
    every = none_at_all(scene, log, place)
    joint = together(scene, log, place, needed, every)
    chain, classes = links.chain(place), bans(scene, log, place)
    swapped = swaps(scene, log, place)
    hangs_on = {
        i: [j for j in (links.causes[i], *others) if j is not None]
        for i, others in links.contributors.items()
    }
    # Of one that is needed, while each that hangs on it is not: how then?
    lone = [
        j
        for j in needed
        if not any(j in hangs_on[i] for i in hangs_on if i in {*needed, place})
    ]
    sets = [*((j,) for j in needed), tuple(joint.places)]
    prevented = preventions(scene, log, place, [some for some in sets if some])
    if any(not one.like and len(one.numbers) < len(every) for one in prevented):
        every = ()
    more = [every] if every and every not in sets else []
    prevented += preventions(
        scene, log, place, more, classes.preventing, swapped.preventing
    )
    return Explanation(
        scene=scene,
        log=log,
        number=place + 1,
        steps=steps,
        chain=tuple(i + 1 for i in chain),
        spares=spares(
            scene,
            log,
            hangs_on=hangs_on,
            chain=chain,
            needed=needed,
        ),
        needed=tuple(j + 1 for j in needed),
        meant=meant,
        together=tuple(j + 1 for j in joint.places),
        n_tried=joint.n_tried,
        changed=joint.changed,
        none_at_all=tuple(j + 1 for j in every),
        bans=classes,
        swaps=swapped,
        otherwise=otherwise,
        routes=_routes(scene, log, links.contributors)
        | _lone_routes(scene, log, links, lone, [*needed, place]),
        in_stead=in_stead,
        preventions=prevented,
    )


MOST_ROUTES = 8
"""Incidents that come, or are otherwise, without one, and of which each is tried."""


def _routes(
    scene: Scene, log: IncidentLog, hangs: Mapping[int, Sequence[int]]
) -> dict[tuple[int, int], Route]:
    """Return through what each is needed for those that hang on it."""
    own = list(log.incidents())
    heard = {
        (record.cause, record.actor): record.time
        for record in log.records
        if record.record_type == RecordType.PERCEPTION
    }
    pairs = sorted((j, i) for i, others in hangs.items() for j in others)
    routes: dict[tuple[int, int], Route] = {}
    for j, some in groupby(pairs, key=lambda pair: pair[0]):
        after = [i for _, i in some]
        with suppress(RunError):
            until = max(own[i].time for i in after)
            without = Alteration(without=(own[j].identity,))
            other = list(scene.log_without(without, until).incidents())
            for i in after:
                route = _route(scene, own, other, j, i)
                learned = heard.get((own[j].identity, own[i].actor), inf)
                if not route.way and learned <= own[i].time:
                    route = Route("heard")
                routes[j + 1, i + 1] = route
    return routes


def _lone_routes(
    scene: Scene,
    log: IncidentLog,
    links: Links,
    lone: Sequence[int],
    needed: Sequence[int],
) -> dict[tuple[int, int], Route]:
    """Return through what some are needed of which each that hangs on them is not."""
    own = links.needs.incidents
    routes: dict[tuple[int, int], Route] = {}
    for j in lone:
        with suppress(RunError):
            without = Alteration(without=(own[j].identity,))
            other = list(scene.log_without(without, own[-1].time).incidents())
            gone = [i for i in needed if i > j and links.needs.gone[j, i]]
            ways = [(i, _route(scene, own, other, j, i)) for i in reversed(gone)]
            clear = (pair for pair in ways if pair[1].way in ("new", "changed"))
            i, route = next(clear, ways[0])
            routes[j + 1, i + 1] = route
    return routes


def _route(
    scene: Scene, own: Sequence[Record], other: Sequence[Record], j: int, i: int
) -> Route:
    """Return through what the incident at place j is needed for that at place i."""
    target, actor = own[i], own[i].actor
    as_it_was = {record.identity: record for record in own}
    between = [one for one in other if own[j].time <= one.time < target.time]
    differing = [one for one in between if one != as_it_was.get(one.identity)]
    # First what its actor does or suffers, the nearest first.
    differing.sort(key=lambda one: (actor not in (one.actor, one.target), -one.time))
    for record in differing[:MOST_ROUTES]:
        if still_happens(scene, target, (own[j].identity, record.identity)):
            way = "changed" if record.identity in as_it_was else "new"
            return Route(way, (record,))
    comes = {record.identity for record in other}

    def prevents(places: Sequence[int]) -> bool:
        return is_gone(scene, target, [own[n].identity for n in places])

    gone = [n for n in range(j + 1, i) if own[n].identity not in comes]
    if gone and prevents(gone):
        return Route("gone", tuple(own[n] for n in least(gone, prevents)))
    return Route("")


def _links_otherwise(
    scene: Scene, log: IncidentLog, hangs: Mapping[int, Sequence[int]]
) -> tuple[dict[tuple[int, int], Otherwise], dict[tuple[int, int], Record]]:
    """Return how each of some would be decided without one of those beside it."""
    own = list(log.incidents())
    known = {record.identity for record in own}
    before: dict[int, list[int]] = {}
    for i, others in hangs.items():
        for j in others:
            before.setdefault(j, []).append(i)
    otherwise: dict[tuple[int, int], Otherwise] = {}
    in_stead: dict[tuple[int, int], Record] = {}
    for j, after in before.items():
        until = max(own[i].time for i in after) + INSTEAD_DAYS
        with suppress(RunError):
            other = scene.log_without(Alteration(without=(own[j].identity,)), until)
            identities = [own[i].identity for i in after]
            weighed = weighed_without(
                scene.cast, log, other, scene.alteration, identities
            )
            for i in after:
                if own[i].identity not in weighed:
                    continue
                otherwise[j + 1, i + 1] = weighed[own[i].identity]
                like = [
                    record
                    for record in other.incidents()
                    if record.identity not in known
                    and (record.act, record.actor) == (own[i].act, own[i].actor)
                    and abs(record.time - own[i].time) <= INSTEAD_DAYS
                ]
                if like:
                    in_stead[j + 1, i + 1] = min(
                        like, key=lambda record: abs(record.time - own[i].time)
                    )
    return otherwise, in_stead


def _cause(
    by_identity: dict[int, Record], record: Record, places: dict[int, int]
) -> int | None:
    """Return the place of the incident that another answers, through its stages."""
    cause = record.cause
    while cause and cause not in places:
        if cause not in by_identity:
            return None
        cause = by_identity[cause].cause
    return places.get(cause)


def _may_be_meant(record: Record) -> bool:
    """Whether an incident is a strike, by either side, that was not put in."""
    return record.act in like(Act.AIR_STRIKE) and not is_put_in(record)


def _default(log: IncidentLog, place: int) -> str:
    """Say which incident is meant where none was named."""
    own = list(log.incidents())
    strikes = [(n, one) for n, one in enumerate(own, 1) if _may_be_meant(one)]
    given = [
        f"[{n}]"
        for n, one in enumerate(own, 1)
        if one.act in like(Act.AIR_STRIKE) and is_put_in(one)
    ]
    rung = ACTS[own[place].act].rung
    at = f"{rung}, {RUNGS[rung]}"
    if given:
        were = "was" if len(given) == 1 else "were"
        origins = {one.origin for one in own if is_put_in(one)}
        by = " by the scenario" if origins == {Origin.DEVELOPMENT} else ""
        at += f"; besides, {', '.join(given)} {were} put in{by}"
    if not strikes:
        none = f"no strike{' of its own' if given else ''}"
        return f"it has {none}; the first on its highest rung, {at}"
    if len(strikes) == 1:
        return f"its only strike, on rung {at}"
    # A strike is what outcomes count as one; the other side's are direct strikes.
    direct = [number for number, one in strikes if one.act == Act.DIRECT_STRIKE]
    others = [number for number, one in strikes if one.act != Act.DIRECT_STRIKE]
    groups = [
        f"{word} {', '.join(f'[{number}]' for number in numbers)}"
        for word, numbers in (("strikes", others), ("direct strikes", direct))
        if numbers
    ]
    return f"of its {' and '.join(groups)} the first on their highest rung, {at}"


def place_of(
    log: IncidentLog,
    start: date,
    incident: int | str | None,
    option: str = "--incident",
) -> int:
    """Return the place among a log's incidents, from 0, that is asked for."""
    own = list(log.incidents())
    if incident is None:
        free = [i for i, one in enumerate(own) if not is_put_in(one)]
        if not free:
            message = "nothing happens in this replication but what was put in"
            raise StudyError(message)
        return max(
            free, key=lambda i: (_may_be_meant(own[i]), ACTS[own[i].act].rung, -i)
        )
    text = str(incident)
    if text.isdecimal() and len(text) < 32:
        if 1 <= int(text) <= len(own):
            return int(text) - 1
        ending = f"its incidents are 1 to {len(own)}, as escalade replay numbers them"
    elif is_identity(text):
        for i, record in enumerate(own):
            if f"{record.identity:032x}" == text.lower():
                return i
        ending = "no incident has this identity; escalade replay --json has them all"
    else:
        phrase = read_phrase(text, start, option)
        if places := phrase.in_log(log):
            return places[0]
        ending = f"{phrase.label} does not happen; what does: {happened(log)}"
    message = f"{option} {text!r}: in replication {log.replication} {ending}"
    raise StudyError(message)


def is_identity(text: str) -> bool:
    """Whether a text is an identity as logs have it.

    >>> is_identity("ab" * 16), is_identity("raid")
    (True, False)
    """
    return len(text) == 32 and all(c in hexdigits for c in text)
