"""The file of a forecast: JSON, one answer a line, written whole, read strictly.

JSON is YAML too, so the strict reader of scenarios reads it, and a fault has its line.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from sim.forecasts.forecast import Answer, Forecast, as_data
from sim.reading.faults import FaultList
from sim.reading.scalar import shown
from sim.reading.slot import as_mapping
from sim.reading.strict_yaml import read
from sim.reading.structure import SchemaOne, Section, Text, check_structure
from sim.record.question import COUNT, QUESTIONS, known_question
from sim.scenario.calendar import day_of
from sim.scenario.schema import Day
from sim.statistics.count_distribution import CountDistribution

if TYPE_CHECKING:
    from pathlib import Path

    from sim.reading.tree import Keys, Plain

_ROUNDING: Final = 1e-5
"""How far the shares of a distribution may be from adding up to 1."""


def write_forecast(file: Path, forecast: Forecast) -> None:
    """Write a forecast whole, or not at all; equal forecasts have equal bytes."""
    from sim.files import write_text

    write_text(file, forecast_text(forecast))


def forecast_text(forecast: Forecast) -> str:
    """Return the text of a forecast's file."""
    data = as_data(forecast)
    answers: dict[str, Any] = data.pop("answers")
    lines = [f"  {_json(name)}: {_json(value)}" for name, value in data.items()]
    rows = [f"    {_json(name)}: {_json(value)}" for name, value in answers.items()]
    lines.append('  "answers": {\n' + ",\n".join(rows) + "\n  }")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_forecast(file: str | Path) -> Forecast:
    """Read a forecast.

    Raises
    ------
    ScenarioError
        With every fault of the file, each with its line.
    """
    faults = FaultList(read(file))
    data = check_structure(faults, _File)
    raw = as_mapping(as_mapping(faults.document.data).get("answers"))
    answers = {
        name: _answer(faults, ("answers", name), raw[name])
        for name in QUESTIONS
        if name in raw
    }
    faults.stop_if_any()
    assert data is not None  # else there was a fault
    origin, end = day_of(data.origin), day_of(data.end)
    start = day_of(data.start) if data.start else None
    first = start or origin
    return Forecast(
        origin=origin,
        end=end,
        start=start,
        step=data.step or 1 + round((first - origin) / (end - first)),
        actors=tuple(data.actors),
        versions={name: str(version) for name, version in data.versions.items()},
        answers={name: a for name, a in answers.items() if a is not None},
        **{name: getattr(data, name) for name in _AS_THEY_STAND},
    )


def _json(value: Any) -> str:
    return dumps(value, ensure_ascii=False)


def _inside(raw: Any) -> float:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not is_number or not 0.0 < raw < 1.0:
        message = (
            f"{shown(raw)} must be a number inside (0, 1): of what is said to be "
            "certain the log score can be infinite"
        )
        raise ValueError(message)
    return float(raw)


Share: TypeAlias = Annotated[float, BeforeValidator(_inside)]


class _Beyond(Section):
    """The geometric tail of a distribution."""

    probability: Share
    ratio: Share


class _Count(Section):
    """The answer to a question of a count: a whole distribution."""

    kind: Literal["count"] = "count"
    question: Text = ""
    beyond: _Beyond
    pmf: Annotated[list[list[Any]], Field(min_length=1)]
    """Count, from 0 on, and its probability."""


class _Event(Section):
    """The answer to a question of an event: its probability."""

    kind: Literal["event"] = "event"
    question: Text = ""
    probability: Share


class _File(Section):
    """The file of a forecast."""

    schema_: SchemaOne = Field(alias="schema")
    forecaster: Text
    scenario: Text
    origin: Day
    start: Day = ""
    end: Day
    step: Annotated[int, Field(ge=1)] = 0
    """0 where it is not given: windows up to this one were then as long as it is."""
    answers: Annotated[
        dict[Annotated[str, AfterValidator(known_question)], Any], Field(min_length=1)
    ]
    scenario_digest: Text = ""
    posterior_digest: Text = ""
    made: Text = ""
    root_seed: Annotated[int, Field(ge=0)] = 0
    draws: Annotated[int, Field(ge=0)] = 0
    replications: Annotated[int, Field(ge=0)] = 0
    actors: list[str] = []
    versions: dict[str, Any] = {}

    @field_validator("end")
    @classmethod
    def _follows(cls, end: str, known: ValidationInfo) -> str:
        start, origin = known.data.get("start", ""), known.data.get("origin", "")
        if start and start < origin:
            message = f"the start, {start}, must not come before the origin, {origin}"
            raise ValueError(message)
        if end <= max(start, origin):
            message = f"{end} must come after the origin, {max(start, origin)}"
            raise ValueError(message)
        return end


_AS_THEY_STAND: Final = (
    "forecaster", "scenario", "scenario_digest", "posterior_digest", "made",
    "root_seed", "draws", "replications",
)  # fmt: skip


def _answer(faults: FaultList, keys: Keys, raw: Plain) -> Answer | None:
    """Return the answer to one question; None where it is faulty."""
    if QUESTIONS[str(keys[-1])].kind != COUNT:
        event = check_structure(faults, _Event, raw, keys)
        return None if event is None else event.probability
    count = check_structure(faults, _Count, raw, keys)
    if count is None:
        return None
    shares: list[float] = []
    for number, row in enumerate(count.pmf):
        at = (*keys, "pmf", number)
        if len(row) != 2 or row[0] != number:
            message = (
                f"must be [{number}, probability]: counts from 0 on, none left out"
            )
            faults.add(at, message)
            break
        try:
            shares.append(_inside(row[1]))
        except ValueError as error:
            faults.add((*at, 1), str(error))
    total = sum(shares) + count.beyond.probability
    if faults.has_below(keys):
        return None
    if abs(total - 1.0) > _ROUNDING:
        message = (
            f"the probabilities add up to {total:.6g} with those beyond, and must to 1"
        )
        faults.add((*keys, "pmf"), message)
        return None
    return CountDistribution(
        tuple(shares), count.beyond.probability, count.beyond.ratio
    )
