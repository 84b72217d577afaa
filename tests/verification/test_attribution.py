"""Blame: the posterior is right on average, and as sure as it may be."""

from __future__ import annotations

import numpy as np
import pytest

import sim.engine.perception
from sim.engine.cast import Cast
from sim.engine.log import Origin, Record, RecordType
from sim.engine.perception import blamed
from sim.engine.replication import Replication
from sim.ladder import Act
from sim.rules.behaviour import Effect
from tests.builders import MILITIAS, scenario
from tests.verification.judging import NO_FAULT, ROOT_SEED, judge, mean_off

pytestmark = pytest.mark.verify

QUALITY = 0.55
PAST = (0.0, 1.0, 3.0)
"""What was laid to each militia before: prior weights 1, 2 and 4."""
PRIOR = np.array([1.0, 2.0, 4.0]) / 7.0
N = 40_000

FAULTS = (
    NO_FAULT,
    "evidence 5 % better than it is held to be",
    "posterior 5 % too sure",
    "authors not as the prior has them",
    "past forgotten",
)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_posterior_is_calibrated_and_its_mean_is_the_prior(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mean posterior of each suspect is its prior, and it is right as often.

    Authors come from the prior, evidence through the engine. Whoever is named did it
    as often as the confidence says, and each of the others as often as its share. Over
    40,000 attacks 5 % in the quality of evidence is 8 standard errors.
    """
    cast = Cast(scenario(foreign_params={"evidence": QUALITY}))
    replication = Replication(cast, ROOT_SEED, 0)
    observer = cast.index["united_states"]
    for militia, past in zip(MILITIAS, PAST, strict=True):
        if fault != "past forgotten":
            replication.memories[observer].harm[cast.index[militia]].level = past
    if fault == "posterior 5 % too sure":
        monkeypatch.setattr(
            sim.engine.perception,
            "posterior_of_named",
            lambda quality, prior: 1.05 * (quality + (1.0 - quality) * prior),
        )
    better = 1.05 if fault.startswith("evidence") else 1.0
    law = np.ones(3) / 3.0 if fault.startswith("authors") else PRIOR
    chance = np.random.default_rng(ROOT_SEED)
    authors = chance.choice(3, size=N, p=law)
    uniforms = chance.random(N) / better
    named, confidence = np.empty(N, int), np.empty(N)
    for i in range(N):
        record = attack(cast, int(authors[i]), i + 1)
        suspect, confidence[i] = blamed(
            replication, observer, record, i + 1, float(uniforms[i])
        )
        named[i] = MILITIAS.index(cast.names[suspect])
    posterior = np.tile((1.0 - QUALITY) * np.asarray(PRIOR), (N, 1))
    posterior[np.arange(N), named] = confidence
    did_it = authors[:, None] == np.arange(3)
    found = {"named did it": mean_off((authors == named) - confidence, 0.0)}
    for j, name in enumerate(MILITIAS):
        found[f"mean posterior of {name}"] = mean_off(posterior[:, j], PRIOR[j])
        for k, other in enumerate(MILITIAS):
            right = (did_it - posterior)[named == j, k]
            found[f"{name} named, {other} did it"] = mean_off(right, 0.0)
    judge(found, fault)


def attack(cast: Cast, author: int, identity: int) -> Record:
    """Return an attack by a militia."""
    return Record(
        0.0,
        RecordType.INCIDENT,
        identity,
        0,
        cast.index[MILITIAS[author]],
        Act.ROCKET_ATTACK,
        cast.index["united_states"],
        0,
        -1,
        -1,
        Effect(),
        0.0,
        Origin.SIMULATED,
    )


@pytest.mark.parametrize("quality", [0.0, 0.3, 1.0])
def test_evidence_of_any_quality_moves_belief_by_no_more_than_it_may(
    quality: float,
) -> None:
    """Without evidence belief stays the prior; with sure evidence it is certainty."""
    cast = Cast(scenario(foreign_params={"evidence": quality}))
    replication = Replication(cast, ROOT_SEED, 0)
    observer = cast.index["united_states"]
    for i in range(1, 200):
        suspect, confidence = blamed(
            replication, observer, attack(cast, i % 3, i), i, i / 200.0
        )
        assert confidence == pytest.approx(quality + (1.0 - quality) / 3.0)
        if quality == 1.0:
            assert cast.names[suspect] == MILITIAS[i % 3]


def test_an_overt_act_is_blamed_on_its_author_for_sure() -> None:
    """Who threatens, raids or strikes is known, whatever the evidence is worth."""
    cast = Cast(scenario(foreign_params={"evidence": 0.0}))
    replication = Replication(cast, ROOT_SEED, 0)
    for act in (Act.THREAT, Act.RAID, Act.AIR_STRIKE, Act.CLAIM):
        for author in range(3):
            assert blamed(
                replication, 5, attack(cast, author, 1)._replace(act=act), 1, 0.9
            ) == (author, 1.0)
