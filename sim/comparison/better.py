"""Of which outcomes less is better, and of which more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.outcomes.table import SIDES, TRUE

if TYPE_CHECKING:
    from sim.outcomes import Outcome

LESS: Final = frozenset(
    {
        "n_rocket_attacks", "rocket_attacks_per_month", "n_convoy_bombs",
        "n_rounds_fired", "n_attacks_with_casualties", "n_attacks_with_deaths",
        "n_attacks_harming_coalition", "n_attacks_harming_host",
        "n_attacks_harming_civilians", "n_coalition_deaths", "n_wounded_all",
        "n_embassy_stormings", "n_strikes", "n_air_strikes", "n_leader_killings",
        "n_militia_leader_killings", "n_direct_strikes", "peak_rung",
        "first_attack_happened", "first_strike_happened",
        "first_coalition_death_happened", "first_direct_strike_happened",
        "direct_exchange_happened", "both_struck_happened",
        "share_strikes_misattributed",
        *(f"n_{how}_{side}" for how in ("killed", "wounded") for side in SIDES),
    }
)  # fmt: skip
"""Attacks, strikes and victims, of whatever side."""

MORE: Final = frozenset(
    {
        "authority_end", "authority_lowest", "time_to_first_attack_days",
        "time_to_first_strike_days", "time_to_first_coalition_death_days",
        "time_to_first_direct_strike_days", "time_to_direct_exchange_days",
        "time_to_both_struck_days",
    }
)  # fmt: skip
"""The government's authority, and time without harm."""


STRIKES: Final = frozenset(
    {
        "n_strikes", "n_air_strikes", "n_leader_killings", "n_militia_leader_killings",
        "first_strike_happened", "time_to_first_strike_days", "peak_rung",
    }
)  # fmt: skip
"""What a policy of the striking side itself decides, and the rung that its strikes
reach: where it does so by definition, it is no merit."""


FROM_STRIKES: Final = frozenset(
    {
        "n_killed_militia", "n_wounded_militia", "direct_exchange_happened",
        "both_struck_happened", "time_to_direct_exchange_days",
        "time_to_both_struck_days",
    }
)  # fmt: skip
"""What nothing but strikes brings about: a policy that never strikes has none of it by
construction. Militias lose people to strikes alone, and to strike each other takes
two."""


ALIKE: Final = (
    {"n_rocket_attacks", "rocket_attacks_per_month", "n_rounds_fired",
     "first_attack_happened", "time_to_first_attack_days"},
    {"n_coalition_deaths", "n_killed_foreign", "first_coalition_death_happened",
     "time_to_first_coalition_death_days"},
    {"n_strikes", "n_air_strikes", "first_strike_happened",
     "time_to_first_strike_days"},
    {"n_leader_killings", "n_militia_leader_killings"},
    {"n_direct_strikes", "first_direct_strike_happened",
     "time_to_first_direct_strike_days", "direct_exchange_happened",
     "time_to_direct_exchange_days", "both_struck_happened",
     "time_to_both_struck_days"},
    {"authority_end", "authority_lowest"},
)  # fmt: skip
"""Outcomes that are of one concern: where several are compared, one of them ranks."""


def concern_of(outcome: Outcome) -> str:
    """Return what an outcome is about: the same text for those that nearly repeat it.

    What happened and what was reported of it are of one concern.

    >>> from sim.outcomes import OUTCOMES
    >>> names = ("n_direct_strikes", "both_struck_happened_true", "n_raids_true")
    >>> [concern_of(OUTCOMES[name]) for name in names]
    ['both_struck_happened', 'both_struck_happened', 'n_raids']
    """
    stem = outcome.name.removesuffix(TRUE)
    return next((min(stems) for stems in ALIKE if stem in stems), stem)


def better_when(outcome: Outcome) -> str:
    """Return ``less`` of what does harm, ``more`` of authority and of time without it.

    Empty of conduct, such as raids and accusations, of which neither is better, and of
    outcomes of the user's own.

    Examples
    --------
    >>> from sim.outcomes import OUTCOMES
    >>> names = ("n_strikes", "n_raids", "authority_end_true")
    >>> [better_when(OUTCOMES[name]) for name in names]
    ['less', '', 'more']
    """
    stem = outcome.name.removesuffix(TRUE)
    if stem in LESS:
        return "less"
    return "more" if stem in MORE else ""
