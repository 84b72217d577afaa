"""The shape of an actor: a kind is a table of pure functions.

A kind says which parameters it has, what it remembers, how what it notices changes
that memory, what it may do at random moments (options), what it decides after
noticing something (responses) and which courses of action take time (operations).

Rules get parameters, the actor's own memory, a View made from it, and uniforms; they
return numbers. They never see the true world, a clock, a file or a generator. An
operation's `effect` is the exception that proves it: it is nature's answer, not the
actor's choice, and is given a `Setting`, the true facts of the place and the target.

All functions are plain scalar Python that numba compiles as it stands
(``docs/design.md``, "one source of rules").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

from sim.docstrings import field_texts
from sim.ladder import Act
from sim.units import Dimension

N_UNIFORMS: Final = 12
"""How many uniforms an effect is given."""

Uniforms = tuple[float, ...]
"""`N_UNIFORMS` independent draws in [0, 1)."""

PerActor = Annotated[list[float], "one number per actor of the scenario"]
"""A memory field with one entry per actor."""

MOST_MEANS: Final = 8
"""How many means of attack a scenario may have."""

MEANS_ACTS: Final = (Act.ROCKET_ATTACK, Act.CONVOY_BOMB)
"""What may be done by a means of attack: at a site, or on the road, at none."""

PER_MEANS: Final = "one entry per means of attack"
"""Annotates a memory field that is a list with `MOST_MEANS` entries."""


class Range(NamedTuple):
    """What is legal for a parameter: stands in the annotation of its field."""

    dimension: Dimension
    low: float
    """Smallest legal value, canonical unit."""
    high: float
    """Largest legal value, canonical unit."""
    usual_low: float | None = None
    """Where the range begins of a number that gives none; that of all legal ones if
    None."""
    usual_high: float | None = None


Share = Annotated[float, Range(Dimension.SHARE, 0.0, 1.0)]
"""A parameter that is a share or a probability, 0 to 1."""


class Parameter(NamedTuple):
    """One row of a table of parameters; the scenario schema is made from it."""

    dimension: Dimension
    low: float
    """Smallest legal value, canonical unit."""
    high: float
    """Largest legal value, canonical unit."""
    meaning: str
    default: float | None = None
    """Value where the scenario gives none; None means that it must be given."""
    usual: tuple[float, float] | None = None
    """Range of a number that gives none, canonical unit; the legal one unless given."""


@dataclass(frozen=True)
class Mechanism:
    """A link from cause to conduct that can be switched off: a row of the ledger."""

    name: str
    """Unique in its kind; letters, digits and underscores."""
    label: str
    """A few words, as in a table of the ledger."""
    meaning: str
    """One clause: what it makes whom do."""
    off: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    """Parameters that switch it off, and the value at which each does nothing, in the
    canonical unit. Without any it cannot be switched off."""
    shaped_by: tuple[str, ...] = ()
    """Other parameters, times and sizes, that say how it works: without it they say
    nothing, or next to nothing."""
    acts: tuple[Act, ...] = ()
    """Acts of the kind that are its own entries in the log; where switching it off
    changes nothing but these, it is narrative. Empty where it moves other acts only."""
    stays_in_null: bool = False
    """Whether the null leaves it on: what starts of its own accord (attacks, and the
    harm that they do), and limits of means and of sight that answer nobody."""
    is_feedback: bool = False
    """Whether it is a last link by which what happened moves the attacks to come. With
    all of these off the others' conduct still answers attacks, but nothing that they do
    comes back to the attacks (`sim.ledger.feedback`)."""


class Holdings(NamedTuple):
    """What an actor itself has: true, and known to it."""

    captives: float
    """Persons of the other actor that it holds, >= 0."""
    detained: float
    """Its own people held by others, >= 0."""


class Percept(NamedTuple):
    """What one actor notices of one incident or stage, as it perceives it."""

    act: int
    """The act (`sim.ladder.Act`); for a stage, the act it prepares."""
    is_stage: int
    """1 for a stage of an operation, 0 for an incident."""
    author: int
    """Index of the actor it holds responsible, -1 when there is none."""
    target: int
    """Index of the target, -1 when there is none."""
    is_mine: int
    """1 when the observer did it."""
    is_at_me: int
    """1 when the observer is the target."""
    confidence: float
    """Probability it gives to `author`, 0 to 1."""
    rounds: float
    killed_own: float
    """Deaths on the observer's side."""
    wounded_own: float
    killed_target: float
    """Deaths on the target's side."""
    killed_civilian: float
    wounded_civilian: float
    persons: float
    """Persons arrested or released."""
    launchers: float
    """Launchers seized or destroyed."""
    force: float
    """Authority behind an order, 0 to 1; of an order obeyed 1 or -1; otherwise 0."""
    intercepted: float = 0.0
    """Rounds that defences stopped."""
    means: float = 0.0
    """Number of the means of attack, from 1; 0 where there is none."""
    soil: int = -1
    """Index of the host on whose soil it was; -1 where its site does not tell, -2 where
    it was at none."""
    put_in: int = 0
    """1 when it came from outside: nobody in the model decided on it."""


class Setting(NamedTuple):
    """The true facts in which an operation takes effect."""

    presence: float
    """Persons of the target at the site, >= 0."""
    exposed_foreign: float
    """Weight of foreign personnel among those whom a round may hit, >= 0."""
    exposed_host: float
    exposed_civilian: float
    target_launchers: float
    """Launchers of that means in the target's hands, >= 0."""
    stake: float
    """Persons that the operation is about (a detention), otherwise 0."""
    defence: float
    """Share of the rounds of that means that the site's defences stop, 0 to 1."""
    means: float
    """Number of the means of attack, from 1; 0 where there is none. What follows is
    as in `sim.rules.means.MeansParams`, 0 without one."""
    salvo_median: float
    salvo_spread: float
    malfunction_share: float
    accuracy: float
    killed_per_hit: float
    wounded_per_hit: float
    harm_spread: float


class Effect(NamedTuple):
    """What an operation does at its end; counts are whole numbers >= 0."""

    rounds: float = 0.0
    """Rounds fired; 1 of an order to attack at once."""
    unfired: float = 0.0
    """Rounds set up that did not fire."""
    hits: float = 0.0
    """Rounds that land in the target area."""
    killed_foreign: float = 0.0
    killed_host: float = 0.0
    killed_civilian: float = 0.0
    killed_militia: float = 0.0
    killed_sponsor: float = 0.0
    wounded_foreign: float = 0.0
    wounded_host: float = 0.0
    wounded_civilian: float = 0.0
    wounded_militia: float = 0.0
    wounded_sponsor: float = 0.0
    persons: float = 0.0
    """Persons arrested or released."""
    launchers: float = 0.0
    """Launchers seized or destroyed."""
    intercepted: float = 0.0
    """Rounds fired that the site's defences stopped."""
    means: float = 0.0
    """Number of the means of attack by which it was done, or of which something was
    taken, from 1; 0 where there is none."""
    force: float = 0.0
    """Authority behind an order, 0 to 1; of an order obeyed 1 to press, -1 to hold."""
    interdiction: float = 0.0
    """Probability that it breaks off each operation it can reach."""


N_EFFECT: Final = len(Effect._fields)


class Side(IntEnum):
    """Whose dead and wounded a kind's people are counted among."""

    FOREIGN = 0
    HOST = 1
    CIVILIAN = 2
    MILITIA = 3
    SPONSOR = 4


class Breaks(IntEnum):
    """Which running operations an operation can break off when it takes effect."""

    NOTHING = 0
    NOTICED = 1
    """The one whose stage was noticed."""
    TARGETS = 2
    """Each breakable operation of its target, with probability `interdiction`."""
    OWN = 3
    """Each breakable operation of its own against the same target."""


class MeansUse(IntEnum):
    """What an operation has to do with a means of attack."""

    NONE = 0
    OWN = 1
    """It is done by one that its actor chooses: its act is that of the means."""
    JOINED = 2
    """It is done by that of the operation whose stage it answers."""
    TARGETS = 3
    """It takes from one of its target's: that of the incident which it answers, else
    one as likely as there is much of it to be seen."""


class Toward(IntEnum):
    """Against whom a response is directed."""

    AUTHOR = 0
    """The actor held responsible."""
    TARGET = 1
    """The target of what was noticed."""
    ROLE = 2
    """Each actor in the role that the response names."""


Hazard = Callable[[Any, Any], float]
"""(params, view) to a rate per day, >= 0 and never above the option's ceiling."""


class Stage(NamedTuple):
    """One step of an operation; it is recorded when it ends."""

    name: str
    duration: Callable[[Any, Any, float], float]
    """(params, view, uniform) to days > 0; drawn when the operation starts."""
    is_exposed: bool = False
    """Whether whoever watches the actor may notice the end of this stage."""
    is_followed: bool = False
    """Whether the actor itself may respond to its end."""


class Consequence(NamedTuple):
    """A further incident that an operation's main incident brings with it."""

    act: Act
    persons: bool = False
    """Carries the effect's persons; happens only when there are any."""
    launchers: bool = False
    """Carries the effect's launchers; happens only when there are any."""


def no_effect(params: Any, view: Any, setting: Setting, u: Uniforms) -> Effect:
    """Return an effect of nothing at all."""
    return Effect()


def always(params: Any, view: Any) -> bool:
    """Return True: the operation needs nothing to start or to finish."""
    return True


def lasting(params: Any, view: Any, waited: float) -> bool:
    """Return True: nothing overtakes what was decided."""
    return True


def one_at_a_time(params: Any) -> float:
    """Return 1: no second operation of this name while one is running."""
    return 1.0


def even_suspicion(params: Any, view: Any) -> float:
    """Return 1: every suspect is as likely as the next."""
    return 1.0


def certain(params: Any) -> float:
    """Return 1: it knows who did what it notices."""
    return 1.0


def unseen(params: Any, view: Any) -> float:
    """Return 0: it watches nobody."""
    return 0.0


def unmindful(params: Any, memory: Any, u: float) -> None:
    """Leave the memory empty: nothing is remembered at the start."""


def for_good(params: Any, act: int) -> float:
    """Return 0: what an act of its own sets it does not undo by others."""
    return 0.0


def unlimited(params: Any) -> float:
    """Return 0, which stands for no limit."""
    return 0.0


class Operation(NamedTuple):
    """A course of action. Without stages it is a plain act, done at once."""

    name: str
    act: Act
    """The incident at its end; `Act.NONE` where it only breaks off others."""
    stages: tuple[Stage, ...] = ()
    effect: Callable[[Any, Any, Setting, Uniforms], Effect] = no_effect
    feasible: Callable[[Any, Any], bool] = always
    """(params, view): asked when it starts and again when it ends."""
    max_parallel: Callable[[Any], float] = unlimited
    """How many of this name the actor runs at once; 0 is no limit."""
    needs_site: bool = False
    """Whether a site is chosen, by the kind's `site_weight`; not where its means of
    attack hits no site."""
    means: MeansUse = MeansUse.NONE
    is_own_site: bool = False
    """Whether it is one that the actor itself occupies, not the target."""
    avoids_noticed_site: bool = False
    """Whether it goes elsewhere than the operation whose stage it answers."""
    needs_amount: bool = False
    """Whether its incidents happen only with persons or launchers in their effect."""
    consequences: tuple[Consequence, ...] = ()
    breaks: Breaks = Breaks.NOTHING
    breakable_by: Breaks = Breaks.NOTHING
    """What may break it off: `TARGETS` (an operation against its actor, or one that
    noticed it) or `OWN` (its actor's own change of mind)."""
    broken_act: Act = Act.NONE
    """The one incident that breaking it off emits."""
    broken_effect: Callable[[Any, Any, Setting, Uniforms], Effect] = no_effect


class Option(NamedTuple):
    """Something an actor may do at a random moment, once per target dyad."""

    operation: Operation
    role: str
    """The role whose actors are the targets."""
    hazard: Hazard
    ceiling: Callable[[Any], float]
    """(params) to a rate per day that the hazard never exceeds."""


class Response(NamedTuple):
    """What an actor decides after noticing an act."""

    name: str
    to: tuple[Act, ...]
    operations: tuple[Operation, ...]
    choose: Callable[[Any, Any, Percept, float], int]
    """(params, view, percept, uniform) to 0 for none, k for the k-th operation."""
    delay: Callable[[Any, Any, float], float]
    """(params, view, uniform) to days > 0."""
    toward: Toward = Toward.AUTHOR
    role: str = ""
    to_stage: bool = False
    """Answers a noticed stage of a running operation, not an incident."""
    stands: Callable[[Any, Any, float], bool] = lasting
    """(params, view, days): asked when its delay is over, with the days since it was
    decided, and at the end of its stages, with those since the first of them. Nothing
    comes of what has been overtaken in them."""
    is_ladder: bool = False
    """Whether its operations are rungs, the lowest first: where the scenario leaves the
    act of one to what is put in, the next lower that is free takes its place."""


class Role(NamedTuple):
    """A relation in which an actor stands to others, filled by the scenario."""

    name: str
    meaning: str
    kinds: tuple[str, ...]
    """Names of the kinds whose actors may fill it."""
    is_required: bool = False


class Kind(NamedTuple):
    """A type of actor: its tables, and nothing else."""

    name: str
    side: Side
    params: type[Any]
    """NamedTuple of floats, each annotated with its `Range`, a default where it has
    one, and its meaning as the text below it."""
    memory: type[Any]
    """Slotted dataclass of floats, of classes of floats such as
    `sim.rules.decay.Fading`, and of lists with one of these per actor."""
    view: Callable[[Any, Any, Holdings, int, float], Any]
    """(params, memory, holdings, other, now) to the View on the actor `other`."""
    notice: Callable[[Any, Any, Percept, float], None]
    """(params, memory, percept, now): the only change of an actor's memory."""
    heeds: tuple[Act, ...]
    """Acts by others that it notices."""
    heeds_own: tuple[Act, ...]
    """Its own acts that it remembers or follows up; noticed at once and for sure."""
    news_delay: Callable[[Any, float], float]
    """(params, uniform) to the days until it learns of another's act, > 0."""
    evidence: Callable[[Any], float] = certain
    """(params) to the probability that the evidence points to the true author."""
    detection: Callable[[Any, Any], float] = unseen
    """(params, view) to the probability of noticing an exposed stage."""
    starting: Callable[[Any, Any, float], None] = unmindful
    """(params, memory, uniform): set the memory as it is at the scenario's start."""
    lasts: Callable[[Any, int], float] = for_good
    """(params, own act) to the days in which the state that it sets is undone by other
    acts of its own, 0 where it is not: read by what is worked out without a run."""
    roles: tuple[Role, ...] = ()
    options: tuple[Option, ...] = ()
    responses: tuple[Response, ...] = ()
    suspicion: Callable[[Any, Any], float] = even_suspicion
    """(params, view on a suspect) to its prior weight as author, > 0."""
    suspects_role: str = ""
    """The role whose actors it holds possible authors of a covert act."""
    watches_role: str = ""
    """The role whose actors' exposed stages it may notice."""
    site_weight: Callable[[Any, Any, float, float], float] | None = None
    """(params, view, reach, presence) to the weight of a site, >= 0."""
    means_weight: Callable[[Any, Any, int, float], float] | None = None
    """(params, memory, index of a means of attack, now) to the weight with which the
    actor chooses it, >= 0. Such a kind's memory has a field `opportunity`, set at the
    start to the launchers that the scenario gives it of each."""
    mechanisms: tuple[Mechanism, ...] = ()
    """What can be switched off in it, in the order of the ledger's rows."""


def parameter_table(kind: Kind) -> dict[str, Parameter]:
    """Return a kind's parameters by name, in the order of its tuple of parameters.

    One without a text below it, or whose source cannot be read, as in a notebook, means
    what its name says.

    Raises
    ------
    TypeError
        If a field carries no `Range`.
    """
    return parameters_in(kind.params, kind.name)


def parameters_in(numbers: Any, owner: str) -> dict[str, Parameter]:
    """Return the rows of a tuple of numbers, as `parameter_table` does of a kind's."""
    hints = get_type_hints(numbers, include_extras=True)
    texts = field_texts(numbers)
    table: dict[str, Parameter] = {}
    for name in numbers._fields:
        metadata = getattr(hints[name], "__metadata__", ())
        ranges = [one for one in metadata if isinstance(one, Range)]
        if len(ranges) != 1:
            message = f"{owner}.{name} has no Range in its annotation"
            raise TypeError(message)
        text = texts.get(name) or name.replace("_", " ")
        meaning = text[:1].lower() + text[1:].removesuffix(".")
        default = numbers._field_defaults.get(name)
        legal = ranges[0]
        table[name] = Parameter(
            legal.dimension,
            legal.low,
            legal.high,
            meaning,
            default,
            None
            if legal.usual_low is None or legal.usual_high is None
            else (legal.usual_low, legal.usual_high),
        )
    return table


def operations_of(kind: Kind) -> dict[str, Operation]:
    """Return every operation of a kind by name, options before responses."""
    operations: dict[str, Operation] = {}
    for option in kind.options:
        operations.setdefault(option.operation.name, option.operation)
    for response in kind.responses:
        for operation in response.operations:
            operations.setdefault(operation.name, operation)
    return operations


def acts_of(kind: Kind) -> frozenset[Act]:
    """Return the acts that a kind's operations may put into the log under its name.

    Not among them is what its breaking off of another's operation puts there: that is
    the other's `broken_act`, in the name of the interrupter.
    """
    acts: set[Act] = set()
    for operation in operations_of(kind).values():
        acts |= {operation.act, *(extra.act for extra in operation.consequences)}
        if operation.means in (MeansUse.OWN, MeansUse.JOINED):
            acts |= {*MEANS_ACTS}
        if operation.breakable_by == Breaks.OWN:
            acts.add(operation.broken_act)
    return frozenset(acts - {Act.NONE})
