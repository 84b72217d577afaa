"""The map of an import: who of the file is who in a scenario, and what is read where.

It is a short YAML file, which is drafted from the event data where there is none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, field_validator

from sim.errors import Hinted, one_of
from sim.ladder import ACTS, name_of
from sim.reading.structure import NAME, OneOrMore, SchemaOne, Section, Words
from sim.scenario.event_table import AMOUNTS, OTHER, OUTSIDE, UNKNOWN
from sim.scenario.schema import Day

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

SKIP: Final = "skip"
"""What stands for an actor or an act whose rows are left out."""
BLANK: Final = "?"
"""What a draft leaves to be filled in."""
TOTAL: Final = "killed"
"""The column of the dead of all sides together."""
NEEDED: Final = ("date_start", "act", "actor")
READ: Final = (
    *NEEDED, "mode", "target", "site", "date_end", "date_precision", "id", TOTAL,
    *AMOUNTS,
)  # fmt: skip
"""What may be read of a file: columns of a record, the mode of a PLOVER event, and the
dead of all sides together."""
_MOST_SITES: Final = 20
_WHO: Final = re.compile(rf"{NAME}|{OUTSIDE}\S.*")
_WHO_TEXT: Final = f"an actor of the scenario, {UNKNOWN}, {OUTSIDE}NAME, or {SKIP}"
_ACTS: Final = (*(name_of(row.act) for row in ACTS[1:]), OTHER, SKIP)


def _filled(raw: object) -> object:
    if raw == BLANK:
        message = "is not filled in"
        raise ValueError(message)
    return raw


def _name(raw: object) -> object:
    _filled(raw)
    if isinstance(raw, str) and not _WHO.fullmatch(raw):
        message = f"{raw!r} is no name such as united_states, and no {OUTSIDE}NAME"
        raise ValueError(message)
    return raw


def _one_of(allowed: Sequence[str]) -> BeforeValidator:
    def checked(raw: object) -> object:
        if raw not in allowed:
            message = f"{raw!r} is not allowed; allowed: {one_of(allowed)}"
            raise ValueError(Hinted(message, str(raw), allowed))
        return raw

    return BeforeValidator(checked)


_Name = Annotated[str, BeforeValidator(_name)]


class EventMap(Section):
    """How the rows of a file are read."""

    schema_: SchemaOne = Field(alias="schema", description="version of the format, 1")
    source: OneOrMore = []
    """Ids of where all rows are from."""
    period: list[Day] = []
    """First and last day that the file covers; rows of other days are left out."""
    dates: Literal["day/month/year", "month/day/year", "yearmonthday"] | None = None
    """How days are written that are told in figures, but not as 2031-03-04."""
    acts: dict[str, Annotated[str, _one_of(_ACTS)]] = {}
    """By code, what it means where it is not what the table of codes says."""
    actors: dict[str, _Name] = {}
    """By name in the file, who it is in the scenario; `skip` leaves its rows out."""
    unlisted: _Name | None = None
    """Who an actor is that `actors` does not list; each is a fault otherwise."""
    sites: dict[str, _Name] = {}
    killed: dict[str, Literal["foreign", "host", "civilian", "militia", "other"]] = {}
    """By target as the scenario calls it, whose dead a total is, less those of the
    sides that have a column; `other` unless it is told."""

    @field_validator("period")
    @classmethod
    def _ends(cls, period: list[str]) -> list[str]:
        if period != sorted(period) or len(period) != 2:
            message = "is no pair of a first and a last day"
            raise ValueError(message)
        return period


class AcledMap(EventMap):
    """The same for a file of ACLED, whose columns are known."""

    coding: ClassVar = "acled"
    columns: ClassVar[Mapping[str, str]] = {
        "date_start": "event_date",
        "act": "sub_event_type",
        "actor": "actor1",
        "target": "actor2",
        "site": "location",
        "date_precision": "time_precision",
        "id": "event_id_cnty",
        TOTAL: "fatalities",
    }


class CsvMap(EventMap):
    """The same for any other table, which says what its columns hold."""

    coding: Literal["acts", "acled", "cameo", "plover"]
    """To which scheme the codes belong; `acts` are the names of our own."""
    columns: dict[
        Annotated[str, _one_of(READ)], Annotated[Words, BeforeValidator(_filled)]
    ]
    """By what is read, the column of the file."""

    @field_validator("columns")
    @classmethod
    def _needed(cls, columns: dict[str, str]) -> dict[str, str]:
        if lacking := [name for name in NEEDED if name not in columns]:
            message = f"does not say which column is {one_of(lacking)}"
            raise ValueError(message)
        return columns


AnyMap: TypeAlias = AcledMap | CsvMap
FORMS: Final[dict[str, type[AnyMap]]] = {"acled": AcledMap, "csv": CsvMap}
"""By the form of a file, what its map holds."""


def drafted_columns(header: Iterable[str]) -> str:
    """Return the part of a map that says what the columns of a file hold."""
    names = set(header)
    rows = [
        f"  {name}: {name if name in names else json.dumps(BLANK)}" for name in NEEDED
    ]
    rows += [f"  {name}: {name}" for name in READ if name in names - {*NEEDED}]
    return "\n".join(
        [
            "coding: acts  # or acled, cameo, plover: to what its codes belong",
            f"columns:  # of {_quoted(header)}",
            *rows,
            f"  # and where there are such: {', '.join(READ[len(NEEDED) :])}\n",
        ]
    )


def drafted_period(days: Iterable[date]) -> str:
    """Return the part that says which days a file covers, as far as its rows tell."""
    known = sorted(days)
    first, last = (known[0], known[-1]) if known else (BLANK, BLANK)
    return (
        f"period: [{first}, {last}]  # first and last day that the file covers\n"
        "# source: ID  # where it is from, an id of your sources.yaml\n"
        "# acts: {CODE: ACT}  # where a code means another act; skip leaves it out\n"
        "# killed: {ACTOR: foreign}  # whose dead a total is, by target\n"
    )


def drafted_names(actors: Counter[str], sites: Counter[str]) -> str:
    """Return the part that says who is who, with how often each was met."""
    listed = [
        f"  {_quoted([name])}: {_quoted([BLANK])}  # rows: {n}"
        for name, n in actors.most_common()
    ]
    places = [
        f"#   {_quoted([name])}: SITE  # rows: {n}"
        for name, n in sites.most_common(_MOST_SITES)
    ]
    return "\n".join(
        [
            f"actors:  # {_WHO_TEXT} (which leaves its rows out)",
            *listed,
            f"# unlisted: {SKIP}  # who others are; then their lines may go",
            f"# sites:  # a site of the scenario; others become {OUTSIDE}NAME",
            *places,
            "",
        ]
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(json.dumps(name, ensure_ascii=False) for name in names)
