"""What is asked about: a cause that is left out of replications, or put into them."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.draws import ROOT, child, name_word
from sim.engine.alteration import Alteration, act_asked, day_of
from sim.engine.cast import WORD_DEVELOPMENT, Cast, row_identity
from sim.engine.choice import driver_for
from sim.engine.log import RecordType
from sim.errors import StudyError, nearest, one_of
from sim.explanation.phrase import EVERY, read_phrase
from sim.explanation.scene import identity
from sim.ladder import name_of
from sim.rules.behaviour import Effect
from sim.scenario.scenario import Given

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from sim.engine.log import Record, Rows
    from sim.explanation.scene import Scene
    from sim.scenario.scenario import Scenario


class Cause(NamedTuple):
    """Incidents that can be picked out of any replication, and left out of it."""

    label: str
    choose: Callable[[Rows], tuple[NDArray[Any], Alteration]]
    """From a replication's rows to which of them are the cause, shape (rows,), and what
    leaves them out."""


def read_cause(text: str, scenario: Scenario) -> Cause:
    """Read a cause.

    Parameters
    ----------
    text
        Words for one incident (``first=ACT``, ``worst attack``: `sim.explanation.
        phrase`), a class (``act=ACT``, ``all strikes``, each from ``@DATE`` on),
        ``development=ID`` or ``record=ROW``.
    scenario
        The scenario that is run.

    Raises
    ------
    StudyError
        If the cause cannot be read.
    """
    kind, equals, name = text.partition("=")
    if kind == "development" and equals:
        given = [one.identity for one in scenario.given]
        if name not in given:
            message = (
                f"--without {text!r}: {name!r} is no incident that the scenario puts in"
                f"{nearest(name, given) or _held(given)}"
            )
            raise StudyError(message)
        return _one(text, child(ROOT, WORD_DEVELOPMENT, name_word(name), 0))
    if kind == "record" and equals:
        return _one(text, row_identity(name))
    phrase = read_phrase(text, scenario.start, "--without")
    if not phrase.order and kind == "act" and equals:
        phrase = read_phrase(f"every {text}", scenario.start, "--without")
    if not phrase.order:
        one = phrase.label.removeprefix("the first ")
        message = (
            f"--without {text!r}: say which: 'first {one}', 'last {one}', 'worst "
            f"{one}', or 'all {one}s'"
        )
        raise StudyError(message)
    if phrase.order == EVERY and (phrase.sides or not phrase.acts):
        message = (
            f"--without {text!r}: only acts can be left out as a class, as in 'all "
            "strikes'; of others name one, as in 'first deadly attack'"
        )
        raise StudyError(message)

    def choose(rows: Rows) -> tuple[NDArray[Any], Alteration]:
        is_gone = phrase.in_rows(rows)
        if phrase.order == EVERY:
            acts = tuple((int(act), phrase.day) for act in sorted(phrase.acts))
            return is_gone, Alteration(without_acts=acts)
        chosen = tuple(identity(row) for row in rows.records[is_gone])
        return is_gone, Alteration(without=chosen)

    return Cause(phrase.label, choose)


def _held(names: list[str]) -> str:
    return f"; it puts in {one_of(names) or 'none'}"


def _one(label: str, chosen: int) -> Cause:
    """Return the cause that is one incident of this identity."""
    low, high = chosen & (2**64 - 1), chosen >> 64

    def choose(rows: Rows) -> tuple[NDArray[Any], Alteration]:
        records = rows.records
        is_it = (records["low"] == low) & (records["high"] == high)
        is_it &= records["record_type"] == RecordType.INCIDENT
        return is_it, Alteration(without=(chosen,))

    return Cause(label, choose)


def scene_with(scene: Scene, incident: Given) -> Scene:
    """Return a replication into which an incident is put."""
    more = replace(scene.scenario, given=(*scene.scenario.given, incident))
    cast = Cast(more)
    driver = driver_for(cast, scene.driver.name)
    return replace(scene, scenario=more, cast=cast, driver=driver)


def scene_knowing(scene: Scene, record: Record) -> Scene:
    """Return a replication in which whoever may suspect its author knows it for sure.

    Who else would blame somebody by evidence blames the author of the incident.
    """
    cast = copy(scene.cast)
    known = {
        (record.identity, observer): record.actor
        for observer, suspects in enumerate(cast.suspects)
        if record.actor in suspects
    }
    cast.beliefs = cast.beliefs | known
    return replace(scene, cast=cast, driver=driver_for(cast, scene.driver.name))


def words_of(given: Given) -> str:
    """Return the words by which `incident_of` reads an incident."""
    does = {name: n for name, n in given.effect._asdict().items() if n}
    parts = {"act": name_of(given.act), "actor": given.actor, "target": given.target}
    parts |= {"site": given.site, "at": repr(given.time)}
    parts |= {name: f"{n:g}" for name, n in does.items()}
    return ",".join(f"{key}={value}" for key, value in parts.items() if value)


def put_in_by(words: str) -> str:
    """Return the name of an incident that is put in by some words."""
    return f"put in: {words}"


def incident_of(text: str, scenario: Scenario) -> Given:
    """Read an incident to be put in.

    Parameters
    ----------
    text
        Such as ``act=leader_killing,actor=united_states,target=iran,at=2020-01-03,
        killed_sponsor=1``: `at` (a date or days), `act`, `actor`; and where there are
        such `target`, `site` and what it does, by the names of the log's columns.
    scenario
        The scenario that it is put in.

    Raises
    ------
    StudyError
        If a part is unknown, missing, or no number where one is needed.
    """
    parts: dict[str, str] = {}
    for part in text.split(","):
        key, _, value = part.strip().partition("=")
        parts[key] = value
    names = {actor.name for actor in scenario.actors}
    sites = {site.name for site in scenario.sites}
    allowed = {"act", "actor", "target", "site", "at", *Effect._fields}
    for key, among in (("actor", names), ("target", names), ("site", sites)):
        if parts.get(key, "") not in {"", *among}:
            message = (
                f"--put-in {text!r}: {key} {parts[key]!r} is none of the scenario's; "
                f"allowed are {one_of(sorted(among))}{nearest(parts[key], among)}"
            )
            raise StudyError(message)
    for key in parts:
        if key not in allowed:
            message = (
                f"--put-in {text!r}: {key!r} is nothing that an incident has"
                f"{nearest(key, allowed)}; allowed are {', '.join(sorted(allowed))}"
            )
            raise StudyError(message)
    if missing := [key for key in ("at", "act", "actor") if not parts.get(key)]:
        message = (
            f"--put-in {text!r}: missing {' and '.join(missing)}, as in "
            "act=raid,actor=iraq,at=2020-01-03"
        )
        raise StudyError(message)
    does: dict[str, float] = {}
    for key in Effect._fields:
        try:
            does[key] = float(parts.get(key, 0.0))
        except ValueError:
            message = (
                f"--put-in {text!r}: {key}={parts[key]}: what it does is counted in "
                f"numbers, as in {key}=2"
            )
            raise StudyError(message) from None
    day = day_of(parts["at"], scenario.start, "--put-in")
    if not 0.0 <= day < scenario.horizon:
        message = (
            f"--put-in {text!r}: at={parts['at']} is outside the scenario's days; "
            f"allowed are dates from {scenario.start} on, before its day "
            f"{scenario.horizon:g}"
        )
        raise StudyError(message)
    return Given(
        identity=put_in_by(text),
        time=day,
        known_from=day,
        act=act_asked(parts["act"]),
        actor=parts["actor"],
        target=parts.get("target", ""),
        site=parts.get("site", ""),
        effect=Effect(**does),
    )
