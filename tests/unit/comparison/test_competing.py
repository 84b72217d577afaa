"""Events that compete: which comes first is an outcome."""

from dataclasses import replace
from typing import Any

import pytest

from sim.comparison.competing import with_competing
from sim.errors import StudyError
from sim.outcomes import OUTCOMES
from tests.unit.comparison.arms import COUNT, TIME, arm


def test_which_of_two_events_comes_first_is_an_outcome() -> None:
    """The derived outcome is 1 where the event came before the other."""
    one = arm(n=50)
    later = f"{TIME}_of_another"
    frame = one.outcomes.assign(**{later: 30.0, "other_happened": 1.0})
    row = OUTCOMES[TIME]._replace(name=later, companion="other_happened")
    wider = replace(one, outcomes=frame, table=one.table | {later: row})
    found: Any = with_competing(wider, [TIME, later]).outcomes
    assert (found["first_strike_happened_true"] >= 0).all()
    assert found["other_comes_first"].sum() == (frame[TIME] > 30.0).sum()
    with pytest.raises(StudyError, match="two or more"):
        with_competing(wider, [TIME])
    with pytest.raises(StudyError, match="is not the time to an event"):
        with_competing(wider, [TIME, COUNT])
