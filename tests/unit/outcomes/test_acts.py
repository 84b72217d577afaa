"""Every act is counted, or it is said why it is not."""

import pytest

from sim.ladder import ACTS, Act, Visibility
from sim.outcomes import OUTCOMES, outcomes_for, outcomes_of
from sim.outcomes.table import COUNTED, NOT_COUNTED, TRUE
from tests import builders
from tests.unit.outcomes.test_outcomes import IRAQ, KATAIB, incident, log_of


def test_every_act_has_a_row_and_an_outcome_or_a_reason():
    """A new act without a row of the table, a count or a reason is seen here."""
    assert [row.act for row in ACTS] == list(Act)
    assert set(COUNTED) | set(NOT_COUNTED) == set(Act)
    assert not set(COUNTED) & set(NOT_COUNTED)
    assert all(NOT_COUNTED.values())
    assert len(set(COUNTED.values())) == len(COUNTED)


@pytest.mark.parametrize("act", COUNTED, ids=lambda act: act.name.lower())
def test_one_incident_of_an_act_counts_once_there_and_nowhere_else(act: Act):
    """As it happened; and as reported, unless it is private."""
    log = log_of([incident(3.0, KATAIB, act, IRAQ)])
    values = outcomes_of(log, builders.scenario())
    private = ACTS[act].visibility == Visibility.PRIVATE
    for other, name in COUNTED.items():
        assert values[name + TRUE] == float(other == act)
        assert (name in values) == (name in OUTCOMES)
        if name in values:
            assert values[name] == float(other == act and not private)
    assert (COUNTED[act] in OUTCOMES) != private


def test_what_is_measured_is_what_the_table_lists():
    """An outcome without a row of the table, or the other way round, is seen here."""
    scenario = builders.scenario()
    assert set(outcomes_of(log_of([]), scenario)) == set(outcomes_for(scenario))
