"""The tables of a cast, field by field: who can do what to whom."""

from __future__ import annotations

from typing import Final

from sim.engine.capacity import MOST_ACTORS, MOST_SITES
from sim.engine.compiled.state import (
    MOST_BANDS,
    MOST_CHANNELS,
    MOST_GIVEN,
    MOST_STAGES,
    N_ACTS,
    record,
)
from sim.engine.explained import COMPANIONS, N_WAITS
from sim.rules.behaviour import MOST_MEANS, N_EFFECT
from sim.rules.means import MeansParams

MOST_OPERATIONS: Final = 256
MOST_CHOICES: Final = 8
MOST_CONSEQUENCES: Final = 4
MOST_ANSWERS: Final = 2048
MOST_LISTED: Final = 8192

STATIC: Final = record(
    ("n_actors", "i8"),
    ("n_sites", "i8"),
    ("n_bands", "i8"),
    ("n_given", "i8"),
    ("n_turns", "i8"),
    ("n_channels", "i8"),
    ("since", "f8"),
    ("is_recorded", "i8", (N_ACTS,)),
    ("is_exogenous", "i8", (N_ACTS,)),
    # A past that is filtered: acts that are weighed, and how far the press tells of
    # them; options that bring them about, and how long that takes.
    ("is_weighed", "i8", (N_ACTS,)),
    ("weighed_share", "f8", (N_ACTS,)),
    ("channel_weighed", "i8", (MOST_CHANNELS,)),
    ("has_waits", "i8", (MOST_CHANNELS,)),
    ("waits", "f8", (MOST_CHANNELS, N_WAITS)),
    # How each row is explained, and by which options.
    ("n_before", "i8"),
    ("given_route", "i8", (MOST_GIVEN,)),
    ("given_first", "i8", (MOST_GIVEN,)),
    ("given_count", "i8", (MOST_GIVEN,)),
    ("given_answer", "i8", (MOST_GIVEN,)),
    ("given_companions", "i8", (MOST_GIVEN,)),
    ("companion", "i8", (MOST_GIVEN, COMPANIONS)),
    ("companion_guess", "f8", (MOST_GIVEN, COMPANIONS)),
    ("given_ahead", "f8", (MOST_GIVEN,)),
    ("given_channel", "i8", (MOST_LISTED,)),
    ("given_guess", "f8", (MOST_LISTED,)),
    ("max_incidents", "i8"),
    # Actors.
    ("kind", "i8", (MOST_ACTORS,)),
    ("slot", "i8", (MOST_ACTORS,)),
    ("first_row", "i8", (MOST_ACTORS,)),
    ("side", "i8", (MOST_ACTORS,)),
    ("word", "u8", (MOST_ACTORS,)),
    ("weighs_sites", "i8", (MOST_ACTORS,)),
    ("heeds", "i8", (N_ACTS, MOST_ACTORS)),
    ("heeds_own", "i8", (N_ACTS, MOST_ACTORS)),
    ("watches", "i8", (MOST_ACTORS, MOST_ACTORS)),
    ("is_watched", "i8", (MOST_ACTORS,)),
    ("is_host", "i8", (MOST_ACTORS,)),
    ("n_suspects", "i8", (MOST_ACTORS,)),
    ("suspect", "i8", (MOST_ACTORS, MOST_ACTORS)),
    ("reach", "f8", (MOST_ACTORS, MOST_SITES)),
    ("visibility", "i8", (N_ACTS,)),
    # Reports.
    ("reported", "f8", (N_ACTS,)),
    ("attributed", "f8", (N_ACTS,)),
    # Sites.
    ("site_word", "u8", (MOST_SITES,)),
    ("soil", "i8", (MOST_SITES,)),
    ("exposed_foreign", "f8", (MOST_SITES,)),
    ("exposed_host", "f8", (MOST_SITES,)),
    ("exposed_civilian", "f8", (MOST_SITES,)),
    ("defence", "f8", (MOST_SITES, MOST_MEANS)),
    # Means of attack.
    ("n_means", "i8"),
    ("means_word", "u8", (MOST_MEANS,)),
    ("means_act", "i8", (MOST_MEANS,)),
    ("means_act_word", "u8", (MOST_MEANS,)),
    (
        "means_of",
        record(*((name, "f8") for name in MeansParams._fields)),
        (MOST_MEANS + 1,),
    ),
    ("weighs_means", "i8", (MOST_ACTORS,)),
    ("opportunity", "f8", (MOST_ACTORS, MOST_MEANS)),
    ("share_of_act", "f8", (MOST_ACTORS, N_ACTS)),
    # Options against targets, and their bands of height.
    ("channel_actor", "i8", (MOST_CHANNELS,)),
    ("channel_target", "i8", (MOST_CHANNELS,)),
    ("channel_option", "i8", (MOST_CHANNELS,)),
    ("channel_operation", "i8", (MOST_CHANNELS,)),
    ("band_channel", "i8", (MOST_BANDS,)),
    ("band_base", "f8", (MOST_BANDS,)),
    ("band_width", "f8", (MOST_BANDS,)),
    ("band_highest", "f8", (MOST_BANDS,)),
    ("band_low", "u8", (MOST_BANDS,)),
    ("band_high", "u8", (MOST_BANDS,)),
    # Operations.
    ("op_act", "i8", (MOST_OPERATIONS,)),
    ("op_word", "u8", (MOST_OPERATIONS,)),
    ("op_code", "i8", (MOST_OPERATIONS,)),
    ("op_means", "i8", (MOST_OPERATIONS,)),
    ("op_needs_site", "i8", (MOST_OPERATIONS,)),
    ("op_is_own_site", "i8", (MOST_OPERATIONS,)),
    ("op_avoids_noticed", "i8", (MOST_OPERATIONS,)),
    ("op_needs_amount", "i8", (MOST_OPERATIONS,)),
    ("op_breaks", "i8", (MOST_OPERATIONS,)),
    ("op_breakable_by", "i8", (MOST_OPERATIONS,)),
    ("op_broken_act", "i8", (MOST_OPERATIONS,)),
    ("op_broken_word", "u8", (MOST_OPERATIONS,)),
    ("op_has_effect", "i8", (MOST_OPERATIONS,)),
    ("op_has_broken_effect", "i8", (MOST_OPERATIONS,)),
    ("op_has_feasible", "i8", (MOST_OPERATIONS,)),
    ("op_has_limit", "i8", (MOST_OPERATIONS,)),
    ("op_n_stages", "i8", (MOST_OPERATIONS,)),
    ("op_stage_word", "u8", (MOST_OPERATIONS, MOST_STAGES)),
    ("op_stage_exposed", "i8", (MOST_OPERATIONS, MOST_STAGES)),
    ("op_stage_followed", "i8", (MOST_OPERATIONS, MOST_STAGES)),
    ("op_n_consequences", "i8", (MOST_OPERATIONS,)),
    ("op_consequence_act", "i8", (MOST_OPERATIONS, MOST_CONSEQUENCES)),
    ("op_consequence_word", "u8", (MOST_OPERATIONS, MOST_CONSEQUENCES)),
    ("op_consequence_persons", "i8", (MOST_OPERATIONS, MOST_CONSEQUENCES)),
    ("op_consequence_launchers", "i8", (MOST_OPERATIONS, MOST_CONSEQUENCES)),
    # Responses, by (stage or incident, act, actor).
    ("answer_first", "i8", (2, N_ACTS, MOST_ACTORS)),
    ("answer_count", "i8", (2, N_ACTS, MOST_ACTORS)),
    ("answer_response", "i8", (MOST_ANSWERS,)),
    ("answer_word", "u8", (MOST_ANSWERS,)),
    ("answer_lapses", "i8", (MOST_ANSWERS,)),
    ("answer_toward", "i8", (MOST_ANSWERS,)),
    ("answer_choices", "i8", (MOST_ANSWERS,)),
    ("answer_operation", "i8", (MOST_ANSWERS, MOST_CHOICES)),
    ("answer_role_first", "i8", (MOST_ANSWERS,)),
    ("answer_role_count", "i8", (MOST_ANSWERS,)),
    ("listed", "i8", (MOST_LISTED,)),
    # Developments.
    ("given_time", "f8", (MOST_GIVEN,)),
    ("given_low", "u8", (MOST_GIVEN,)),
    ("given_high", "u8", (MOST_GIVEN,)),
    ("given_act", "i8", (MOST_GIVEN,)),
    ("given_actor", "i8", (MOST_GIVEN,)),
    ("given_target", "i8", (MOST_GIVEN,)),
    ("given_site", "i8", (MOST_GIVEN,)),
    ("given_effect", "f8", (MOST_GIVEN, N_EFFECT)),
    ("given_origin", "i8", (MOST_GIVEN,)),
    ("given_cause_low", "u8", (MOST_GIVEN,)),
    ("given_cause_high", "u8", (MOST_GIVEN,)),
    ("given_draws_actor", "i8", (MOST_GIVEN,)),
    ("given_draws_target", "i8", (MOST_GIVEN,)),
    ("n_beliefs", "i8"),
    ("belief_low", "u8", (MOST_GIVEN,)),
    ("belief_high", "u8", (MOST_GIVEN,)),
    ("belief_observer", "i8", (MOST_GIVEN,)),
    ("belief_author", "i8", (MOST_GIVEN,)),
    ("turn_time", "f8", (MOST_GIVEN,)),
    ("turn_low", "u8", (MOST_GIVEN,)),
    ("turn_high", "u8", (MOST_GIVEN,)),
    ("turn_actor", "i8", (MOST_GIVEN,)),
    ("turn_row", "i8", (MOST_GIVEN,)),
)
"""Everything about a cast that does not change during a replication."""
