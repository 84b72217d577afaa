"""The file of a forecast: JSON, one answer a line, written whole, read strictly.

JSON is YAML too, so the strict reader of scenarios reads it, and a fault has its line.
"""

from __future__ import annotations

from datetime import date
from json import dumps
from typing import TYPE_CHECKING, Any, Final

from sim.errors import Fault, Hinted, ScenarioError, nearest, one_of
from sim.forecasts.forecast import SCHEMA, Answer, Forecast, as_data
from sim.reading.strict_yaml import Document, read
from sim.record.question import COUNT, QUESTIONS
from sim.statistics.count_distribution import CountDistribution

if TYPE_CHECKING:
    from pathlib import Path

_REQUIRED: Final = ("schema", "forecaster", "scenario", "origin", "end", "answers")
_TEXTS: Final = ("scenario_digest", "posterior_digest", "made")
_COUNTS: Final = ("root_seed", "draws", "replications")
_KEYS: Final = (*_REQUIRED, *_TEXTS, *_COUNTS, "actors", "versions")
_ANSWER_KEYS: Final = {
    "count": ("kind", "question", "pmf", "beyond"),
    "event": ("kind", "question", "probability"),
}
_ROUNDING: Final = 1e-5
"""How far the shares of a distribution may be from adding up to 1."""


def write_forecast(file: Path, forecast: Forecast) -> None:
    """Write a forecast whole, or not at all; equal forecasts have equal bytes."""
    from sim.files import write_bytes

    write_bytes(file, forecast_text(forecast).encode())


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
    document = read(file)
    return _Reading(document).forecast()


def _json(value: Any) -> str:
    return dumps(value, ensure_ascii=False)


class _Reading:
    """The reading of one file; collects what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = []

    def forecast(self) -> Forecast:
        data: Any = self.document.data
        if not isinstance(data, dict):
            self.fault((), "holds no forecast but something else")
            self.refuse()
        self._keys((), data, _KEYS, _REQUIRED)
        schema: Any = data.get("schema", SCHEMA)
        if schema is True or schema != SCHEMA:
            self.fault(("schema",), f"is {schema!r}; known is {SCHEMA}")
        origin, end = (self._day(data, name) for name in ("origin", "end"))
        if origin and end and end <= origin:
            self.fault(("end",), f"{end} must come after the origin, {origin}")
        plain: dict[str, Any] = {
            name: self._text(data, name) for name in ("forecaster", "scenario", *_TEXTS)
        }
        plain |= {name: self._count(data, name) for name in _COUNTS}
        actors, versions = self._actors(data), self._versions(data)
        answers = self._answers(data.get("answers"))
        self.refuse()
        assert origin is not None  # else there was a fault
        assert end is not None
        return Forecast(
            origin=origin,
            end=end,
            answers=answers,
            actors=actors,
            versions=versions,
            **plain,
        )

    def fault(self, keys: tuple[str | int, ...], message: str) -> None:
        line, column = self.document.position(keys)
        where = ".".join(map(str, keys))
        self.faults.append(Fault(line, column, where, message))

    def refuse(self) -> None:
        if self.faults:
            raise ScenarioError(self.document.path, self.faults)

    def _keys(
        self,
        at: tuple[str | int, ...],
        data: dict[str, Any],
        allowed: tuple[str, ...],
        required: tuple[str, ...],
    ) -> None:
        for name in data:
            if name not in allowed:
                message = f"is not known here; known: {one_of(allowed)}"
                self.fault((*at, name), Hinted(message, name, allowed))
        for name in required:
            if name not in data:
                self.fault(at, f"lacks {name!r}")

    def _day(self, data: dict[str, Any], name: str) -> date | None:
        told = data.get(name)
        if told is None:
            return None
        try:
            return date.fromisoformat(told)
        except (TypeError, ValueError):
            self.fault((name,), f"{told!r} is not a day such as 2020-07-06")
            return None

    def _text(self, data: dict[str, Any], name: str) -> str:
        told = data.get(name, "")
        if not isinstance(told, str):
            self.fault((name,), f"{told!r} must be a text")
            return ""
        return told

    def _count(self, data: dict[str, Any], name: str) -> int:
        told = data.get(name, 0)
        if not isinstance(told, int) or isinstance(told, bool) or told < 0:
            self.fault((name,), f"{told!r} must be a whole number, not below 0")
            return 0
        return told

    def _actors(self, data: dict[str, Any]) -> tuple[str, ...]:
        told = data.get("actors", [])
        if not isinstance(told, list) or not all(isinstance(x, str) for x in told):
            self.fault(("actors",), "must be a list of names")
            return ()
        return tuple(told)

    def _versions(self, data: dict[str, Any]) -> dict[str, str]:
        told = data.get("versions", {})
        if not isinstance(told, dict):
            self.fault(("versions",), "must be names with their versions")
            return {}
        return {name: str(version) for name, version in told.items()}

    def _answers(self, told: Any) -> dict[str, Answer]:
        if told is None:
            return {}
        if not isinstance(told, dict) or not told:
            self.fault(("answers",), "must be answers by question; there is none")
            return {}
        found: dict[str, Answer] = {}
        for name, answer in told.items():
            at = ("answers", name)
            if name not in QUESTIONS:
                self.fault(
                    at,
                    f"is not a question; questions: {one_of(QUESTIONS)}"
                    f"{nearest(name, QUESTIONS)}",
                )
                continue
            kind = QUESTIONS[name].kind
            if not isinstance(answer, dict) or answer.get("kind", kind) != kind:
                self.fault(at, f"must be an answer of kind {kind!r}")
                continue
            keys = _ANSWER_KEYS[kind]
            self._keys(at, answer, keys, keys[2:])
            if any(key not in answer for key in keys[2:]):
                continue
            if kind == COUNT:
                counts = self._distribution(at, answer)
                if counts is not None:
                    found[name] = counts
            elif self._is_inside((*at, "probability"), answer["probability"]):
                found[name] = float(answer["probability"])
        return {name: found[name] for name in QUESTIONS if name in found}

    def _is_inside(self, at: tuple[str | int, ...], told: Any) -> bool:
        is_number = isinstance(told, int | float) and not isinstance(told, bool)
        if not is_number or not 0.0 < told < 1.0:
            self.fault(
                at,
                f"{told!r} must be a number inside (0, 1): of what is said to be "
                "certain the log score can be infinite",
            )
            return False
        return True

    def _distribution(
        self, at: tuple[str, str], answer: dict[str, Any]
    ) -> CountDistribution | None:
        pmf, beyond = answer["pmf"], answer["beyond"]
        n_faults = len(self.faults)
        if not isinstance(pmf, list) or not pmf:
            self.fault((*at, "pmf"), "must be a list of [count, probability]")
        else:
            for number, row in enumerate(pmf):
                if not isinstance(row, list) or len(row) != 2 or row[0] != number:
                    self.fault(
                        (*at, "pmf", number),
                        f"must be [{number}, probability]: counts from 0 on, none "
                        "left out",
                    )
                    break
                self._is_inside((*at, "pmf", number, 1), row[1])
        if not isinstance(beyond, dict):
            self.fault((*at, "beyond"), "must hold a probability and a ratio")
        else:
            names = ("probability", "ratio")
            self._keys((*at, "beyond"), beyond, names, names)
            for name in names:
                if name in beyond:
                    self._is_inside((*at, "beyond", name), beyond[name])
        if len(self.faults) > n_faults:
            return None
        shares = tuple(float(row[1]) for row in pmf)
        total = sum(shares) + beyond["probability"]
        if abs(total - 1.0) > _ROUNDING:
            self.fault(
                (*at, "pmf"),
                f"the probabilities add up to {total:.6g} with those beyond, and must "
                "to 1",
            )
            return None
        return CountDistribution(
            shares, float(beyond["probability"]), float(beyond["ratio"])
        )
