"""How the rate of reported attacks changed at strikes and at the raid.

Windows of 28 days, cut off at the ends of the period; on each side all attacks over all
days. The windows of 29 December and 3 January overlap: an attack in both counts twice,
and its weights are added before they are squared.
"""

from record import N_DAYS, Row, Statistic, Statistics, core_attacks, filed, middle, show
from strikes import us_strikes
from uncertainty import weighted_counts

WINDOW = 28
LEAST = 7
"""Days of the period that a strike or raid must have on either side."""


def weights_of(turns: list[Row], attacks: list[Row]) -> tuple[list[float], float]:
    """Weigh each attack by what it adds to the change, attacks a week.

    Returns
    -------
    list of float, float
        Weight of each attack within a window; and the sum of squares of the change by
        half an attack more after, and half an attack more before.
    """
    moments = [middle(turn) for turn in turns]
    dated = [
        turn
        for turn, at in zip(turns, moments, strict=True)
        if LEAST <= at <= N_DAYS - LEAST
    ]
    days_before = sum(min(WINDOW, middle(turn)) for turn in dated)
    days_after = sum(min(WINDOW, N_DAYS - middle(turn)) for turn in dated)
    weights: list[float] = []
    for row in attacks:
        weight, is_counted = 0.0, False
        for turn in dated:
            off = middle(row) - middle(turn)
            if filed(row) > filed(turn) and off < WINDOW:
                weight, is_counted = weight + 7 / days_after, True
            elif filed(row) < filed(turn) and off >= -WINDOW:
                weight, is_counted = weight - 7 / days_before, True
        if is_counted:
            weights.append(weight)
    return weights, 0.5 * (7 / days_after) ** 2 + 0.5 * (7 / days_before) ** 2


def change(turns: list[Row], attacks: list[Row]) -> Statistic:
    """Give the attacks a week after some incidents, less those before."""
    return weighted_counts(*weights_of(turns, attacks))


def derive(rows: list[Row]) -> Statistics:
    """Derive how attacks changed at strikes and at the raid."""
    attacks = core_attacks(rows)
    raids = [row for row in rows if row["act"] == "raid"]
    return {
        "attack_change_after_strikes": change(us_strikes(rows), attacks),
        "attack_change_after_raids": change(raids, attacks),
    }


if __name__ == "__main__":
    show(derive)
