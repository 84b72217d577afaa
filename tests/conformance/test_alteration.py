"""What docs/counterfactuals.md promises of lineage and suppression, on both engines.

Each promise stands beside a fault that breaks it, so that the test is known to see one.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

import sim.engine.run
from sim.draws import Draws, child
from sim.engine.alteration import (
    FUTURES,
    Alteration,
    alteration_in,
    alteration_of,
    as_data,
)
from sim.engine.cast import Cast
from sim.engine.choice import driver_for
from sim.engine.driver import Driver, SimpyDriver
from sim.engine.log import LOG, RecordType, Rows
from sim.engine.replication import Replication
from sim.engine.run import await_candidates
from sim.errors import RunError, StudyError
from sim.ladder import Act
from sim.scenario.load import load
from tests import builders
from tests.conformance.drummer import tied

pytest.importorskip("numba")

from sim.engine.compiled.driver import CompiledDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.scenario import Scenario

pytestmark = [pytest.mark.numba, pytest.mark.slow]

ROOT_SEED: Final = 20200103
SPLIT: Final = 61.0
"""A day by which much has happened in each scenario."""

SCENARIOS: Final = {
    "iraq": lambda: load("iraq_endogenous_2019_2020"),
    "hot": builders.hot,
    "past of the record": lambda: load("iraq_2019_2020", free_from=date(2019, 12, 27)),
}


@pytest.fixture(params=SCENARIOS, scope="module")
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Return each scenario in turn."""
    return SCENARIOS[request.param]()


@pytest.fixture(params=("simpy", "compiled"))
def driver(request: pytest.FixtureRequest, scenario: Scenario) -> Driver:
    """Return each engine in turn."""
    return driver_for(Cast(scenario), request.param)


def incidents(rows: Rows) -> list[int]:
    """Return the identities of the incidents, in order."""
    chosen = rows.records[rows.records["record_type"] == RecordType.INCIDENT]
    return [identity(row) for row in chosen]


def identity(row: Any) -> int:
    """Return the identity of a row of a log."""
    return int(row["high"]) << 64 | int(row["low"])


def before(rows: Rows, day: float) -> bytes:
    """Return the bytes of what a log tells of the time before a day."""
    early = rows.records[rows.records["time"] < day]
    n_effects = 1 + int(early["effect"].max(initial=0))
    return Rows(early, rows.effects[:n_effects]).tobytes()


def has_the_same_past(driver: Driver, number: int, alteration: Alteration) -> bool:
    """Whether an altered replication is its own self before the split."""
    own = driver.rows(ROOT_SEED, number).copy()
    return before(driver.rows(ROOT_SEED, number, None, alteration), SPLIT) == before(
        own, SPLIT
    )


def left_out(driver: Driver, number: int, place: int) -> tuple[Rows, Rows, int]:
    """Return a log, the one without its incident at a place, and which that is."""
    own = driver.rows(ROOT_SEED, number).copy()
    chosen = incidents(own)[place]
    alteration = Alteration(without=(chosen,))
    return own, driver.rows(ROOT_SEED, number, None, alteration).copy(), chosen


def n_kept(own: Rows, other: Rows, chosen: int) -> tuple[int, int]:
    """Return how many records come before an incident, and how many of them stand."""
    at = next(n for n, row in enumerate(own.records) if identity(row) == chosen)
    names = [name for name in LOG.names or () if name != "effect"]
    same = own.records[names][:at] == other.records[names][:at]
    return at, int(np.sum(same))


def test_another_number_leaves_the_past_as_it_was(driver: Driver) -> None:
    """Before the first moment of a lineage the log has the same bytes."""
    for number in range(8):
        assert has_the_same_past(driver, number, Alteration(((SPLIT, 99),)))


def test_a_number_that_comes_too_soon_is_seen(driver: Driver) -> None:
    """Keyed anew a fortnight before its moment, some past is another."""
    early = Alteration(((SPLIT - 14.0, 99),))
    assert not all(has_the_same_past(driver, number, early) for number in range(8))


def test_another_number_makes_another_future(driver: Driver) -> None:
    """From the moment on nearly every log is another."""
    other = Alteration(((SPLIT, 99),))
    differ = sum(
        driver.rows(ROOT_SEED, number).tobytes()
        != driver.rows(ROOT_SEED, number, None, other).tobytes()
        for number in range(8)
    )
    assert differ >= 7


def test_its_own_number_changes_nothing(driver: Driver) -> None:
    """A lineage that goes on with the same number, or comes back to it, is none."""
    for number in range(4):
        own = driver.rows(ROOT_SEED, number).tobytes()
        for lineage in (((SPLIT, number),), ((1e9, 99),)):
            altered = driver.rows(ROOT_SEED, number, None, Alteration(lineage))
            assert altered.tobytes() == own


def test_a_number_twice_is_that_number_once(driver: Driver) -> None:
    """What a number brings does not hang on how many moments name it."""
    once = Alteration(((SPLIT, 99),))
    twice = Alteration(((SPLIT, 99), (SPLIT + 20.0, 99)))
    for number in range(4):
        one = driver.rows(ROOT_SEED, number, None, once).tobytes()
        assert driver.rows(ROOT_SEED, number, None, twice).tobytes() == one


def test_identities_stay_unique(driver: Driver) -> None:
    """No two records of a log share an identity, whichever numbers key them."""
    lineage = ((20.0, 99), (SPLIT, 0), (90.0, 5), (120.0, 99))
    for number in range(4):
        rows = driver.rows(ROOT_SEED, number, None, Alteration(lineage))
        every = [identity(row) for row in rows.records]
        assert len(set(every)) == len(every)


def test_without_an_incident_all_before_it_stands(driver: Driver) -> None:
    """Every record before the incident is left as it was; the incident is not there."""
    for number in range(6):
        own, other, chosen = left_out(driver, number, 5)
        at, kept = n_kept(own, other, chosen)
        assert kept == at
        assert chosen not in incidents(other)


def test_an_incident_left_out_with_the_one_before_is_seen(driver: Driver) -> None:
    """Where the incident before it goes too, not all before it stands."""
    for number in range(6):
        own = driver.rows(ROOT_SEED, number).copy()
        one, two = incidents(own)[4:6]
        both_gone = Alteration(without=(one, two))
        other = driver.rows(ROOT_SEED, number, None, both_gone)
        at, kept = n_kept(own, other, two)
        assert kept < at


def test_nothing_answers_what_was_left_out(driver: Driver) -> None:
    """No record names an incident that was left out as its cause."""
    for number in range(6):
        for place in (3, 9):
            _, other, chosen = left_out(driver, number, place)
            causes = {
                int(row["cause_high"]) << 64 | int(row["cause_low"])
                for row in other.records
            }
            assert chosen not in causes
            own = driver.rows(ROOT_SEED, number)
            assert chosen in {
                int(row["cause_high"]) << 64 | int(row["cause_low"])
                for row in own.records
            } or not is_noticed(own, chosen)


def is_noticed(rows: Rows, chosen: int) -> bool:
    """Whether anybody noticed an incident."""
    return any(
        row["record_type"] == RecordType.PERCEPTION
        and (int(row["cause_high"]) << 64 | int(row["cause_low"])) == chosen
        for row in rows.records
    )


def test_a_class_of_acts_ends_on_its_day(driver: Driver) -> None:
    """Before the day all stands; from it on no such act happens, whoever would."""
    acts = (Act.ROCKET_ATTACK, Act.DEMONSTRATION, Act.ARREST, Act.THWARTED_ATTACK)
    seen = 0
    for number in range(6):
        own = driver.rows(ROOT_SEED, number).copy()
        for act in acts:
            alteration = Alteration(without_acts=((int(act), SPLIT),))
            assert has_the_same_past(driver, number, alteration)
            records = driver.rows(ROOT_SEED, number, None, alteration).records
            is_act = (records["act"] == act) & (
                records["record_type"] == RecordType.INCIDENT
            )
            assert not np.any(is_act & (records["time"] >= SPLIT))
            seen += int(np.sum(own.records["act"] == act))
    assert seen > 0


def test_engines_agree_on_what_is_altered(scenario: Scenario) -> None:
    """Logs are equal in every bit under lineages and suppressions together."""
    cast = Cast(scenario)
    one, two = SimpyDriver(cast), CompiledDriver(cast)
    for number in range(12):
        chosen = incidents(two.rows(ROOT_SEED, number))[2:30:9]
        for alteration in (
            Alteration(((SPLIT, 99),)),
            Alteration(((30.0, 5), (SPLIT, number), (SPLIT + 40.0, 2**64 - 1))),
            Alteration(without=tuple(chosen)),
            Alteration(
                ((SPLIT, 99),),
                tuple(chosen),
                ((int(Act.RAID), 30.0), (int(Act.AIR_STRIKE), 0.0)),
            ),
        ):
            expected = one.log(ROOT_SEED, number, None, alteration)
            assert two.log(ROOT_SEED, number, None, alteration) == expected


def own_draws_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the candidates be keyed anew, and all other draws not."""

    def await_only(replication: Replication, number: int, _: Any) -> None:
        draws = replication.draws
        replication.draws = Draws(replication.root_seed, number)
        await_candidates(replication)
        replication.draws = draws

    monkeypatch.setattr(sim.engine.run, "key_anew", await_only)


def nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every incident happen."""
    monkeypatch.setattr(Replication, "is_suppressed", lambda *_: False)


def numbers_share_identities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the candidates of every number the identities of the first."""
    monkeypatch.setattr(
        sim.engine.run,
        "child",
        lambda parent, rule, _, ordinal: child(parent, rule, 0, ordinal),
    )


def acts_are_left_out_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a class of acts out before its day, too."""
    monkeypatch.setattr(
        Replication,
        "is_suppressed",
        lambda self, act, _: act in dict(self.alteration.without_acts),
    )


@pytest.mark.parametrize(
    "plant",
    [
        own_draws_go_on,
        nothing_is_left_out,
        numbers_share_identities,
        acts_are_left_out_from_the_start,
    ],
)
def test_a_fault_planted_in_one_engine_is_caught(
    monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Each way to break a promise in the reference shows against the other engine."""
    cast = Cast(builders.hot())
    altered = Alteration(
        ((30.0, 99),), (), ((int(Act.RAID), 60.0), (int(Act.ROCKET_ATTACK), 90.0))
    )

    def differing() -> int:
        one, two = SimpyDriver(cast), CompiledDriver(cast)
        return sum(
            one.rows(ROOT_SEED, number, None, altered).tobytes()
            != two.rows(ROOT_SEED, number, None, altered).tobytes()
            for number in range(6)
        )

    assert differing() == 0
    plant(monkeypatch)
    assert differing() > 0


def test_engines_agree_where_moments_tie() -> None:
    """A turning at a moment that many records share comes before them in both."""
    cast = Cast(tied())
    one, two = SimpyDriver(cast), CompiledDriver(cast)
    for number in range(20):
        days = np.unique(two.rows(ROOT_SEED, number).records["time"])
        alteration = Alteration(((float(days[len(days) // 2]), 99),))
        expected = one.log(ROOT_SEED, number, None, alteration)
        assert two.log(ROOT_SEED, number, None, alteration) == expected


def test_a_driver_forgets_an_alteration() -> None:
    """A replication after an altered one is its own self, renewed driver or not."""
    cast = Cast(builders.hot())
    driver = CompiledDriver(cast)
    own = driver.rows(ROOT_SEED, 0).tobytes()
    altered = Alteration(without_acts=((int(Act.ROCKET_ATTACK), 0.0),))
    assert driver.rows(ROOT_SEED, 0, None, altered).tobytes() != own
    assert driver.rows(ROOT_SEED, 0).tobytes() == own
    driver.renew(cast)
    assert driver.rows(ROOT_SEED, 0, None, altered).tobytes() != own
    driver.renew(cast)
    assert driver.rows(ROOT_SEED, 0).tobytes() == own


def test_what_nobody_perceives_changes_nothing_after_it() -> None:
    """Without an incident that is unseen and moves no stock, the rest is the same."""
    driver = SimpyDriver(Cast(builders.ticking(0.2, horizon=200.0)))
    own = driver.rows(ROOT_SEED, 0)
    for chosen in incidents(own)[::7]:
        other = driver.rows(ROOT_SEED, 0, None, Alteration(without=(chosen,)))
        kept = [row for row in incidents(own) if row != chosen]
        assert incidents(other) == kept
        times = [row["time"] for row in own.records if identity(row) != chosen]
        assert times == list(other.records["time"])


def counts_after(n: int, pasts: Sequence[int], first_number: int) -> Any:
    """Count what comes after the split in n futures, each after the past given."""
    driver = SimpyDriver(Cast(builders.ticking(0.2, horizon=SPLIT + 50.0)))
    counts = np.empty(n)
    for k in range(n):
        future = Alteration(((SPLIT, first_number + k),))
        rows = driver.rows(ROOT_SEED, pasts[k % len(pasts)], None, future)
        counts[k] = np.sum(rows.records["time"] >= SPLIT)
    return counts


def is_independent(counts: Any, others: Any) -> bool:
    """Whether the correlation of two rows of counts is within its chance of 0."""
    return abs(np.corrcoef(counts, others)[0, 1]) < 4.0 / math.sqrt(len(counts))


def test_futures_are_independent_and_of_the_right_law() -> None:
    """Futures of a constant hazard are Poisson, and of no kin to one another.

    Power: two rows of the same futures have the correlation 1, 40 standard errors off;
    a mean 3.2 % off is four standard errors off.
    """
    n, mean = 1600, 10.0
    of_one_past = counts_after(n, [3], FUTURES)
    of_others = counts_after(n, range(n), FUTURES + n)
    for counts in (of_one_past, of_others):
        assert abs(counts.mean() - mean) < 4.0 * math.sqrt(mean / n)
        error = mean * math.sqrt((2.0 + 1.0 / mean) / n)
        assert abs(counts.var(ddof=1) - mean) < 4.0 * error
    assert is_independent(of_one_past, of_others)
    assert is_independent(of_one_past[1:], of_one_past[:-1])
    assert not is_independent(counts_after(n, [4], FUTURES), of_one_past)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Alteration(((5.0, 1), (5.0, 2))), "rise from above 0"),
        (lambda: Alteration(((0.0, 1),)), "rise from above 0"),
        (lambda: Alteration(((math.inf, 1),)), "rise from above 0"),
        (lambda: Alteration(((5.0, 2**64),)), r"number in \[0, 2\*\*64\)"),
        (lambda: Alteration(without=(1,) * 257), "room for 256"),
        (lambda: read(lineage=["2020-01-03"]), "write it as 2020-01-03=17"),
        (lambda: read(lineage=["3 January=4"]), "is not a date"),
        (lambda: read(without=["act=air_strik"]), "did you mean 'air_strike'"),
        (lambda: read(without=["12"]), "32 hexadecimal digits"),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], object], words: str) -> None:
    """An alteration that makes no sense is refused, and the message says what does."""
    with pytest.raises(StudyError, match=words):
        wrong()


def read(**texts: Any) -> Alteration:
    """Read an alteration as a command line has it."""
    return alteration_of(date(2019, 10, 28), **texts)


def test_words_and_data_give_an_alteration_back() -> None:
    """An alteration survives the command line and the manifest."""
    every = Alteration(
        ((3.5, 17), (1.0 / 3.0 + 4.0, 2**64 - 1)),
        (2**127 + 5, 1),
        ((int(Act.RAID), 0.0), (int(Act.AIR_STRIKE), 67.25)),
    )
    words = every.words()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    lineage = [text for option, text in pairs if option == "--lineage"]
    without = [text for option, text in pairs if option == "--without"]
    assert read(lineage=lineage, without=without) == every
    branched = Alteration(branch=(7, 3.5))
    for one in (every, branched):
        assert alteration_in(json.loads(json.dumps(as_data(one)))) == one


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_refusal_repeats_the_alteration(engine: str) -> None:
    """The command that repeats a broken replication has its alteration in it."""
    scenario = builders.hot(max_incidents=5, path="x.yaml")
    altered = Alteration(((1.5, 99),), (), ((int(Act.RAID), 0.0),))
    with pytest.raises(RunError) as caught:
        driver_for(Cast(scenario), engine).rows(ROOT_SEED, 3, None, altered)
    ending = "--replication 3 --lineage 1.5=99 --without act=raid"
    assert str(caught.value).endswith(ending)


def test_promises_of_the_page_are_held_by_tests_that_exist() -> None:
    """Each row of the page's table names a test of this house."""
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "why.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    written = "\n".join(f.read_text("utf-8") for f in root.glob("tests/**/test_*.py"))
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert [name for name in named if f"def {name}(" not in written] == []


def strikes_after_the_first(driver: Driver, numbers: range) -> list[int]:
    """Return how many air strikes there are once the first of them is left out."""
    counts: list[int] = []
    for number in numbers:
        own = driver.rows(ROOT_SEED, number).records
        happened = own["record_type"] == RecordType.INCIDENT
        strikes = own[happened & (own["act"] == Act.AIR_STRIKE)]
        if not len(strikes):
            continue
        alteration = Alteration(without=(identity(strikes[0]),))
        other = driver.rows(ROOT_SEED, number, None, alteration).records
        happened = other["record_type"] == RecordType.INCIDENT
        counts.append(int((happened & (other["act"] == Act.AIR_STRIKE)).sum()))
    return counts


def test_a_strike_that_is_left_out_does_not_disarm_who_ordered_it(
    scenario: Scenario, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, and given up; the next harm may bring another."""
    assert sum(strikes_after_the_first(driver, range(12))) > 0
    if not isinstance(driver, SimpyDriver):
        return
    forever = "sim.rules.tolerance.MOST_WAITING"
    with monkeypatch.context() as patched:
        patched.setattr(forever, math.inf)
        assert sum(strikes_after_the_first(driver, range(12))) == 0
