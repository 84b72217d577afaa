"""A past that is filtered: likelihoods and hidden states beside exact ones.

A world without a hidden state has one weight, the likelihood of the record, which is
known in closed form (Poisson, Hawkes). Where a state is hidden, the evidence of the
filter is unbiased, and its particles stand for the state at the day: both are held
against an exact forward recursion over the states of a Markov chain, with what is under
way among them. Rows may also come of nothing, at the rate `UNEXPLAINED`; the exact
recursions have it too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import pytest
from scipy.linalg import expm

from sim.engine import weighing
from sim.engine.alteration import Alteration
from sim.engine.cast import Cast, row_identity
from sim.engine.driver import SimpyDriver
from sim.engine.replay import rebuild
from sim.engine.run import run_replication, weigh_replication
from sim.ensemble.filtered_past import filter_with
from sim.ladder import Act
from sim.rules.behaviour import (
    Effect,
    MeansUse,
    Operation,
    Option,
    Percept,
    Range,
    Response,
    Share,
    Stage,
    Toward,
)
from sim.rules.inversion import exponential
from sim.scenario.scenario import (
    FILTERED,
    Actor,
    History,
    Observation,
    Recorded,
    Scenario,
)
from sim.units import Dimension
from tests.builders import (
    BYSTANDER,
    THREAT,
    TICKER,
    BystanderParams,
    self_exciting,
    ticking,
)
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.rules.behaviour import Holdings

pytestmark = pytest.mark.verify

Rate = Annotated[float, Range(Dimension.RATE, 0.0, 100.0)]
Time = Annotated[float, Range(Dimension.DURATION, 0.001, 1000.0)]

SINCE = 24.0
TIMES = (3.1, 4.0, 9.7, 15.2, 15.9, 16.3)
PARTICLES, FILTERS = 60, 24


def on_record(
    scenario: Scenario,
    rows: Sequence[tuple[float, str, Act, str]],
    acts: Sequence[Act],
) -> Scenario:
    """Return a scenario on a record of (time, actor, act, cause) up to `SINCE`."""
    recorded = tuple(
        Recorded(
            identity=f"row-{number}",
            time=time,
            act=act,
            actor=actor,
            target="",
            is_target_unknown=False,
            site="",
            effect=Effect(),
            cause=cause,
        )
        for number, (time, actor, act, cause) in enumerate(rows)
    )
    history = History("test", SINCE, recorded, tuple(map(int, acts)), FILTERED)
    return replace(scenario, history=history, horizon=SINCE + 10.0)


def weight_of(scenario: Scenario, number: int = 0) -> float:
    """Return the log weight of one world on the day."""
    return weigh_replication(Cast(scenario), ROOT_SEED, number, [SINCE])[0]


# No hidden state: every world has the exact likelihood.


@pytest.mark.parametrize("reported", [1.0, 0.8])
def test_a_constant_hazard_weighs_as_a_poisson_process(reported: float) -> None:
    """Six threats at 0.3 a day, of which the press reports a share."""
    rows = [(t, "ticker", Act.THREAT, "") for t in TIMES]
    told = {Act.THREAT: Observation(reported, 1.0)}
    case = on_record(ticking(0.3, observations=told), rows, [Act.THREAT])
    rate = reported * 0.3
    exact = len(TIMES) * log(rate + weighing.UNEXPLAINED) - rate * SINCE
    assert weight_of(case) == pytest.approx(exact, abs=1e-9)


def test_an_unknown_author_is_weighed_by_all_that_it_may_be() -> None:
    """Of two tickers the rates add up, and the author is drawn in their proportion."""
    rates = {"one": 0.3, "other": 0.1}
    rows = [(t, "", Act.THREAT, "") for t in TIMES]
    case = on_record(ticking(rates), rows, [Act.THREAT])
    exact = len(TIMES) * log(0.4 + 2.0 * weighing.UNEXPLAINED) - 0.4 * SINCE
    assert weight_of(case) == pytest.approx(exact, abs=1e-9)
    cast = Cast(case)
    authors = [
        record.actor
        for number in range(100)
        for record in run_replication(cast, ROOT_SEED, number, SINCE).incidents()
    ]
    share = authors.count(cast.index["one"]) / len(authors)
    assert abs(share - 0.75) < 4.0 * (0.75 * 0.25 / len(authors)) ** 0.5


def test_a_self_exciting_hazard_weighs_as_a_hawkes_process() -> None:
    """The kernel's integral is exact to a millionth."""
    base, jump, memory = 0.2, 0.1, 5.0
    case = on_record(
        self_exciting(base_rate=base, branching_ratio=0.5, memory_days=memory),
        [(t, "hawkes", Act.THREAT, "") for t in TIMES],
        [Act.THREAT],
    )
    exact = -base * SINCE
    for number, time in enumerate(TIMES):
        felt = sum(jump * exp(-(time - t) / memory) for t in TIMES[:number])
        exact += log(base + felt + weighing.UNEXPLAINED)
        exact -= jump * memory * (1.0 - exp(-(SINCE - time) / memory))
    assert weight_of(case) == pytest.approx(exact, abs=1e-6)


# A hidden level: attacks come at the rate of the level, after a preparation or not.


class SwitchParams(NamedTuple):
    """A level, 0 or 1, that nobody sees, and the rate of threats at each."""

    low: Rate
    high: Rate
    turn: Rate
    """Moves from either level to the other."""
    days: Time
    """Mean of the preparation."""
    yes_low: Share
    """Chance of an answer at the low level."""
    yes_high: Share


@dataclass(slots=True)
class Level:
    """Where it stands."""

    number: float = 0.0


class LevelView(NamedTuple):
    """The same, as it is known."""

    number: float


def level_view(
    params: Any, memory: Level, holdings: Holdings, other: int, now: float
) -> LevelView:
    """Return the level."""
    return LevelView(memory.number)


def move(params: Any, memory: Level, percept: Percept, now: float) -> None:
    """Go up on its own raising, down on its lowering; other acts move nothing."""
    if percept.act == Act.READINESS_RAISED and percept.is_mine == 1:
        memory.number = 1.0
    elif percept.act == Act.READINESS_LOWERED and percept.is_mine == 1:
        memory.number = 0.0


def rate_of(params: SwitchParams, view: LevelView) -> float:
    """Rate of threats, 1/day."""
    return params.high if view.number > 0.0 else params.low


def up(params: SwitchParams, view: LevelView) -> float:
    """Rate of moves up."""
    return 0.0 if view.number > 0.0 else params.turn


def down(params: SwitchParams, view: LevelView) -> float:
    """Rate of moves down."""
    return params.turn if view.number > 0.0 else 0.0


def answers(params: SwitchParams, view: LevelView, percept: Percept, u: float) -> int:
    """Whether a threat is answered."""
    return 1 if u < (params.yes_high if view.number > 0.0 else params.yes_low) else 0


def wait(params: SwitchParams, view: LevelView, u: float) -> float:
    """Days until the answer; exponential."""
    return exponential(u, params.days)


PREPARED = Operation("prepared", Act.THREAT, stages=(Stage("preparation", wait),))
SHOW = Operation("show", Act.SHOW_OF_FORCE)
MOVES = (
    Option(Operation("raise", Act.READINESS_RAISED), "others", up, lambda p: p.turn),
    Option(Operation("lower", Act.READINESS_LOWERED), "others", down, lambda p: p.turn),
)
SWITCH = TICKER._replace(
    name="switch",
    params=SwitchParams,
    memory=Level,
    view=level_view,
    notice=move,
    heeds=(Act.THREAT,),
    heeds_own=(Act.READINESS_RAISED, Act.READINESS_LOWERED),
)
PARAMS = SwitchParams(0.05, 0.6, 0.1, 2.0, 0.1, 0.8)


def switching(kind: Any, params: SwitchParams = PARAMS) -> Scenario:
    """Return a scenario of one switch and a bystander."""
    actor = Actor("switch", "switch", kind, params, {"others": ("bystander",)})
    bystander = Actor("bystander", "bystander", BYSTANDER, BystanderParams())
    return replace(ticking(), actors=(actor, bystander))


AT_ONCE = SWITCH._replace(
    options=(Option(THREAT, "others", rate_of, lambda p: p.high), *MOVES)
)
LATER = SWITCH._replace(
    name="later",
    options=(Option(PREPARED, "others", rate_of, lambda p: p.high), *MOVES),
)


def filtered(
    moves: NDArray[np.float64], comes: NDArray[np.float64], times: tuple[float, ...]
) -> tuple[float, float]:
    """Return log likelihood of the times, and the chance of the high level at the end.

    The chain moves by its generator `moves`; at a time, it goes on by `comes`. Its high
    states are the later half.
    """
    n = len(moves)
    comes = comes + weighing.UNEXPLAINED * np.eye(n)
    state = np.zeros(n)
    state[0] = 1.0
    total, now = 0.0, 0.0
    for time in (*times, SINCE):
        state = state @ expm(moves * (time - now))
        if time < SINCE:
            state = state @ comes
        total += log(state.sum())
        state, now = state / state.sum(), time
    return total, float(state[n // 2 :].sum())


def exact_switch(params: SwitchParams, most: int) -> tuple[float, float]:
    """Return log likelihood of `TIMES` and the chance of the high level at the end.

    The chain's states are (level, threats in preparation up to `most`); `most` 0 is a
    threat at once. What has not come by the end is still under way: all states count.
    """
    n = most + 1
    moves, comes = np.zeros((2 * n, 2 * n)), np.zeros((2 * n, 2 * n))
    for level, rate in enumerate((params.low, params.high)):
        for k in range(n):
            here = level * n + k
            moves[here, (1 - level) * n + k] += params.turn
            moves[here, here] -= params.turn
            if most == 0:
                moves[here, here] -= rate
                comes[here, here] += rate
                continue
            moves[here, here] -= rate + k / params.days
            if k < most:
                moves[here, here + 1] += rate
            if k > 0:
                comes[here, here - 1] += k / params.days
    return filtered(moves, comes, TIMES)


def judged(
    scenario: Scenario, exact: tuple[float, float], actor: str
) -> dict[str, float]:
    """Return how far evidence and hidden level are off, over some filters."""
    cast = Cast(scenario)
    driver, ratios, levels = SimpyDriver(cast), [], []
    for number in range(FILTERS):
        past = filter_with(
            driver, ROOT_SEED + number, particles=PARTICLES, first=1000 * number
        )
        ratios.append(exp(past.log_evidence - exact[0]))
        index = cast.index[actor]
        high = 0.0
        for member in range(PARTICLES):
            which, lineage = past.pasts.world(member)
            log_ = run_replication(
                cast, ROOT_SEED + number, which, SINCE, alteration=Alteration(lineage)
            )
            high += rebuild(cast, log_).memories[index].number
        levels.append(high / PARTICLES)
    weights = np.array(ratios)
    # The mean over filters, each counted by its evidence, is the consistent one.
    share = float(np.average(levels, weights=weights))
    error = float(
        np.sqrt(np.sum((weights * (np.array(levels) - share)) ** 2)) / weights.sum()
    )
    spread = weights.std(ddof=1) / np.sqrt(FILTERS)
    return {
        "evidence": float((weights.mean() - 1.0) / spread),
        "level": (share - exact[1]) / error,
    }


def spoilt_compensator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant: what the record lacks weighs a quarter too little."""
    of = weighing.means_share

    def less(replication: Any, channel: Any, act: int) -> float:
        return of(replication, channel, act) * (0.75 if act < 0 else 1.0)

    monkeypatch.setattr(weighing, "means_share", less)


def spoilt_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant: what would end after the day is held against a world as well."""
    monkeypatch.setattr(weighing, "share_within", lambda *_: 1.0)


SPOILS: dict[str, Callable[[pytest.MonkeyPatch], None] | None] = {
    NO_FAULT: None,
    "compensator a quarter short": spoilt_compensator,
    "what ends later weighs": spoilt_end,
}


@pytest.mark.parametrize("fault", [NO_FAULT, "compensator a quarter short"])
def test_a_hidden_level_is_filtered_exactly(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threats at the rate of a hidden level: evidence and level as the recursion's.

    24 filters of 60 particles; a quarter of the compensator is a factor of 4 or so.
    """
    rows = [(t, "switch", Act.THREAT, "") for t in TIMES]
    case = on_record(switching(AT_ONCE), rows, [Act.THREAT])
    if (plant := SPOILS[fault]) is not None:
        plant(monkeypatch)
    judge(judged(case, exact_switch(PARAMS, 0), "switch"), fault)


@pytest.mark.parametrize("fault", SPOILS)
def test_a_hidden_start_is_filtered_exactly(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threats that take two days to prepare, decided on at the rate of a hidden level.

    The recursion carries how many are in preparation, up to twelve.
    """
    rows = [(t, "switch", Act.THREAT, "") for t in TIMES]
    case = on_record(switching(LATER), rows, [Act.THREAT])
    if (plant := SPOILS[fault]) is not None:
        plant(monkeypatch)
    judge(judged(case, exact_switch(PARAMS, 12), "switch"), fault)


# Answers: whether a threat is answered tells of the level of who answers.

ANSWERING = SWITCH._replace(
    name="answering",
    options=MOVES,
    responses=(Response("answer", (Act.THREAT,), (SHOW,), answers, wait),),
)
ANSWERED = {3.1: 1.2, 15.2: 0.4, 15.9: 3.0}
"""After how many days some of the threats are answered."""


def exact_answers(params: SwitchParams) -> tuple[float, float]:
    """Return log likelihood of the answers, and the chance of the high level.

    Each threat is answered with the chance of the level, after an exponential time.
    """
    turn = params.turn * np.array([[-1.0, 1.0], [1.0, -1.0]])
    chance = np.array([params.yes_low, params.yes_high])
    state, now, total = np.array([1.0, 0.0]), 0.0, 0.0
    for time in (*TIMES, SINCE):
        state = state @ expm(turn * (time - now))
        if time in ANSWERED:
            density = exp(-ANSWERED[time] / params.days) / params.days
            none = 1.0 - chance * (1.0 - exp(-(SINCE - time) / params.days))
            state = state * (chance * density + weighing.UNEXPLAINED * none)
        elif time < SINCE:
            state = state * (1.0 - chance * (1.0 - exp(-(SINCE - time) / params.days)))
        total += log(state.sum())
        state, now = state / state.sum(), time
    return total, float(state[1])


def no_choice_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant: an answer that did not come weighs nothing."""
    monkeypatch.setattr(weighing, "LEAST", 1.0)


@pytest.mark.parametrize("fault", [NO_FAULT, "answers that did not come are free"])
def test_answers_are_weighed_by_their_choices(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers with their cause coded, some given and some not."""
    rows = [(t, "ticker", Act.THREAT, "") for t in TIMES]
    rows += [
        (t + after, "switch", Act.SHOW_OF_FORCE, f"row-{TIMES.index(t)}")
        for t, after in ANSWERED.items()
    ]
    case = switching(ANSWERING)
    ticker = ticking(0.3).actors[0]
    case = replace(case, actors=(ticker, *case.actors))
    case = on_record(case, rows, [Act.THREAT, Act.SHOW_OF_FORCE])
    if fault != NO_FAULT:
        no_choice_weighed(monkeypatch)
    poisson = len(TIMES) * log(0.3 + weighing.UNEXPLAINED) - 0.3 * SINCE
    log_likelihood, high = exact_answers(PARAMS)
    assert row_identity("row-0")
    judge(judged(case, (poisson + log_likelihood, high), "switch"), fault)


def test_answers_whose_cause_nobody_coded_are_given_to_any_decision() -> None:
    """The likelihood is that of all ways to give the answers to the threats."""
    params = PARAMS._replace(yes_low=0.5, yes_high=0.5, turn=0.0)
    rows = [(t, "ticker", Act.THREAT, "") for t in (5.0, 6.0)]
    rows.append((7.5, "switch", Act.SHOW_OF_FORCE, ""))
    case = switching(ANSWERING, params)
    case = replace(case, actors=(ticking(0.3).actors[0], *case.actors))
    case = on_record(case, rows, [Act.THREAT, Act.SHOW_OF_FORCE])
    # Near the end nothing lands later: without an answer a threat counts 1 - p F.
    none = [1.0 - 0.5 * (1.0 - exp(-(SINCE - t) / 2.0)) for t in (5.0, 6.0)]
    given = [0.25 * exp(-(7.5 - t) / 2.0) for t in (5.0, 6.0)]
    ways = given[0] * none[1] + none[0] * given[1]
    ways += none[0] * none[1] * weighing.UNEXPLAINED
    exact = log(ways) + 2.0 * log(0.3 + weighing.UNEXPLAINED) - 0.3 * SINCE
    ratios = np.exp([weight_of(case, number) - exact for number in range(600)])
    z = (ratios.mean() - 1.0) / (ratios.std(ddof=1) / np.sqrt(ratios.size))
    assert abs(z) < 4.0


# Moves that are announced: what a record has of them is when.


def announces(params: SwitchParams, view: LevelView, percept: Percept, u: float) -> int:
    """Whether it says so when it has moved up."""
    return 1 if percept.is_mine == 1 and u < params.yes_high else 0


ANNOUNCING = SWITCH._replace(
    name="announcing",
    options=MOVES,
    responses=(
        Response(
            "announce",
            (Act.READINESS_RAISED,),
            (SHOW,),
            announces,
            wait,
            toward=Toward.TARGET,
        ),
    ),
)
ANNOUNCED = (5.0, 17.5)


def exact_announcements(params: SwitchParams, most: int) -> tuple[float, float]:
    """Return log likelihood of `ANNOUNCED`, and the chance of the high level.

    The chain's states are (level, announcements to come, up to `most`).
    """
    n = most + 1
    moves, comes = np.zeros((2 * n, 2 * n)), np.zeros((2 * n, 2 * n))
    for k in range(n):
        low, high = k, n + k
        for state in (low, high):
            moves[state, state] -= params.turn + k / params.days
            if k > 0:
                comes[state, state - 1] += k / params.days
        share = params.yes_high if k < most else 0.0
        moves[low, high] += params.turn * (1.0 - share)
        if k < most:
            moves[low, high + 1] += params.turn * share
        moves[high, low] += params.turn
    return filtered(moves, comes, ANNOUNCED)


@pytest.mark.parametrize("fault", [NO_FAULT, "the choice to announce is free"])
def test_an_announced_move_is_filtered_exactly(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move is drawn from the law of the delay: evidence and level are exact."""
    rows = [(t, "switch", Act.SHOW_OF_FORCE, "") for t in ANNOUNCED]
    if fault != NO_FAULT:
        monkeypatch.setattr(weighing, "_which", lambda *_: (1.0, 1))
    params = PARAMS._replace(yes_high=0.4)
    case = on_record(switching(ANNOUNCING, params), rows, [Act.SHOW_OF_FORCE])
    judge(judged(case, exact_announcements(params, 6), "switch"), fault)


# Two threats of one team: the second is an answer to the first one's preparation.


def joins(params: SwitchParams, view: LevelView, percept: Percept, u: float) -> int:
    """Whether a second one joins a threat in preparation."""
    return 1 if percept.is_mine == 1 and u < params.yes_high else 0


def at_once(params: SwitchParams, view: LevelView, u: float) -> float:
    """Days until it does: some minutes."""
    return 0.001 + 0.01 * u


EMPLACED = 0.2


def emplacement(params: SwitchParams, view: LevelView, u: float) -> float:
    """Days from the preparation's end to either; exponential."""
    return exponential(u, EMPLACED)


FIRST = Operation(
    "first",
    Act.THREAT,
    stages=(
        Stage("preparation", wait, is_followed=True),
        Stage("emplacement", emplacement),
    ),
)
SECOND = Operation(
    "second",
    Act.THREAT,
    stages=(Stage("emplacement", emplacement),),
    means=MeansUse.JOINED,
)
JOINING = SWITCH._replace(
    name="joining",
    options=(Option(FIRST, "others", rate_of, lambda p: p.high),),
    responses=(
        Response(
            "join",
            (Act.THREAT,),
            (SECOND,),
            joins,
            at_once,
            toward=Toward.TARGET,
            to_stage=True,
        ),
    ),
)


@pytest.mark.parametrize("fault", [NO_FAULT, "what joins is twice as dense"])
def test_two_rows_of_one_team_weigh_as_one_start(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The likelihood is that of all ways: two starts, or either row joining the other.

    1,500 worlds, each with the likelihood in expectation.
    """
    rate, share, gap = 0.1, 0.3, 0.15
    params = SwitchParams(rate, rate, 0.0, 1.0, share, share)
    rows = [(t, "switch", Act.THREAT, "") for t in (10.0, 10.0 + gap)]
    case = on_record(switching(JOINING, params), rows, [Act.THREAT])
    if fault != NO_FAULT:
        density = weighing._density
        monkeypatch.setattr(weighing, "_density", lambda *of: 2.0 * density(*of))
    # Of days from one to the other: later by what joins takes, less what is left.
    delays = 0.001 + 0.01 * (np.arange(1000) + 0.5) / 1000.0
    after, before = (
        float(np.mean(np.exp(-abs(x - delays) / EMPLACED))) / (2.0 * EMPLACED)
        for x in (gap, -gap)
    )
    alone, none = rate * (1.0 - share), weighing.UNEXPLAINED
    ways = (alone + none) ** 2 + rate * share * (after + before)
    # One is left to an answer that does not come: of nothing once more.
    ways += 2.0 * (alone + none) * none
    # All that has not come by the day may yet come.
    mean = params.days + EMPLACED
    exact = log(ways) - rate * (SINCE - mean)
    ratios = np.exp([weight_of(case, number) - exact for number in range(1500)])
    z = (ratios.mean() - 1.0) / (ratios.std(ddof=1) / np.sqrt(ratios.size))
    judge({"evidence": float(z)}, fault)
