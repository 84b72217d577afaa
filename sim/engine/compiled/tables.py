"""A cast as flat tables: who can do what to whom, for the compiled driver."""

from __future__ import annotations

from dataclasses import astuple, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import name_word
from sim.engine.alteration import UNALTERED
from sim.engine.capacity import MOST_ACTORS, MOST_SITES
from sim.engine.cast import VISIBILITY
from sim.engine.compiled.state import (
    MOST_BANDS,
    MOST_CHANNELS,
    MOST_GIVEN,
    MOST_ROWS,
    WORLD,
    place_dtype,
    state_dtype,
)
from sim.engine.compiled.static import STATIC
from sim.engine.explained import past_tables
from sim.engine.log import Origin
from sim.engine.observation import shares_of
from sim.engine.world import entries_of, new_memory, new_world
from sim.rules.behaviour import (
    MEANS_ACTS,
    MeansUse,
    always,
    lasting,
    no_effect,
    operations_of,
    unlimited,
)
from sim.rules.means import NO_MEANS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.engine.alteration import Alteration
    from sim.engine.cast import BoundResponse, Cast
    from sim.engine.compiled.numbering import Numbering

_WORD = 2**64 - 1
_OF_BANDS = (
    "band_channel", "band_base", "band_width", "band_highest", "band_low", "band_high",
)  # fmt: skip


class Tables:
    """A cast in flat form: where replications are run, and their state at the start."""

    def __init__(self, cast: Cast, numbering: Numbering) -> None:
        self.cast = cast
        self.numbering = numbering
        kinds = numbering.kinds
        self.place = np.zeros(1, place_dtype(kinds, STATIC))
        write_alteration(self.place["altered"][0], UNALTERED)
        self.start = np.zeros(1, state_dtype(kinds))
        self._actors()
        self._reach()
        self._sites()
        self._means()
        self._channels()
        self._bands()
        self._operations()
        self._answers()
        self._developments()
        self._params()
        self._reports()
        self._world = self.start["w"][0]
        self._memories = [
            self.start["M"][kind.name][0, int(slot)]
            for kind, slot in zip(cast.kinds, self._s["slot"], strict=False)
        ]
        self._started: dict[tuple[int, str], Any] = {}
        self._at_start()

    def renew(self, cast: Cast) -> None:
        """Take another cast that differs from this one in numbers only."""
        old, self.cast = self.cast, cast
        is_armed_otherwise = cast.opportunity != old.opportunity
        if is_armed_otherwise:
            self._actors()
        if cast.reach != old.reach:
            self._reach()
        if cast.scenario.sites != old.scenario.sites:
            self._sites()
        if cast.means != old.means:
            self._means()
        self._renew_bands(old)
        now = [*cast.params, *(turn.params for turn in cast.turns)]
        before = [*old.params, *(turn.params for turn in old.turns)]
        for (name, row), params, those in zip(self._rows, now, before, strict=True):
            if params is not those and params != those:
                self.place["P"][name][0, row] = tuple(params)
        if cast.scenario.observations != old.scenario.observations:
            self._reports()
        self._past()
        if is_armed_otherwise or cast.scenario.sites != old.scenario.sites:
            self._at_start()

    def _renew_bands(self, old: Cast) -> None:
        """Write the bands that another cast has otherwise than the one before."""
        pairs = list(zip(self.cast.channels, old.channels, strict=True))
        if any(len(new.bands) != len(was.bands) for new, was in pairs):
            self._bands()
            return
        highest, first = self._s["band_highest"], 0
        for new, was in pairs:
            last = first + len(new.bands)
            if new.highest != was.highest:
                highest[first:last] = new.highest
            first = last

    def _at_start(self) -> None:
        """Write world and blank memories; each replication draws how they start."""
        for place, name, value in self._start_of(self.cast):
            if self._started.get((id(place), name)) != value:
                self._started[id(place), name] = value
                fill(place, name, value)

    def _start_of(self, cast: Cast) -> Iterator[tuple[Any, str, Any]]:
        """Yield where each entry of memories and world stands, its name and value."""
        blanks = (new_memory(cast, actor) for actor in range(cast.n_actors))
        for place, memory in zip(self._memories, blanks, strict=True):
            for name in entries_of(type(memory)):
                yield place, name, getattr(memory, name)
        world = new_world(cast)
        for name in WORLD.names or ():
            yield self._world, name, getattr(world, name)

    @property
    def _s(self) -> Any:
        return self.place["s"][0]

    def _actors(self) -> None:
        s, cast = self._s, self.cast
        s["n_actors"], s["n_sites"] = cast.n_actors, len(cast.sites)
        s["max_incidents"] = cast.scenario.max_incidents
        s["visibility"][: len(VISIBILITY)] = VISIBILITY
        seen: dict[int, int] = {}
        for i, kind in enumerate(cast.kinds):
            number = self.numbering.kind(kind)
            s["kind"][i], s["slot"][i] = number, seen.get(number, 0)
            seen[number] = seen.get(number, 0) + 1
            s["side"][i], s["word"][i] = cast.sides[i], cast.words[i]
            s["weighs_sites"][i] = kind.site_weight is not None
            for act in kind.heeds:
                s["heeds"][act, i] = 1
            for act in kind.heeds_own:
                s["heeds_own"][act, i] = 1
            s["n_suspects"][i] = len(cast.suspects[i])
            s["suspect"][i, : len(cast.suspects[i])] = cast.suspects[i]
            s["weighs_means"][i] = kind.means_weight is not None
            s["opportunity"][i, : len(cast.means)] = cast.opportunity[i]
            for operation in operations_of(kind).values():
                if operation.means in (MeansUse.OWN, MeansUse.JOINED):
                    for act in MEANS_ACTS:
                        share = cast.share_of_act(i, operation, act)
                        s["share_of_act"][i, act] = share
            s["watches"][i, list(cast.watchers[i])] = 1
            s["is_watched"][i] = len(cast.watchers[i]) > 0
            s["is_host"][i] = i in cast.hosts

    def _reach(self) -> None:
        cast = self.cast
        self._s["reach"][: cast.n_actors, : len(cast.sites)] = cast.reach

    def _sites(self) -> None:
        s = self._s
        for j, site in enumerate(self.cast.scenario.sites):
            s["site_word"][j] = self.cast.site_words[j]
            s["soil"][j] = self.cast.soil[j]
            s["exposed_foreign"][j] = site.exposed_foreign
            s["exposed_host"][j] = site.exposed_host
            s["exposed_civilian"][j] = site.exposed_civilian
            s["defence"][j, : len(self.cast.means)] = self.cast.defences[j]

    def _means(self) -> None:
        s, cast = self._s, self.cast
        s["n_means"] = len(cast.means)
        s["means_of"][0] = tuple(NO_MEANS)
        for k, means in enumerate(cast.means):
            s["means_word"][k] = cast.means_words[k]
            s["means_act"][k] = means.act
            s["means_act_word"][k] = name_word(means.act.name)
            s["means_of"][k + 1] = tuple(means.params)

    def _channels(self) -> None:
        s, cast = self._s, self.cast
        s["n_channels"] = len(cast.channels)
        for c, channel in enumerate(cast.channels):
            kind, option = cast.kinds[channel.actor], channel.option
            s["channel_actor"][c] = channel.actor
            s["channel_target"][c] = channel.target
            s["channel_option"][c] = self.numbering.option(kind, option)
            number = self.numbering.operation(kind, option.operation)
            s["channel_operation"][c] = number

    def _bands(self) -> None:
        rows = [
            (c, base, width, channel.highest, *split(identity))
            for c, channel in enumerate(self.cast.channels)
            for base, width, identity in channel.bands
        ]
        self._s["n_bands"] = len(rows)
        for name, column in zip(_OF_BANDS, zip(*rows, strict=True), strict=False):
            self._s[name][: len(column)] = column

    def _operations(self) -> None:
        s = self._s
        for n, (number, operation) in enumerate(self.numbering.operations):
            s["op_act"][n] = operation.act
            s["op_word"][n] = name_word(operation.act.name)
            used = self.numbering.kinds[number] in self.cast.kinds
            s["op_code"][n] = self.cast.operations.index(operation) if used else -1
            s["op_means"][n] = operation.means
            s["op_needs_site"][n] = operation.needs_site
            s["op_needs_amount"][n] = operation.needs_amount
            s["op_is_own_site"][n] = operation.is_own_site
            s["op_avoids_noticed"][n] = operation.avoids_noticed_site
            s["op_breaks"][n], s["op_breakable_by"][n] = (
                operation.breaks,
                operation.breakable_by,
            )
            s["op_broken_act"][n] = operation.broken_act
            s["op_broken_word"][n] = name_word(operation.broken_act.name)
            s["op_has_effect"][n] = operation.effect is not no_effect
            s["op_has_broken_effect"][n] = operation.broken_effect is not no_effect
            s["op_has_feasible"][n] = operation.feasible is not always
            s["op_has_limit"][n] = operation.max_parallel is not unlimited
            s["op_n_stages"][n] = len(operation.stages)
            for k, stage in enumerate(operation.stages):
                s["op_stage_word"][n, k] = name_word(stage.name)
                s["op_stage_exposed"][n, k] = stage.is_exposed
                s["op_stage_followed"][n, k] = stage.is_followed
            s["op_n_consequences"][n] = len(operation.consequences)
            for k, consequence in enumerate(operation.consequences):
                s["op_consequence_act"][n, k] = consequence.act
                s["op_consequence_word"][n, k] = name_word(consequence.act.name)
                s["op_consequence_persons"][n, k] = consequence.persons
                s["op_consequence_launchers"][n, k] = consequence.launchers

    def _answers(self) -> None:
        s = self._s
        n = n_listed = 0
        self._numbers: dict[int, int] = {}
        for to_stage, answers in enumerate(
            (self.cast.answers, self.cast.stage_answers)
        ):
            for i, by_act in enumerate(answers):
                for act, bound in by_act.items():
                    s["answer_first"][to_stage, act, i] = n
                    s["answer_count"][to_stage, act, i] = len(bound)
                    for answer in bound:
                        n_listed = self._answer(n, i, answer, n_listed)
                        self._numbers[id(answer)] = n
                        n += 1

    def _answer(self, n: int, i: int, answer: BoundResponse, n_listed: int) -> int:
        s, kind, response = self._s, self.cast.kinds[i], answer.response
        s["answer_response"][n] = self.numbering.response(kind, response)
        s["answer_word"][n] = answer.word
        s["answer_toward"][n] = response.toward
        s["answer_lapses"][n] = response.stands is not lasting
        s["answer_choices"][n] = len(answer.bound)
        for k, operation in enumerate(answer.bound):
            number = self.numbering.operation(kind, operation)
            s["answer_operation"][n, k] = number
        s["answer_role_first"][n] = n_listed
        s["answer_role_count"][n] = len(answer.role)
        s["listed"][n_listed : n_listed + len(answer.role)] = answer.role
        return n_listed + len(answer.role)

    def _developments(self) -> None:
        s, cast = self._s, self.cast
        s["n_given"] = len(cast.given) + len(cast.recorded)
        s["n_turns"] = len(cast.turns)
        s["since"] = cast.since
        s["is_recorded"][list(cast.recorded_acts)] = 1
        s["is_exogenous"][list(cast.exogenous)] = 1
        for g, (given, identity) in enumerate(cast.given):
            origin = Origin.PLAYED if given.is_played else Origin.DEVELOPMENT
            self._given(g, given, identity, 0, origin)
        for g, (row, identity, cause) in enumerate(cast.recorded, len(cast.given)):
            self._given(g, row, identity, cause, Origin.RECORD)
            s["given_draws_actor"][g] = not row.actor
            s["given_draws_target"][g] = row.is_target_unknown and not row.target
        s["n_before"] = len(cast.given)
        self._past()
        s["n_beliefs"] = len(cast.beliefs)
        for k, ((cause, observer), author) in enumerate(cast.beliefs.items()):
            s["belief_low"][k], s["belief_high"][k] = split(cause)
            s["belief_observer"][k], s["belief_author"][k] = observer, author
        for t, turn in enumerate(cast.turns):
            s["turn_time"][t] = turn.change.time
            s["turn_low"][t], s["turn_high"][t] = split(turn.identity)
            s["turn_actor"][t] = turn.actor

    def _past(self) -> None:
        """Write what weighing a filtered past needs to know."""
        if not self.cast.is_filtered:
            return
        s, past = self._s, past_tables(self.cast)
        s["is_weighed"][: len(past.weighed)] = past.weighed
        s["weighed_share"][: len(past.reported)] = past.reported
        s["channel_weighed"] = 0
        for channels in past.by_actor:
            s["channel_weighed"][list(channels)] = 1
        for c, waits in enumerate(past.waits):
            s["has_waits"][c] = len(waits) > 0
            s["waits"][c, : len(waits)] = waits
        first = 0
        for g, explained in enumerate(past.rows, len(self.cast.given)):
            s["given_route"][g] = explained.route
            s["given_companions"][g] = len(explained.companions)
            for k, (other, guess) in enumerate(explained.companions):
                s["companion"][g, k] = other + len(self.cast.given)
                s["companion_guess"][g, k] = guess
            s["given_ahead"][g] = explained.ahead
            if explained.answer is not None:
                s["given_answer"][g] = self._numbers[id(explained.answer)]
            s["given_first"][g], s["given_count"][g] = first, len(explained.channels)
            last = first + len(explained.channels)
            s["given_channel"][first:last] = explained.channels
            s["given_guess"][first:last] = explained.guesses
            first = last

    def _given(
        self, g: int, given: Any, identity: int, cause: int, origin: Origin
    ) -> None:
        s, cast = self._s, self.cast
        s["given_time"][g] = given.time
        s["given_low"][g], s["given_high"][g] = split(identity)
        s["given_cause_low"][g], s["given_cause_high"][g] = split(cause)
        s["given_act"][g], s["given_origin"][g] = given.act, origin
        s["given_actor"][g] = cast.index[given.actor] if given.actor else -1
        s["given_target"][g] = cast.index[given.target] if given.target else -1
        s["given_site"][g] = cast.sites.index(given.site) if given.site else -1
        s["given_effect"][g] = given.effect

    def _params(self) -> None:
        """Write each kind's parameters: every actor's, before and after each turn."""
        s, cast = self._s, self.cast
        n_rows = [0] * len(self.numbering.kinds)

        def write(actor: int, params: Any) -> int:
            kind = int(s["kind"][actor])
            row, n_rows[kind] = n_rows[kind], n_rows[kind] + 1
            name = self.numbering.kinds[kind].name
            self.place["P"][name][0, row] = tuple(params)
            self._rows.append((name, row))
            return row

        self._rows: list[tuple[str, int]] = []
        for i, params in enumerate(cast.params):
            s["first_row"][i] = write(i, params)
        for t, turn in enumerate(cast.turns):
            s["turn_row"][t] = write(turn.actor, turn.params)

    def _reports(self) -> None:
        """Write how often the press reports each act, and with its author."""
        shares = shares_of(self.cast.scenario.observations)
        for act, observed in enumerate(shares):
            self._s["reported"][act] = observed.reported
            self._s["attributed"][act] = observed.attributed


def write_alteration(altered: Any, alteration: Alteration) -> None:
    """Write what is made otherwise in a replication into a record of `ALTERED`."""
    altered["n_turnings"] = len(alteration.lineage)
    for k, (day, number) in enumerate(alteration.lineage):
        altered["turning_day"][k], altered["turning_number"][k] = day, number
    altered["n_without"] = len(alteration.without)
    for k, identity in enumerate(alteration.without):
        altered["without_low"][k], altered["without_high"][k] = split(identity)
    altered["without_from"] = np.inf
    for act, day in alteration.without_acts:
        altered["without_from"][act] = min(day, altered["without_from"][act])


def split(identity: int) -> tuple[int, int]:
    """Return an identity's low and high words."""
    return identity & _WORD, identity >> 64


def fill(place: Any, name: str, value: Any) -> None:
    """Write an entry, or the beginning of a list of them, into a record's field."""
    if isinstance(value, list):
        entries: list[Any] = value
        place[name][: len(entries)] = [_plain(entry) for entry in entries]
    else:
        place[name] = _plain(value)


def _plain(entry: Any) -> Any:
    return astuple(entry) if is_dataclass(entry) else entry  # pyright: ignore[reportArgumentType]


def fits(cast: Cast) -> str:
    """Return why a cast is too large for the tables, or the empty string."""
    sizes = (
        ("actors", cast.n_actors, MOST_ACTORS),
        ("sites", len(cast.sites), MOST_SITES),
        ("options against targets", len(cast.channels), MOST_CHANNELS),
        ("bands", sum(len(c.bands) for c in cast.channels), MOST_BANDS),
        ("given incidents", len(cast.given) + len(cast.recorded), MOST_GIVEN),
        ("changes", len(cast.turns), MOST_ROWS - MOST_ACTORS),
    )
    for entries, size, most in sizes:
        if size > most:
            return f"{size} {entries}; the compiled driver has room for {most}"
    return ""
