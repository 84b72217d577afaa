"""Intervals of necessity and of sufficiency cover closed forms of three toys.

Of each toy 1,000 groups of 150 replications are asked, and the intervals have to cover
the truth in 93 to 97.5 % of the groups. The error of that share is 0.7 %: intervals
that cover 90 % are seen, as those of half the width are, which are planted here.
"""

from __future__ import annotations

import pytest

from tests.verification.explanation.toys import TOYS, coverage

pytest.importorskip("numba")

pytestmark = [pytest.mark.verify, pytest.mark.numba]

LEAST, MOST = 0.93, 0.975


@pytest.mark.parametrize("name", TOYS)
def test_intervals_cover_the_closed_form(name: str) -> None:
    """In 93 to 97.5 % of groups; with half the half-width in far fewer."""
    found = coverage(TOYS[name]())
    assert LEAST <= found.share <= MOST
    assert LEAST <= found.of_count <= MOST
    assert found.bounds >= LEAST
    assert found.halved < LEAST
