"""Raids, arrests and releases; claims; and the attempts that were stopped."""

from record import Row, Statistics, answers, core_attacks, known, middle, show
from uncertainty import binomial_share, few_values, poisson_count


def derive(rows: list[Row]) -> Statistics:
    """Derive the course of the raid, and counts of claims and stopped attempts."""
    attacks = core_attacks(rows)
    raids = [row for row in rows if row["act"] == "raid"]
    arrests = [row for row in rows if row["act"] == "arrest"]
    releases = [row for row in rows if row["act"] == "release"]
    stopped = [
        row
        for row in rows
        if row["act"] == "thwarted_attack" and row["weapon"] == "rocket"
    ]
    claimed = [row for row in attacks if row["claim"] == "claimed"]
    n_arrested, n_released = (
        int(sum(known(incidents, "persons"))) for incidents in (arrests, releases)
    )
    shows = [
        middle(answer) - middle(raid)
        for raid in raids
        for arrest in answers(rows, raid, "arrest")
        for answer in answers(rows, arrest, "show_of_force")
    ]
    custody = [
        middle(release) - middle(arrest)
        for arrest in arrests
        for release in answers(rows, arrest, "release")
    ]
    quiet = [
        min(middle(row) for row in attacks if middle(row) > middle(release))
        - middle(release)
        for release in releases
    ]
    n_attempts = len(attacks) + len(stopped)
    return {
        "n_raids": poisson_count(len(raids)),
        "n_arrests": poisson_count(len(arrests)),
        "n_releases": poisson_count(len(releases)),
        "n_persons_arrested": poisson_count(n_arrested),
        "n_persons_released": poisson_count(n_released),
        "raid_to_show_of_force_days": few_values(shows),
        "arrest_to_release_days": few_values(custody),
        "release_to_next_attack_days": few_values(quiet),
        "n_claims": poisson_count(len(claimed)),
        "n_thwarted": poisson_count(len(stopped)),
        "share_thwarted": binomial_share(len(stopped), n_attempts),
    }


if __name__ == "__main__":
    show(derive)
