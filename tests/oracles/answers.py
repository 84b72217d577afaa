"""How one incident answers another: delays and shares, by order in time.

The press knows no causes, so an answer is what comes next; only what no press can see
(`misattributed_share`) follows the causes in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from math import nan
from typing import TYPE_CHECKING

from sim.engine.log import IncidentLog, Record, RecordType
from sim.ladder import Act
from sim.outcomes.table import (
    ANSWER_DAYS,
    LEAST_WINDOW_DAYS,
    PROTEST_DAYS,
    WINDOW_DAYS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

ATTACKS = (Act.ROCKET_ATTACK, Act.CONVOY_BOMB)
"""Acts that a strike may answer."""


def mean(values: Sequence[float]) -> float:
    """Return the mean, or nan of nothing."""
    return sum(values) / len(values) if values else nan


def after(times: Sequence[float], time: float) -> float:
    """Return the first of the rising `times` after `time`, or nan."""
    number = bisect_right(times, time)
    return times[number] if number < len(times) else nan


def delays(starts: Iterable[float], ends: Sequence[float]) -> list[float]:
    """Return the days from each start to the next end, where one follows."""
    found = (after(ends, start) - start for start in starts)
    return [delay for delay in found if delay == delay]  # noqa: PLR0124 (nan)


def strike_answers(
    deadly: Sequence[float],
    strikes: Sequence[float],
    attacks: Sequence[float],
    accusations: Sequence[float],
    horizon: float,
    wounding: Sequence[float] = (),
) -> dict[str, float]:
    """Measure strikes as answers to coalition deaths, and what answers strikes.

    Parameters
    ----------
    deadly, strikes, attacks, accusations
        Rising times of attacks with coalition deaths, strikes, rocket attacks and
        accusations and protests, days.
    horizon
        End of the log, days.
    wounding
        Times of attacks that wounded coalition people and killed none.
    """
    unprovoked = [
        strike
        for strike in strikes
        if not any(0.0 < strike - death <= ANSWER_DAYS for death in deadly)
    ]
    for_wounded = [
        any(0.0 < strike - time <= ANSWER_DAYS for strike in unprovoked)
        for time in wounding
        if time <= horizon - ANSWER_DAYS
    ]
    answered = [delay for delay in delays(deadly, strikes) if delay <= ANSWER_DAYS]
    whole = [time for time in deadly if time <= horizon - ANSWER_DAYS]
    of_whole = [delay for delay in delays(whole, strikes) if delay <= ANSWER_DAYS]
    return {
        "n_air_strikes_after_death": float(len(answered)),
        "share_strike_given_coalition_death": (
            len(of_whole) / len(whole) if whole else nan
        ),
        "n_strikes_without_death": float(len(unprovoked)),
        "share_strike_given_coalition_wounded": mean(for_wounded),
        "strike_delay_days": mean(answered),
        "reply_delay_days": mean(delays(strikes, attacks)),
        "n_accusations_after_strikes": float(
            sum(delay <= PROTEST_DAYS for delay in delays(strikes, accusations))
        ),
    }


def rate_change(
    turns: Sequence[float], attacks: Sequence[float], horizon: float
) -> float:
    """Return attacks a week in the 28 days after turns less that before, or nan."""
    n_before = n_after = 0
    days_before = days_after = 0.0
    for turn in turns:
        begin, end = max(0.0, turn - WINDOW_DAYS), min(horizon, turn + WINDOW_DAYS)
        if turn - begin < LEAST_WINDOW_DAYS or end - turn < LEAST_WINDOW_DAYS:
            continue
        n_before += sum(turn - WINDOW_DAYS <= time < turn for time in attacks)
        n_after += sum(turn <= time < turn + WINDOW_DAYS for time in attacks)
        days_before += turn - begin
        days_after += end - turn
    if not days_before:
        return nan
    return 7.0 * (n_after / days_after - n_before / days_before)


def raid_answers(
    raids: Sequence[Record],
    shows: Sequence[Record],
    arrests: Sequence[Record],
    releases: Sequence[Record],
    attacks: Sequence[float],
) -> dict[str, float]:
    """Measure what follows raids, arrests and releases, per actor they are done to."""
    displays: dict[int, list[float]] = {}
    for show in shows:
        displays.setdefault(show.actor, []).append(show.time)
    raided: dict[int, list[float]] = {}
    for raid in raids:
        raided.setdefault(raid.target, []).append(raid.time)
    to_show: list[float] = []
    for raid in raids:
        shown = after(displays.get(raid.target, ()), raid.time)
        again = after(raided[raid.target], raid.time)
        if shown == shown and not again < shown:  # noqa: PLR0124 (nan)
            to_show.append(shown - raid.time)
    freed: dict[int, list[float]] = {}
    for release in releases:
        freed.setdefault(release.target, []).append(release.time)
    to_release = [
        delay
        for arrest in arrests
        for delay in delays((arrest.time,), freed.get(arrest.target, ()))
    ]
    return {
        "raid_to_show_of_force_days": mean(to_show),
        "arrest_to_release_days": mean(to_release),
        "release_to_next_attack_days": mean(
            delays((release.time for release in releases), attacks)
        ),
    }


def misattributed_share(
    log: IncidentLog, strikes: Sequence[Record], militias: Collection[int]
) -> float:
    """Return the share of strikes on militias that hit another than the attacker.

    A strike's causes are followed back to the attack that it answers; strikes that
    answer none do not count, nor do strikes on anybody but a militia.
    """
    strikes = [strike for strike in strikes if strike.target in militias]
    if not strikes:
        return nan
    known = {
        record.identity: record
        for record in log.records
        if record.record_type != RecordType.PERCEPTION
    }
    wrong: list[float] = []
    for strike in strikes:
        record: Record | None = strike
        while record is not None and record.act not in ATTACKS:
            record = known.get(record.cause)
        if record is not None:
            wrong.append(0.0 if record.actor == strike.target else 1.0)
    return mean(wrong)
