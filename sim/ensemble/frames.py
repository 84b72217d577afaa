"""Logs and outcomes as tables: the one place that says how they are typed on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from sim.engine.log import (
    COLUMNS,
    EFFECT_COLUMNS,
    IncidentLog,
    Origin,
    RecordType,
    hexadecimal,
)
from sim.ensemble import arrow
from sim.ladder import Act
from sim.outcomes import outcomes_for
from sim.rules.behaviour import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from sim.scenario.scenario import Scenario

Table = Any
"""A `pyarrow.Table`; pyarrow ships no types."""

Schema = Any
"""A `pyarrow.Schema`."""

_NAME: Final = pa.dictionary(pa.int32(), pa.string())
_NAMED: Final = (
    "record_type", "actor", "act", "target", "site", "operation", "stage",
    "reported_actor", "origin",
)  # fmt: skip
_TYPES: Final[dict[str, Any]] = {
    "replication": pa.int64(),
    "time_days": pa.float64(),
    "identity": pa.string(),
    "cause": pa.string(),
    **dict.fromkeys(_NAMED, _NAME),
    **dict.fromkeys(EFFECT_COLUMNS, pa.int32()),
    "force": pa.float64(),
    "confidence": pa.float64(),
    "reported": pa.bool_(),
}

RECORD_SCHEMA: Final = pa.schema(
    [pa.field(name, _TYPES[name], nullable=False) for name in COLUMNS]
)
"""Typed columns of a table of records, in the order of `sim.engine.log.COLUMNS`."""

_ACTS: Final = tuple("" if act == Act.NONE else act.name.lower() for act in Act)
_NOTHING: Final = Effect()
_EFFECTS: Final = [Effect._fields.index(name) for name in EFFECT_COLUMNS]


def outcome_schema(scenario: Scenario, *, is_drawn: bool = False) -> Schema:
    """Return the typed columns of a table of outcomes.

    `replication`, and before it the `draw` of the parameters where there are such;
    `error` and `repeat` (empty unless the replication failed); then the outcomes as
    doubles, nan where undefined.
    """
    draw = [pa.field("draw", pa.int64(), nullable=False)] if is_drawn else []
    return pa.schema(
        [
            *draw,
            pa.field("replication", pa.int64(), nullable=False),
            pa.field("error", pa.string(), nullable=False),
            pa.field("repeat", pa.string(), nullable=False),
            *(
                pa.field(name, pa.float64(), nullable=False)
                for name in outcomes_for(scenario)
            ),
        ]
    )


def outcome_table(
    scenario: Scenario,
    numbers: Sequence[int],
    values: Mapping[str, Any],
    finished: Sequence[int],
    failed: Mapping[int, tuple[str, str]],
    draws: Sequence[int] | None = None,
) -> Table:
    """Return outcomes as a table, one row a replication.

    Parameters
    ----------
    scenario
        Names the outcomes.
    numbers
        The replications, in order.
    found
        Each outcome of those that did not fail, shape (kept,).
    kept
        Their numbers, in order.
    failed
        What went wrong in the others, and the command that repeats it; their outcomes
        are nan.
    draws
        The parameter draw of each, where there are such.
    """
    schema = outcome_schema(scenario, is_drawn=draws is not None)
    is_finished = np.isin(np.asarray(numbers, np.int64), np.asarray(finished, np.int64))
    blank = ("", "")
    columns: dict[str, Any] = {
        "replication": arrow.numbers(np.asarray(numbers, np.int64)),
        "error": arrow.texts([failed.get(n, blank)[0] for n in numbers]),
        "repeat": arrow.texts([failed.get(n, blank)[1] for n in numbers]),
    }
    if draws is not None:
        columns["draw"] = arrow.numbers(np.asarray(draws, np.int64))
    for name in outcomes_for(scenario):
        column = np.full(len(numbers), np.nan)
        column[is_finished] = values[name]
        columns[name] = arrow.numbers(column)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def record_table(logs: Iterable[IncidentLog]) -> Table:
    """Return the records of some logs as one table, in the order of the logs."""
    parts = [_one_log(log) for log in logs]
    if not parts:
        return RECORD_SCHEMA.empty_table()
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def record_frame(log: IncidentLog) -> pd.DataFrame:
    """Return a log's records as a DataFrame; its columns are the log's contract.

    Parameters
    ----------
    log
        The log of one replication.

    Returns
    -------
    pandas.DataFrame
        One row a record, in order. Names are categories, empty for none; times are
        days since the scenario's start.
    """
    return record_table([log]).to_pandas()


def _one_log(log: IncidentLog) -> Table:
    """Return one log's records; names are numbers into fixed dictionaries."""
    if not log.records:
        return RECORD_SCHEMA.empty_table()
    (time, kinds, identity, cause, actor, act, target, site, operation, stage, effects,
     confidence, origin) = zip(*log.records, strict=True)  # fmt: skip
    is_reported, reported_actor = zip(*log.reports, strict=True)
    n = len(time)
    stages = [name for names in log.stages for name in names]
    first = [0]
    for names in log.stages:
        first.append(first[-1] + len(names))
    coded = [
        first[o] + s if s >= 0 else -1 for o, s in zip(operation, stage, strict=True)
    ]
    numbers = np.zeros((n, len(EFFECT_COLUMNS)))
    with_effect = [row for row, effect in enumerate(effects) if effect != _NOTHING]
    if with_effect:
        written = np.array([effects[row] for row in with_effect])
        numbers[with_effect] = written[:, _EFFECTS]
    columns: dict[str, Any] = {
        "replication": np.full(n, log.replication, np.int64),
        "time_days": np.array(time),
        "record_type": _coded(kinds, [t.name.lower() for t in RecordType]),
        "identity": [hexadecimal(value) for value in identity],
        "cause": [hexadecimal(value) for value in cause],
        "actor": _coded(actor, log.actors),
        "act": _coded(act, _ACTS),
        "target": _coded(target, log.actors),
        "site": _coded(site, log.sites),
        "operation": _coded(operation, log.operations),
        "stage": _coded(coded, stages),
        "confidence": np.array(confidence, np.float64),
        "reported": np.array(is_reported, bool),
        "reported_actor": _coded(reported_actor, log.actors),
        "origin": _coded(origin, [o.name.lower() for o in Origin]),
    }
    for number, name in enumerate(EFFECT_COLUMNS):
        columns[name] = (
            numbers[:, number]
            if name == "force"
            else numbers[:, number].astype(np.int32)
        )
    return pa.table([columns[name] for name in COLUMNS], schema=RECORD_SCHEMA)


def _coded(codes: Sequence[int], names: Sequence[str]) -> Any:
    """Return names by number, -1 being the empty name; names may come twice."""
    every = (*names, "")
    unique = list(dict.fromkeys(every))
    place = np.array([unique.index(name) for name in every], np.int32)
    indices = place[np.array(codes, np.int64)]  # -1 takes the last, the empty name
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(unique))
