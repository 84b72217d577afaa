"""The tables of ``docs/reference.md``, read off the code.

What a key of a scenario file means stands here, since the schema has no words for it;
a key without words, and words without a key, are errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import typer
from model_tables import code, codes, number, table

from sim import errors, units
from sim.cli.app import app
from sim.docstrings import field_texts
from sim.engine.log import COLUMNS, EFFECT_COLUMNS, Origin, RecordType
from sim.ensemble.frames import LOG_SCHEMA
from sim.reading.slot import EXPOSED, LIMITS, OBSERVATION, PRESENCE, REACH
from sim.rules.behaviour import Effect, parameter_table
from sim.rules.means import DEFENCE, MEANS, OPPORTUNITY
from sim.rules.registry import KINDS
from sim.scenario.schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sim.rules.behaviour import Kind, Parameter

KEYS: Final = {
    "schema": "version of the form; always 2",
    "id": "name of the scenario, as in `my_theatre_2019`",
    "based_on": "the scenario of which this one is a sibling: the id of a file beside "
    "it, or of one that ships",
    "title": "what a reader is shown",
    "status": "`draft`, numbers of your own; or of a coded one `provisional`, "
    "and `checked` once its numbers were typed again, blind",
    "start": "first day, ISO 8601; day 0 begins at 00:00 local time",
    "end": "first day that is no longer part of it",
    "utc_offset_hours": "local time less UTC",
    "record": "what `--from` puts in: a CSV file in the scenario's folder, or the id "
    "of a record that ships ([how](howto-record.md))",
    "sources": "a YAML file in its folder, on top of the sources that ship",
    "targets": "the record's statistics: a YAML file in its folder, or the id of those "
    "that ship",
    "free_from": "day until which the record is put in always",
    "past": "how: `injected` as it is, into whatever world; `filtered`, into worlds "
    "chosen by how likely it was in them",
    "particles": "among how many worlds a filtered past is chosen",
    "exogenous": "acts that happen only when a development puts them in",
    "facades": "by name: label, owner, since and source of a name that an actor claims "
    "under from that day on; it has no arms and nobody strikes it",
    "limits": "conventions of the model",
    "means": "means of attack by name",
    "shared": "`actors`, by kind, and `sites`, by class: what all of these say, each "
    "but for what it says itself",
    "sites": "by name: where people may be hit, and who is there",
    "actors": "by name: who takes part; see the kinds below",
    "observations": "by act: what the press sees; an act left out is always reported",
    "developments": "list: what is taken as given from outside, with its date; in a "
    "sibling, those that it has of its own, or instead of its base's of the same id",
    "changes": "of a sibling: values by path, such as `actors.ACTOR.base_rate: 2/week`",
    "absent": "of a sibling: actors of its base that it has not",
    "cancels": "of a sibling: developments of its base that it has not",
    "note": "free text; every section may have one",
}
SITE_KEYS: Final = {
    "label": "what a reader is shown",
    "class": "under `shared`, what it has in common with others",
    "latitude": "degrees north, -90 to 90",
    "longitude": "degrees east, -180 to 180",
    "soil": "where there are several hosts: the one on whose soil it lies",
    "presence": "by actor: persons at the site at the start",
    "defences": "by means of attack: share of its rounds that are stopped; default: 0",
    **dict.fromkeys(EXPOSED, ""),
    "note": "free text",
}
MEANS_KEYS: Final = {
    "label": "what a reader is shown of its rounds, in the plural",
    "act": "`rocket_attack`, the default: at a site; or `convoy_bomb`: on the road",
    **dict.fromkeys(MEANS, ""),
    "note": "free text",
}
DEVELOPMENT_KEYS: Final = {
    "id": "name of the development",
    "date": "when, as `2020-05-07` or `2020-05-07T13:30`, local time",
    "known_from": "since when a forecaster could have known; default: `date`",
    "source": "id in the source record, or a list; required for an incident",
    "confidence": "`high`, `medium` or `low`: how sure the incident is",
    "set": "`parameter` (a path) and `to` (a number)",
    "scale": "`parameter` and `by`, a factor",
    "add": "`parameter` and `by`, in the parameter's dimension",
    "incident": "`act`, `actor`, `target`, `site` and counts, such as `killed_sponsor`",
    "note": "free text",
}
NUMBER_KEYS: Final = {
    "value": "the number",
    "unit": "see the units below; default: `1`",
    "basis": "`measured`, `coded`, `calibrated` or, the default, `assumed`",
    "source": "id in the source record, or a list; required unless assumed",
    "range": "low and high that a study may explore, in `unit`; default: the usual "
    "one of the parameter",
    "note": "the arithmetic behind it, or what is not known",
    "manifest": (
        "where calibrated: the JSON file beside the scenario, `#`, and the first 16 "
        "digits of the posterior's digest"
    ),
}
_OF_A_RECORD: Final = {
    "replication": "number of the replication",
    "time_days": "days since the scenario's start",
    "record_type": "",
    "identity": "128-bit name of what happened, 32 hexadecimal digits",
    "cause": "identity of the record that it answers, interrupts or completes; empty: "
    "none",
    "actor": "who did it; for a perception, who noticed",
    "act": "what was done; for a stage, what it prepares; for a perception, what was "
    "noticed",
    "target": "against whom; for a perception, who is held responsible",
    "site": "where; empty: nowhere in particular",
    "operation": "the operation it belongs to",
    "stage": "the stage that ended, for a stage",
    "confidence": "for a perception, the probability given to the actor held "
    "responsible",
    "reported": "whether the press reported it",
    "reported_actor": "whom the report names; empty: nobody",
    "origin": "",
}
_SAME_TABLES: Final = {"killed": "dead", "wounded": "wounded"}


# The command line.


def commands() -> Iterator[tuple[str, Any]]:
    """Yield each verb's words and its command, in the order of ``--help``."""

    def walk(words: tuple[str, ...], command: Any) -> Iterator[tuple[str, Any]]:
        if hasattr(command, "commands"):
            for name, inner in command.commands.items():
                yield from walk((*words, name), inner)
        else:
            yield " ".join(words), command

    yield from walk(("escalade",), typer.main.get_command(app))


def verbs() -> str:
    """Return a section for each verb with its arguments and options."""
    return "\n".join(_verb(name, command) for name, command in commands())


def _verb(name: str, command: Any) -> str:
    context = typer.Context(command)
    records = [p.get_help_record(context) for p in command.params]
    rows = [(code(_cell(usage)), _cell(text)) for usage, text in filter(None, records)]
    return f"### {name}\n\n{command.help.strip()}\n\n{table(('Word', 'Meaning'), rows)}"


def _cell(text: str) -> str:
    r"""Return a text that may stand in a cell of a table.

    >>> _cell("DATE|DAYS  [default: 1]")
    'DATE\\|DAYS [default: 1]'
    """
    return " ".join(text.split()).replace("|", r"\|")


# The scenario file.


def keys(section: str) -> str:
    """Return the keys of a section of the scenario file: ``file``, ``site`` ...

    Raises
    ------
    ValueError
        If a key of the schema has no words here, or the other way round.
    """
    schema = json_schema(KINDS)
    schema["required"] = schema["else"]["required"]
    parts: Mapping[str, Any] = {
        "file": (schema, KEYS),
        "site": (schema["$defs"]["Site"], SITE_KEYS | _meanings(EXPOSED)),
        "means": (schema["$defs"]["Means"], MEANS_KEYS | _meanings(MEANS)),
        "development": (schema["$defs"]["Development"], DEVELOPMENT_KEYS),
        "number": (_number_schema(schema), NUMBER_KEYS),
    }
    keys, words = parts[section]
    if different := keys["properties"].keys() ^ words.keys():
        message = f"keys of a {section} without words, or the reverse: {different}"
        raise ValueError(message)
    rows = [
        (code(key), "yes" if key in keys.get("required", ()) else "no", text)
        for key, text in words.items()
    ]
    return table(("Key", "Required", "Meaning"), rows)


def _number_schema(schema: Any) -> Any:
    latest = schema["$defs"]["Site"]["properties"]["exposed_host"]["anyOf"]
    return next(form for form in latest if form["type"] == "object")


def _meanings(rows: Mapping[str, Parameter]) -> dict[str, str]:
    return {name: row.meaning for name, row in rows.items()}


def numbers() -> str:
    """Return the numbers of a scenario that belong to no kind of actor."""
    every: list[tuple[str, Parameter]] = [
        *((f"limits.{name}", row) for name, row in LIMITS.items()),
        ("sites.SITE.presence.ACTOR", PRESENCE),
        *((f"sites.SITE.{name}", row) for name, row in EXPOSED.items()),
        ("sites.SITE.defences.MEANS", DEFENCE),
        *((f"means.MEANS.{name}", row) for name, row in MEANS.items()),
        ("actors.ACTOR.reach.SITE", REACH),
        ("actors.ACTOR.means.MEANS", OPPORTUNITY),
        *((f"observations.ACT.{name}", row) for name, row in OBSERVATION.items()),
    ]
    return _parameters(every, "Path")


def kind(of: Kind) -> str:
    """Return the roles and parameters of a kind of actor."""
    roles = table(
        ("Role", "Required", "May be filled by", "Meaning"),
        (
            (
                code(role.name),
                "yes" if role.is_required else "no",
                codes(role.kinds),
                role.meaning,
            )
            for role in of.roles
        ),
    )
    return f"{roles}\n{_parameters(parameter_table(of).items(), 'Parameter')}"


def _parameters(rows: Iterable[tuple[str, Parameter]], head: str) -> str:
    return table(
        (head, "Meaning", "Dimension", "Legal", "Usual", "Default"),
        (
            (
                code(name),
                row.meaning,
                str(row.dimension),
                f"{number(row.low)} to {number(row.high)}"
                + f" {units.canonical_unit(row.dimension).removesuffix('1')}".rstrip(),
                " to ".join(map(number, row.usual or (row.low, row.high))),
                "none" if row.default is None else number(row.default),
            )
            for name, row in rows
        ),
    )


def legal_units() -> str:
    """Return the units of each dimension."""
    return table(
        ("Dimension", "Kept inside as", "Units in a file"),
        (
            (
                str(dimension),
                code(units.canonical_unit(dimension)),
                codes(units.legal_units(dimension)),
            )
            for dimension in units.Dimension
        ),
    )


# Records and errors.


def columns() -> str:
    """Return the columns of a table of records with their types."""
    words = _OF_A_RECORD | {
        "record_type": codes(t.name.lower() for t in RecordType),
        "origin": codes(o.name.lower() for o in Origin),
    }
    texts = field_texts(Effect)
    for name in EFFECT_COLUMNS:
        table_name, _, side = name.partition("_")
        meaning = f"{_SAME_TABLES[table_name]} of the side: {side}" if side else ""
        words[name] = meaning or texts[name][:1].lower() + texts[name][1:].rstrip(".")
    rows = [(code(c), code(_type(LOG_SCHEMA.field(c).type)), words[c])
            for c in COLUMNS]  # fmt: skip
    return table(("Column", "Type", "Meaning"), rows)


def _type(arrow: Any) -> str:
    text = str(arrow)
    return "category" if text.startswith("dictionary") else text


def refusals() -> str:
    """Return every error with its exit code and meaning."""
    every: list[Any] = [errors.SimError, *errors.SimError.__subclasses__()]
    return table(
        ("Error", "Exit code", "Meaning"),
        ((code(e.__name__), str(e.exit_code), e.__doc__.split("\n")[0]) for e in every),
    )
