"""Of 1,000 replications that reach a strike each link holds, and shares add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.ensemble.ensemble import run_ensemble
from sim.explanation.explain import Links, links_of
from sim.explanation.phrase import read_phrase
from sim.explanation.scene import scenes_of
from sim.scenario.load import load
from tests.verification.explanation.links import (
    OUTCOME,
    Checked,
    check,
    checked,
    shares,
)

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble

pytest.importorskip("numba")

pytestmark = [pytest.mark.verify, pytest.mark.numba]

REACH = 1000
"""Replications that reach a strike."""
RUN = 1500
"""Of so many, seven in ten do."""


@pytest.fixture(scope="module")
def run() -> Ensemble:
    """Return enough replications of the scenario that tells its own story."""
    scenario = load("iraq_endogenous_2019_2020")
    return run_ensemble(scenario, replications=RUN, root_seed=18, engine="compiled")


def test_every_link_is_a_cause_or_confirmed_by_replay(run: Ensemble) -> None:
    """None of 1,000 explanations has a link that neither log nor replay confirms."""
    found = checked(run, REACH, "compiled")
    assert found.n == REACH
    assert found.n_causes > REACH / 2
    assert found.n_contributors > REACH / 10
    assert (found.wrong, found.unlinked) == ([], [])


def test_shares_of_ways_add_up(run: Ensemble) -> None:
    """To 1, and counts to the replications whose outcomes say that they reached it."""
    paths, total, reached = shares(run, "compiled")
    assert paths.n == RUN
    assert total == pytest.approx(1.0)
    assert sum(path.n for path in paths.paths) == paths.n_reached == reached


def test_a_planted_link_is_caught(run: Ensemble) -> None:
    """A contributor that is none, and a cause that is none, are seen."""
    phrase = read_phrase(OUTCOME, run.scenario.start, "")
    planted: list[Checked] = []
    for scene in scenes_of(run, range(40), "compiled", replays=100):
        log = scene.log()
        for place in phrase.in_log(log):
            links = links_of(scene, log, place)
            cause = links.causes[place]
            linked = {cause, *links.contributors[place]}
            idle = next(
                j
                for j in range(place)
                if j not in linked and not links.needs.gone[j, place]
            )
            wrong = {**links.contributors, place: [idle]}
            causes = [*links.causes]
            causes[place] = idle
            for faulty in (
                Links(links.needs, links.causes, wrong),
                Links(links.needs, causes, links.contributors | {idle: []}),
            ):
                found = Checked()
                check(scene, log, faulty, place, found)
                planted.append(found)
    assert len(planted) > 20
    assert all(found.wrong for found in planted)
