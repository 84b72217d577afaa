"""What made the foreign power strike on Iraqi soil, and what came after."""

from record import (
    Row,
    Statistics,
    core_attacks,
    filed,
    first_day,
    middle,
    number,
    show,
)
from uncertainty import binomial_share, few_values, poisson_count

STRIKE_ACTS = ("air_strike", "leader_killing")
BLAME_ACTS = ("accusation", "protest_note", "demand_to_leave", "expulsion_vote")
STRIKE_WINDOW = 11
"""Days within which a strike counts as an answer to a coalition death."""
BLAME_WINDOW = 7
"""Days within which a protest counts as an answer to a strike."""
HOURS_PER_DAY = 24


def delay(effect: Row, cause: Row) -> float:
    """Days from cause to effect: from the hours where known, else by the calendar."""
    hours = number(effect, "hours_after_cause")
    if effect["cause"] == cause["id"] and hours is not None:
        return hours / HOURS_PER_DAY
    return max(0.0, middle(effect) - middle(cause))


def us_strikes(rows: list[Row]) -> list[Row]:
    """Pick the foreign power's uses of force on Iraqi soil, in order."""
    answers = [
        row
        for row in rows
        if row["actor"] == "united_states" and row["act"] in STRIKE_ACTS
    ]
    return sorted(answers, key=filed)


def is_protest(row: Row, strike: Row) -> bool:
    """Tell whether a row is Iraq's official protest soon after a strike."""
    return (
        row["act"] in BLAME_ACTS
        and row["actor"] == "iraq"
        and row["target"] == "united_states"
        and row["order_in_day"] != ""
        and filed(row) > filed(strike)
        and first_day(row) - first_day(strike) <= BLAME_WINDOW
    )


def harmed(row: Row, kind: str) -> bool:
    """Tell whether an attack killed, or wounded, people of the foreign power."""
    return int(row[f"{kind}_foreign"] or 0) > 0


def answers_to(strikes: list[Row], attack: Row) -> list[Row]:
    """Pick the strikes that come within the window after an attack, in order."""
    return [
        strike
        for strike in strikes
        if filed(strike) > filed(attack) and delay(strike, attack) <= STRIKE_WINDOW
    ]


def derive(rows: list[Row]) -> Statistics:
    """Derive strikes, their delays, replies and the protests they met."""
    attacks, strikes = core_attacks(rows), us_strikes(rows)
    deadly = [row for row in attacks if harmed(row, "killed")]
    wounding = [
        row for row in attacks if harmed(row, "wounded") and not harmed(row, "killed")
    ]
    answered = [answers_to(strikes, death) for death in deadly]
    met = {strike["id"] for answers in answered for strike in answers}
    unprovoked = [strike for strike in strikes if strike["id"] not in met]
    for_wounded = sum(bool(answers_to(unprovoked, row)) for row in wounding)
    pairs = zip(answered, deadly, strict=True)
    replies = [
        delay(later[0], strike)
        for strike in strikes
        if (later := [row for row in attacks if filed(row) > filed(strike)])
    ]
    protested = sum(any(is_protest(row, strike) for row in rows) for strike in strikes)
    n_answered = sum(bool(answers) for answers in answered)
    return {
        "n_strikes": poisson_count(len(strikes)),
        "n_air_strikes_after_death": poisson_count(n_answered),
        "share_strike_given_coalition_death": binomial_share(n_answered, len(deadly)),
        "n_strikes_without_death": poisson_count(len(unprovoked), n=len(strikes)),
        "share_strike_given_coalition_wounded": binomial_share(
            for_wounded, len(wounding)
        ),
        "strike_delay_days": few_values(
            [delay(answers[0], death) for answers, death in pairs if answers]
        ),
        "reply_delay_days": few_values(replies),
        "n_accusations_after_strikes": poisson_count(protested, n=len(strikes)),
    }


if __name__ == "__main__":
    show(derive)
