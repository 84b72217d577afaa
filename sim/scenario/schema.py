"""The scenario file as people write it: its sections, and the schema for editors.

Each kind's section is generated from its table of parameters, so a new parameter is
legal in a file as soon as it stands in the rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    create_model,
    model_validator,
)

from sim.files import write_text
from sim.reading.scalar import shorten, shown
from sim.reading.slot import (
    ACT_NAMES,
    EXPOSED,
    LIMITS,
    OBSERVATION,
    PRESENCE,
    REACH,
    SCALE,
    table_of,
)
from sim.reading.structure import (
    DAY,
    NAME,
    Name,
    OneOrMore,
    Section,
    Text,
    known_schema,
)
from sim.rules.behaviour import Effect, Kind, Parameter, Role
from sim.rules.means import DEFENCE, MEANS, OPPORTUNITY
from sim.rules.registry import KINDS
from sim.scenario.beside import BESIDE
from sim.scenario.calendar import day_of
from sim.scenario.gone import gone_messages
from sim.scenario.scenario import INJECTED, PARTICLES
from sim.sources import SOURCE_ID, Basis
from sim.units import canonical_unit, legal_units, parse_quantity

MOMENT = rf"{DAY}(T\d{{2}}:\d{{2}})?"
UNCOUNTED = ("interdiction", "force", "means")
"""Fields of an effect that are no counts: no incident is given them."""
COUNTED = tuple(name for name in Effect._fields if name not in UNCOUNTED)

Label: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_ACT: Any = Annotated[str, Field(json_schema_extra={"enum": [*ACT_NAMES]})]
_MEANS_ACT: Any = Literal["rocket_attack", "convoy_bomb"]
_PARAMETER: Any = Annotated[
    str, Field(json_schema_extra={"pattern": rf"^actors\.{NAME}\.{NAME}$"})
]


_SOURCE_SCHEMA: dict[str, Any] = {
    "description": "id in the source record, or a list of ids",
    "anyOf": [
        {"type": "string", "pattern": f"^{SOURCE_ID}$"},
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
    ],
}
SourceIds: TypeAlias = Annotated[OneOrMore, WithJsonSchema(_SOURCE_SCHEMA)]


def _day(raw: Any) -> Any:
    if not isinstance(raw, str):
        message = f"{shown(raw)} is not a date; write it like 2019-10-28, in quotes"
        raise ValueError(message)
    day_of(raw)
    return raw


Day: TypeAlias = Annotated[str, BeforeValidator(_day)]
"""A day of the calendar, as text."""


class Quantity(Section):
    """A number with unit, basis, source and range; or its short form."""

    value: float
    unit: str = "1"
    basis: Literal["measured", "coded", "calibrated", "assumed"] = "assumed"
    source: SourceIds = []
    range: list[float] = []
    """Low and high; where it is empty, the parameter's own range holds."""
    note: Text = ""
    manifest: Text = ""
    """What a calibration was made with; required where the basis is calibrated."""

    @model_validator(mode="before")
    @classmethod
    def expand(cls, raw: Any) -> Any:
        """Read the short form, a number or a text such as ``1.1/week``."""
        if isinstance(raw, str):
            value, unit = parse_quantity(raw)
        elif isinstance(raw, int | float) and not isinstance(raw, bool):
            return {"value": raw}
        elif isinstance(raw, dict):
            return raw  # pyright: ignore[reportUnknownVariableType]
        else:
            given = "a list" if isinstance(raw, list) else shorten(str(raw).lower())
            message = f"{given} is not a quantity; write it like 1.1/week, 45 % or 0.5"
            raise ValueError(message)
        return {"value": value, "unit": unit}


def meaning_of(row: Parameter) -> str:
    """Return meaning, range and unit of a parameter in one line.

    >>> from sim.rules.registry import KINDS
    >>> meaning_of(table_of(KINDS["militia"])["obedience"])
    'probability of obeying a full order, [0, 1]'
    """
    unit = canonical_unit(row.dimension)
    shown = "" if unit == "1" else f" {unit}"
    return f"{row.meaning}, [{row.low:.12g}, {row.high:.12g}]{shown}"


def _number(row: Parameter) -> Any:
    """Return the annotation of a number that a parameter describes."""
    units = [*legal_units(row.dimension)]
    full = {
        "type": "object",
        "properties": {
            "value": {"type": "number"},
            "unit": {"enum": units},
            "basis": {"enum": [basis.value for basis in Basis]},
            "source": _SOURCE_SCHEMA,
            "range": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2,
                "description": "what sweeps and calibration may explore, in `unit`",
            },
            "note": {"type": "string"},
            "manifest": {"type": "string"},
        },
        "required": ["value"],
        "additionalProperties": False,
    }
    forms: list[dict[str, Any]] = [{"type": "string"}, full]
    if "1" in units:
        forms.insert(0, {"type": "number"})
    schema: dict[str, Any] = {"description": meaning_of(row), "anyOf": forms}
    if row.default is not None:
        schema["default"] = row.default
    return Annotated[
        Quantity, Field(description=meaning_of(row)), WithJsonSchema(schema)
    ]


def _fields(rows: Mapping[str, Parameter]) -> dict[str, Any]:
    return {
        name: (_number(row), ...) if row.default is None else _optional(_number(row))
        for name, row in rows.items()
    }


def _section(name: str, fields: Mapping[str, Any]) -> type[Section]:
    """Make the model of a section; every section may carry a note."""
    given: dict[str, Any] = {**fields, "note": (Text, "")}
    model = create_model(name, __base__=Section, **given)
    model.gone = gone_messages(name.lower())
    return model


def _optional(annotation: Any) -> Any:
    """Make a field that may be left out; null is no way to leave it out."""
    return annotation, Field(default_factory=lambda: None)


VERSION: Final = 2
"""Version of the form: its number in a file under `schema`."""

_Form: TypeAlias = Annotated[Literal[2], BeforeValidator(known_schema(VERSION))]
"""The version of the form."""
_DAY = Annotated[str, Field(json_schema_extra={"pattern": f"^{DAY}$"})]
_MOMENT = Annotated[str, Field(json_schema_extra={"pattern": f"^{MOMENT}$"})]
_COUNT = Annotated[int, Field(ge=0, le=1_000_000)]
_ANY_NUMBER = Annotated[
    Quantity, WithJsonSchema({"description": "a number in the parameter's dimension"})
]

_LIMITS = _section("Limits", _fields(LIMITS))
_OBSERVATION = _section("Observation", _fields(OBSERVATION))
_SITE = _section(
    "Site",
    {
        "label": _optional(Label),
        "latitude": (Annotated[float, Field(ge=-90, le=90)], ...),
        "longitude": (Annotated[float, Field(ge=-180, le=180)], ...),
        "soil": _optional(Name),
        "presence": (dict[Name, _number(PRESENCE)], {}),
        "defences": (dict[Name, _number(DEFENCE)], {}),
        **_fields(EXPOSED),
    },
)
_MEANS = _section(
    "Means",
    {
        "label": _optional(Label),
        "act": _optional(_MEANS_ACT),
        **_fields(MEANS),
    },
)
_INCIDENT = _section(
    "Incident",
    {
        "act": (_ACT, ...),
        "actor": (Name, ...),
        "target": _optional(Name),
        "site": _optional(Name),
        "played": (bool, False),
        **{name: (_COUNT, 0) for name in COUNTED},
    },
)
_CHANGES = {
    how: _section(how.title(), {"parameter": (_PARAMETER, ...), key: (number, ...)})
    for how, key, number in (
        ("set", "to", _ANY_NUMBER),
        ("scale", "by", _number(SCALE)),
        ("add", "by", _ANY_NUMBER),
    )
}
_DEVELOPMENT = _section(
    "Development",
    {
        "id": (Name, ...),
        "date": (_MOMENT, ...),
        "known_from": _optional(_MOMENT),
        "source": (SourceIds, []),
        "confidence": _optional(Literal["high", "medium", "low"]),
        **{how: _optional(model) for how, model in _CHANGES.items()},
        "incident": _optional(_INCIDENT),
    },
)


_FACADE = _section(
    "Facade",
    {
        "label": _optional(Label),
        "owner": (Name, ...),
        "since": (_DAY, ...),
        "source": (SourceIds, []),
    },
)


def _actor_model(name: str, kind: Kind) -> type[Section]:
    """Make the model of one kind's section from its table of parameters."""
    table = table_of(kind)
    fields: dict[str, Any] = {
        "kind": (Literal[name], ...),
        "label": _optional(Label),
        "roles": (_section(f"{name}_roles", _role_fields(kind.roles)), {}),
    }
    if kind.site_weight is not None:
        fields["reach"] = (dict[Name, _number(REACH)], {})
    if kind.means_weight is not None:
        fields["means"] = (dict[Name, _number(OPPORTUNITY)], {})
    if taken := {*fields, "note"} & table.keys():
        message = f"{name}: a parameter cannot be named {', '.join(sorted(taken))}"
        raise TypeError(message)
    return _section(name, fields | _fields(table))


def _role_fields(roles: tuple[Role, ...]) -> dict[str, Any]:
    return {
        role.name: (
            Annotated[list[Name], Field(description=role.meaning)],
            ... if role.is_required else [],
        )
        for role in roles
    }


def file_model(kinds: Mapping[str, Kind]) -> type[Section]:
    """Return the model of a whole scenario file, given the kinds of actor.

    Parameters
    ----------
    kinds
        Kinds by the name that a file uses, such as `sim.rules.registry.KINDS`.
    """
    return _file_model(tuple(kinds.items()))


@lru_cache(maxsize=16)
def _file_model(kinds: tuple[tuple[str, Kind], ...]) -> type[Section]:
    actors = [_actor_model(name, kind) for name, kind in kinds]
    actor: Any = actors[0]
    for other in actors[1:]:
        actor = actor | other
    if len(actors) > 1:
        actor = Annotated[actor, Field(discriminator="kind")]
    return _section(
        "Scenario",
        {
            "schema_": (_Form, Field(alias="schema")),
            "id": (Name, ...),
            "title": (Label, ...),
            "status": (Literal["draft", "provisional", "checked"], ...),
            "start": (_DAY, ...),
            "end": (_DAY, ...),
            "utc_offset_hours": (Annotated[float, Field(ge=-12, le=14)], ...),
            **{key: (Label, "") for key in BESIDE},
            "free_from": (_DAY, ""),
            "past": (Literal["injected", "filtered"], INJECTED),
            "particles": (Annotated[int, Field(ge=2, le=1_000_000)], PARTICLES),
            "exogenous": (list[_ACT], []),
            "limits": (_LIMITS, {}),
            "means": (dict[Name, _MEANS], {}),
            "sites": (dict[Name, _SITE], {}),
            "actors": (dict[Name, actor], ...),
            "facades": (dict[Name, _FACADE], {}),
            "observations": (dict[_ACT, _OBSERVATION], {}),
            "developments": (list[_DEVELOPMENT], []),
        },
    )


def json_schema(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors.

    It describes every field with its meaning, range, unit and default, as a file or a
    sibling may write it (`sim.scenario.form`). What only the whole file can tell, such
    as whether an actor exists, is checked by `sim.scenario.check`.
    """
    schema = file_model(kinds).model_json_schema(by_alias=True)
    places: dict[str, Any] = schema["$defs"]
    number: dict[str, Any] = {
        "anyOf": [{"type": "number"}, {"type": "string"}, {"type": "object"}]
    }
    texts: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    of_kinds = {name: _shareable(places, name) for name in kinds}
    of_sites = {"additionalProperties": _shareable(places, "Site")}
    for name in kinds:  # what is left out is shared, or a default
        places[name]["required"] = ["kind"]
    places["Site"]["properties"]["class"] = {
        "type": "string",
        "description": "under shared.sites, what it has in common with others",
    }
    schema["properties"] |= {
        "shared": {
            "description": "what all actors of a kind, or sites of a class, share",
            "properties": {
                "actors": _mapping({"properties": of_kinds}),
                "sites": {"type": "object", **of_sites},
            },
            "type": "object",
            "additionalProperties": False,
        },
        "based_on": {
            "description": "the scenario from which this one, its sibling, differs",
            "type": "string",
            "pattern": f"^{NAME}$",
        },
        "changes": {
            "description": "a sibling's own values, by path",
            "type": "object",
            "additionalProperties": number,
        },
        "absent": {"description": "actors that a sibling has not", **texts},
        "cancels": {"description": "developments that a sibling has not", **texts},
    }
    required = schema.pop("required")
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {
        "$schema": dialect,
        **schema,
        "title": f"escalade scenario, schema {VERSION}",
        "required": ["schema", "id", "title"],
        "if": {"required": ["based_on"]},
        "else": {"required": required},
    }


SCHEMA_FILE: Final = "scenario.schema.json"
"""Where the first line of a scenario's file has editors look, beside the file."""

SCHEMA_LINE: Final = f"# yaml-language-server: $schema={SCHEMA_FILE}"


def write_schema(folder: Path) -> Path:
    """Write the JSON Schema of the kinds that ship into a folder; return the file."""
    text = json.dumps(json_schema(KINDS), ensure_ascii=False) + "\n"
    file = folder / SCHEMA_FILE
    write_text(file, text)
    return file


def _mapping(described: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, **described}


def _shareable(places: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the schema of what entries of a section may share."""
    properties = {
        key: {"$ref": f"#/$defs/{name}/properties/{key}"}
        for key in places[name]["properties"]
        if key not in ("kind", "label", "latitude", "longitude", "note")
    }
    return _mapping({"properties": properties})
