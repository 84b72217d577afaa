"""What fades, and harm that is weighed once: by hand-checked numbers."""

from math import exp

import pytest

from sim.engine.world import blank
from sim.ladder import Act
from sim.rules import foreign_power
from sim.rules.behaviour import Holdings, Percept
from sim.rules.decay import Fading, add, left, put
from sim.rules.foreign_power import ForeignPowerMemory
from sim.rules.tolerance import Account, close, lay

NOTHING = Holdings(0.0, 0.0)
AT_ME = Percept(0, 0, 1, 0, 0, 1, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_what_is_added_joins_what_is_left() -> None:
    """Two at days 0 and 10 are one, and one faded by ten days."""
    trace = Fading()
    add(trace, 1.0, 0.0, 20.0)
    add(trace, 1.0, 10.0, 20.0)
    assert left(trace, 10.0, 20.0) == 1.0 + exp(-0.5)
    assert left(trace, 30.0, 20.0) == pytest.approx((1.0 + exp(-0.5)) * exp(-1.0))
    put(trace, -1.0, 30.0)
    assert (trace.level, trace.since) == (-1.0, 30.0)


def test_harm_is_weighed_once() -> None:
    """What was weighed is asked from; nothing is while an answer is prepared."""
    account = Account()
    lay(account, 2.0, 0.0, 10.0, is_free=True)
    assert account == Account(2.0, 2.0, 0.0, 0.0)
    lay(account, 1.0, 10.0, 10.0, is_free=False)
    level, weighed = 1.0 + 2.0 * exp(-1.0), 2.0 * exp(-1.0)
    assert account == Account(level, weighed, level, 10.0)
    lay(account, 0.0, 10.0, 10.0, is_free=True)
    assert account == Account(level, level, weighed, 10.0)
    close(account, 11.0)
    assert account == Account(0.0, 0.0, 0.0, 11.0)


@pytest.mark.parametrize("act", [Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE])
def test_a_second_demand_to_leave_adds_to_the_first(act: Act) -> None:
    """A foreign power feels two demands as one, and one that has faded since."""
    memory = blank(ForeignPowerMemory, 2)
    params, kind = foreign_power.KIND.params(leave_memory=60.0), foreign_power.KIND
    for day in (0.0, 60.0):
        kind.notice(params, memory, AT_ME._replace(act=int(act)), day)
    assert kind.view(params, memory, NOTHING, 1, 60.0).unwelcome == 1.0 + exp(-1.0)
