"""The commented file that a new experiment starts from."""

from __future__ import annotations

from typing import Final

_TEXT: Final = """\
# An experiment: one question, one scenario, and what is varied to answer it.
#   escalade check {file}        all faults at once
#   escalade compare {file} --out FOLDER    sets its arms side by side
#   escalade brief FOLDER        one sheet of that, to send on
#   escalade sweep {file}        varies its factors; give it again to go on
schema: 1
id: {identity}
question: >-
  Should Washington tread lightly and show support, or wait and hit hard?

# The id of a shipped scenario (escalade list), or a file beside this one.
scenario: iraq_from_july_2020

# Day on which the arms part: until then all have one past, with the record put in.
# Left out, they differ from the scenario's first day on.
from: 2020-07-06

# All points and arms share this integer, so they differ only by what is varied.
root_seed: 1

# For each arm at each design point. Or, instead, until an interval is narrow:
# precision: {{outcome: n_strikes_true, half_width: 0.2, at_most: 2000}}
replications: 20

# Where to end: a date or a number of days; left out, the scenario's end.
# until: 2020-10-01

# Names without suffix are of what the press reported, with _true of what happened.
outcomes:
  - n_rocket_attacks_true
  - n_coalition_deaths_true
  - n_killed_civilian_true
  - n_killed_militia_true
  - direct_exchange_happened_true
  - authority_end_true

# Values by path that differ from the scenario in every arm
# (escalade check iraq_from_july_2020 lists the paths).
changes:
  limits.rung_window: 14 days

# The two arms that the question sets against each other, told first.
pair: [tread_lightly, wait_and_hit_hard]

# What an answer takes for granted; reports and briefs say it.
assumptions:
  - Not to strike costs Washington nothing in the model.

# What is set side by side, the reference first. Left out, there is one arm. Labels are
# what sentences and pictures call them.
arms:
  as_it_stands:
    label: as it stands
  tread_lightly:
    label: tread lightly and support
    changes:
      actors.united_states.tolerance: 1000     # harm at which it strikes
      actors.united_states.support_rate: 2/month
  wait_and_hit_hard:
    label: wait and hit hard
    changes:
      actors.united_states.tolerance: 1.5      # nearly twice the harm
      actors.united_states.proportionality: 2  # twice as hard
  # Without from, an arm may also leave out developments and rows of the record, by id
  # (cancels: [iq-2020-06-03-01]), and actors (absent: [asaib_ahl_al_haq]).

# What the design varies. A factor sets a number or date (path), the presence of an
# actor (presence: its name) or chooses among arms (arms: [a, b]).
# Without range, levels or distribution it takes the range that the scenario cites.
factors:
  ability:
    label: reach of the government's forces
    path: actors.iraq.ability
    levels: [0.3, 0.6, 0.9]
  # blind_eye:                  # a value that a development sets later names that too
  #   path: [actors.iraq.will, developments.tolerance_falls.set.to]
  #   range: [-6, -1]
  # base_rate:
  #   path: actors.kataib_hezbollah.base_rate
  #   unit: 1/week
  #   range: [0.2, 1.0]
  # accuracy:
  #   path: means.rocket.accuracy
  #   distribution: {{shape: uniform, low: 0.4, high: 0.75, basis: assumed}}
  # sworn_in:
  #   path: developments.government_sworn_in.date
  #   range: [2020-04-10, 2020-06-15]

# grid (points: values of a factor without levels), latin_hypercube, sobol, list;
# morris (points: trajectories) and saltelli for escalade sensitivity.
design:
  kind: grid
  # points: 5
  # root_seed: 1
"""


def starting_text(identity: str) -> str:
    """Return the text of a new experiment's file; it passes every check."""
    file = f"experiments/{identity}/experiment.yaml"
    return _TEXT.format(identity=identity, file=file)
