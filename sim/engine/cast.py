"""Who can do what to whom: a scenario bound to its kinds, once for all replications.

Nothing here depends on the root_seed or the replication. Identities of streams come
from names, never from positions, so that adding an actor moves nobody's draws.
"""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from sim.draws import ROOT, child, name_word
from sim.ladder import ACTS, Act, Visibility
from sim.rules.behaviour import (
    Kind,
    MeansUse,
    Operation,
    Option,
    Response,
    operations_of,
)
from sim.rules.means import OPPORTUNITY
from sim.scenario.scenario import FILTERED

if TYPE_CHECKING:
    from sim.scenario.scenario import Change, Given, Recorded, Scenario

LOWEST_BAND: Final = 1.0 / 16.0
"""Width of the lowest band of height, 1/day; each further band doubles the reach."""

VISIBILITY: Final = tuple(row.visibility for row in ACTS)
ACT_WORDS: Final = tuple(name_word(act.name) for act in Act)

WORD_STREAM: Final = name_word("stream")
WORD_CANDIDATE: Final = name_word("candidate")
WORD_DEVELOPMENT: Final = name_word("development")
WORD_RECORD: Final = name_word("record")
WORD_INCIDENT: Final = name_word("incident")
WORD_STAGE: Final = name_word("stage")
WORD_PERCEPTION: Final = name_word("perception")
WORD_RESPONSE: Final = name_word("response")
WORD_OPERATION: Final = name_word("operation")
WORD_SITE: Final = name_word("site")
WORD_SUSPECT: Final = name_word("suspect")
WORD_BROKEN: Final = name_word("broken")
WORD_MEANS: Final = name_word("means")


@dataclass(frozen=True, slots=True)
class Channel:
    """An option of one actor against one target: its bands and their streams."""

    actor: int
    target: int
    option: Option
    operation: int
    bands: tuple[tuple[float, float, int], ...]
    """(lowest height, width, identity of the stream), heights in 1/day."""
    highest: float
    """Highest ceiling that the developments give the option, 1/day."""


@dataclass(frozen=True, slots=True)
class BoundResponse:
    """A response of one actor, with its words and its operations' numbers."""

    response: Response
    word: int
    operations: tuple[int, ...]
    bound: tuple[Operation, ...]
    """Its operations, or on a ladder what takes their place in this scenario."""
    role: tuple[int, ...]
    """Actors in the role it is directed at."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of one actor's parameters at a moment."""

    change: Change
    identity: int
    actor: int
    params: Any
    """The actor's parameters from then on."""


class Cast:
    """The actors of a scenario, numbered, with their tables bound to each other.

    Attributes are read by the engine only; all tuples are indexed by actor unless
    their name says otherwise.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = tuple(actor.name for actor in scenario.actors)
        self.kinds: tuple[Kind, ...] = tuple(actor.kind for actor in scenario.actors)
        self.sides = tuple(int(kind.side) for kind in self.kinds)
        self.words = tuple(name_word(name) for name in self.names)
        self.sites = tuple(site.name for site in scenario.sites)
        self.site_words = tuple(name_word(name) for name in self.sites)
        self.n_actors = len(self.names)
        index = {name: i for i, name in enumerate(self.names)}
        self.index = index
        self.params = tuple(actor.params for actor in scenario.actors)
        self.roles = tuple(
            {
                role: tuple(index[name] for name in names)
                for role, names in a.roles.items()
            }
            for a in scenario.actors
        )
        self.reach = tuple(
            tuple(actor.reach.get(site, 0.0) for site in self.sites)
            for actor in scenario.actors
        )
        self.means_words = tuple(name_word(means.name) for means in scenario.means)
        self._see_means()
        self.operations: list[Operation] = []
        self.turns = self._turns()
        self.given: tuple[tuple[Given, int], ...] = tuple(
            (given, child(ROOT, WORD_DEVELOPMENT, name_word(given.identity), 0))
            for given in scenario.given
        )
        history = scenario.history
        self.since = 0.0 if history is None else history.since
        """Day before which recorded acts come from the record alone."""
        self.is_filtered = history is not None and history.past == FILTERED
        """Whether worlds are weighed by how likely the record was under them."""
        self.recorded_acts = frozenset(() if history is None else history.acts)
        self.exogenous = frozenset(int(act) for act in scenario.exogenous)
        """Acts that happen only where they are put in."""
        self.recorded: tuple[tuple[Recorded, int, int], ...] = tuple(
            (row, row_identity(row.identity), row_identity(row.cause))
            for row in (() if history is None else history.rows)
        )
        """The record's incidents, with the identities of each and of its cause."""
        codes = tuple(self._codes(kind) for kind in self.kinds)
        self.codes = codes
        """Of each actor, its operations' numbers by name."""
        self.channels = tuple(
            channel for i in range(self.n_actors) for channel in self._channels(i)
        )
        self.answers = tuple(
            self._answers(i, codes[i], False) for i in range(self.n_actors)
        )
        self.stage_answers = tuple(
            self._answers(i, codes[i], True) for i in range(self.n_actors)
        )
        self.heeds_own = tuple(frozenset(kind.heeds_own) for kind in self.kinds)
        self.observers: tuple[tuple[int, ...], ...] = tuple(
            tuple(i for i, kind in enumerate(self.kinds) if act in kind.heeds)
            for act in Act
        )
        """Actors that heed each act, indexed by act."""
        self.suspects = tuple(
            self.roles[i].get(kind.suspects_role, ())
            for i, kind in enumerate(self.kinds)
        )
        watched = [
            self.roles[i].get(k.watches_role, ()) for i, k in enumerate(self.kinds)
        ]
        self.soil = tuple(index.get(site.soil, -1) for site in scenario.sites)
        """Host on whose soil each site lies, -1 where the file does not say."""
        self.hosts = frozenset(self.soil) - {-1}
        self.beliefs = {
            (cause, index[row.actor]): index[row.target]
            for row, _, cause in self.recorded
            if cause
            and row.actor
            and row.target
            and index[row.target] in self.suspects[index[row.actor]]
        }
        """Whom an actor blames for an act of the record, by its identity and the actor:
        whom the record has it answer. The model is not to blame another for it."""
        self.watchers = tuple(
            tuple(i for i in range(self.n_actors) if actor in watched[i])
            for actor in range(self.n_actors)
        )

    def _see_means(self) -> None:
        """Take the means of attack, and who has how much of each."""
        scenario = self.scenario
        self.means = scenario.means
        self.opportunity = tuple(
            tuple(
                0.0
                if actor.kind.means_weight is None
                else actor.opportunity.get(means.name, OPPORTUNITY.default or 0.0)
                for means in self.means
            )
            for actor in scenario.actors
        )
        """Of each actor, launchers of each means."""
        self.defences = tuple(
            tuple(site.defences.get(means.name, 0.0) for means in self.means)
            for site in scenario.sites
        )
        """Of each site, the share of rounds of each means that is stopped."""

    def act_of(self, operation: Operation, means: int) -> Act:
        """Return what an operation does by a means; 0 is none."""
        if means > 0 and operation.means in (MeansUse.OWN, MeansUse.JOINED):
            return self.means[means - 1].act
        return operation.act

    def visibility(self, means: int) -> float:
        """Return how well what is done by a means is seen; without one, as it is."""
        return self.means[means - 1].params.visibility if means > 0 else 1.0

    def trace(self, means: int) -> float:
        """Return how well what is done by a means is traced; likewise."""
        return self.means[means - 1].params.trace if means > 0 else 1.0

    def hits_site(self, operation: Operation, act: int) -> bool:
        """Whether an operation that does this act needs a site: not on the road."""
        return operation.needs_site and act != Act.CONVOY_BOMB

    def share_of_act(self, actor: int, operation: Operation, act: int) -> float:
        """Return in which share of its opportunities an actor's operation is an act."""
        if operation.means not in (MeansUse.OWN, MeansUse.JOINED):
            return 1.0 if operation.act == act else 0.0
        opportunity = self.opportunity[actor]
        mine = whole = 0.0
        for means, launchers in zip(self.means, opportunity, strict=True):
            whole += launchers
            mine += launchers if means.act == act else 0.0
        return mine / whole if whole > 0.0 else 0.0

    def renumbered(self, scenario: Scenario) -> Cast:
        """Return the cast of a scenario that differs from this one's in numbers only.

        It costs a twentieth of a new one: what hangs on names is shared.
        """
        cast = copy(self)
        cast.scenario = scenario
        actors = scenario.actors
        cast.params = tuple(actor.params for actor in actors)
        if any(
            actor.reach is not old.reach
            for actor, old in zip(actors, self.scenario.actors, strict=True)
        ):
            cast.reach = tuple(
                tuple(actor.reach.get(site, 0.0) for site in self.sites)
                for actor in actors
            )
        cast._see_means()
        if self.turns:
            cast.turns = cast._turns()
        turned = {turn.actor for turn in self.turns}
        changed = {
            i
            for i, params in enumerate(cast.params)
            if params is not self.params[i] or i in turned
        }
        channels = list(self.channels)
        first = 0
        for i, n in enumerate(self._n_channels):
            if i in changed:
                channels[first : first + n] = cast._channels(i)
            first += n
        cast.channels = tuple(channels)
        return cast

    @cached_property
    def _n_channels(self) -> list[int]:
        """How many channels each actor has; they are sorted by actor."""
        counts = Counter(channel.actor for channel in self.channels)
        return [counts[i] for i in range(self.n_actors)]

    def _codes(self, kind: Kind) -> dict[str, int]:
        """Number a kind's operations in the common table, each once."""
        codes: dict[str, int] = {}
        for name, operation in operations_of(kind).items():
            if operation not in self.operations:
                self.operations.append(operation)
            codes[name] = self.operations.index(operation)
        return codes

    def _turns(self) -> tuple[Turn, ...]:
        """Follow every actor's parameters through the developments.

        Those of one moment are taken in the order in which the clocks take them, by
        identity, so that the last one carries what all of them changed.
        """
        now = list(self.params)
        dated = [
            (child(ROOT, WORD_DEVELOPMENT, name_word(change.identity), 0), change)
            for change in self.scenario.changes
        ]
        turns: list[Turn] = []
        for identity, change in sorted(dated, key=lambda row: (row[1].time, row[0])):
            i = self.index[change.actor]
            now[i] = change.applied_to(now[i])
            turns.append(Turn(change, identity, i, now[i]))
        return tuple(turns)

    def _channels(self, i: int) -> list[Channel]:
        """Bind an actor's options to the targets in their roles."""
        every = [
            self.params[i],
            *(turn.params for turn in self.turns if turn.actor == i),
        ]
        channels: list[Channel] = []
        for option in self.kinds[i].options:
            ceiling = max(option.ceiling(params) for params in every)
            name = option.operation.name
            widths, code = tuple(bands_up_to(ceiling)), self.codes[i][name]
            for target in self.roles[i].get(option.role, ()):
                words = self.words[i], name_word(name), self.words[target]
                bands = _bands(widths, *words)
                channels.append(Channel(i, target, option, code, bands, ceiling))
        return channels

    def _answers(
        self, i: int, codes: dict[str, int], to_stage: bool
    ) -> dict[int, tuple[BoundResponse, ...]]:
        """Sort an actor's responses by the act that they answer."""
        by_act: dict[int, list[BoundResponse]] = {}
        for response in self.kinds[i].responses:
            if response.to_stage != to_stage:
                continue
            free = self._free(response)
            bound = BoundResponse(
                response,
                name_word(response.name),
                tuple(codes[operation.name] for operation in free),
                free,
                self.roles[i].get(response.role, ()),
            )
            for act in response.to:
                by_act.setdefault(int(act), []).append(bound)
        return {act: tuple(answers) for act, answers in by_act.items()}

    def _free(self, response: Response) -> tuple[Operation, ...]:
        """Return its operations; on a ladder the next lower one for what is put in."""
        free: list[Operation] = []
        for operation in response.operations:
            is_put_in = operation.act in self.exogenous and response.is_ladder
            free.append(free[-1] if is_put_in and free else operation)
        return tuple(free)

    def is_seen_by(
        self, act: int, observer: int, author: int, target: int, site: int
    ) -> bool:
        """Whether an actor other than the author can learn of an act at all."""
        if observer == target:
            return True
        if VISIBILITY[act] == Visibility.PRIVATE:
            return False
        return self.is_at_home(observer, author, target, site)

    def is_at_home(self, actor: int, author: int, target: int, site: int) -> bool:
        """Whether something concerns an actor by where it happens.

        Always, but for a host among several: what happens on a site of another's soil
        does not, nor, where no site tells, what is done to, or else by, whom others
        alone watch.
        """
        if actor not in self.hosts:
            return True
        if site >= 0 and self.soil[site] >= 0:
            return self.soil[site] == actor
        for other in (target, author):
            if other >= 0 and self.watchers[other]:
                return actor in self.watchers[other]
        return True


@lru_cache(maxsize=8192)
def _bands(
    widths: tuple[tuple[float, float], ...], actor: int, option: int, target: int
) -> tuple[tuple[float, float, int], ...]:
    """Return the bands of an option against a target, each with its stream."""
    stem = child(actor, WORD_STREAM, option, 0)
    stem = child(stem, WORD_STREAM, target, 0)
    return tuple(
        (low, width, child(stem, WORD_STREAM, 0, number))
        for number, (low, width) in enumerate(widths)
    )


def row_identity(row: str) -> int:
    """Return the identity of a row of the record; 0 for none."""
    return child(ROOT, WORD_RECORD, name_word(row), 0) if row else 0


def bands_up_to(ceiling: float) -> list[tuple[float, float]]:
    """Return the fixed bands of height that cover [0, ceiling), in 1/day.

    They do not depend on the ceiling except in their number, so that a candidate is
    the same opportunity in every world.

    >>> bands_up_to(0.1)
    [(0.0, 0.0625), (0.0625, 0.0625)]
    >>> bands_up_to(0.0)
    []
    """
    bands: list[tuple[float, float]] = []
    low, width = 0.0, LOWEST_BAND
    while low < ceiling:
        bands.append((low, width))
        low = low + width
        width = low
    return bands
