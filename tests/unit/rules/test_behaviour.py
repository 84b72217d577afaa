"""A kind's table of parameters is read off its tuple: range, default and meaning."""

from typing import Annotated, Any, NamedTuple

import pytest

from sim.docstrings import field_texts
from sim.rules.behaviour import Parameter, Range, Share, parameter_table
from sim.rules.registry import KINDS
from sim.units import Dimension

SPONSOR = KINDS["sponsor"]


class Params(NamedTuple):
    """Four parameters."""

    rate: Annotated[float, Range(Dimension.RATE, 0.0, 2.0)]
    """Deliveries to each
    client, 1/e."""
    open_share: Share
    share: Share = 0.5
    """
    One half.
    """
    days: Annotated[float, Range(Dimension.DURATION, 0.1, 9.0)] = 3.0

    def twice(self) -> float:
        """Return no parameter."""
        return 2.0 * self.share


def test_a_row_has_range_default_and_the_text_below_the_field():
    """A text may run over lines; a field without one means what its name says."""
    assert parameter_table(SPONSOR._replace(params=Params)) == {
        "rate": Parameter(Dimension.RATE, 0.0, 2.0, "deliveries to each client, 1/e"),
        "open_share": Parameter(Dimension.SHARE, 0.0, 1.0, "open share"),
        "share": Parameter(Dimension.SHARE, 0.0, 1.0, "one half", 0.5),
        "days": Parameter(Dimension.DURATION, 0.1, 9.0, "days", 3.0),
    }


def test_a_class_without_source_has_no_texts():
    """A tuple made by a call, as in a notebook, is a table all the same."""
    make: Any = NamedTuple
    params = make("Unwritten", [("mean_delay", Share)])
    assert field_texts(params) == {}
    table = parameter_table(SPONSOR._replace(params=params))
    assert table["mean_delay"].meaning == "mean delay"


def test_a_parameter_without_range_is_refused():
    """What is legal for a parameter is never guessed."""
    make: Any = NamedTuple
    params = make("Unwritten", [("delay", float)])
    with pytest.raises(TypeError, match=r"sponsor\.delay has no Range"):
        parameter_table(SPONSOR._replace(params=params))


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_parameter_that_ships_has_a_text(kind: Any):
    """No shipped parameter is left to its name."""
    texts = field_texts(kind.params)
    assert list(texts) == list(kind.params._fields)
    assert all(text.endswith(".") for text in texts.values())
