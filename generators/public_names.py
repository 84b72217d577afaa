"""What is public by name, and what was: verbs and functions of ``docs/releases.md``.

A name that the page has and the code has not was public and is gone. The page may only
be renewed when its section on what is deprecated and removed says so.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Final

import typer
from model_tables import code, codes, table
from reference_tables import commands

import sim
from sim.cli.app import app

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "releases.md"
GONE_HEADING: Final = "## Deprecated and removed"


def options() -> dict[str, list[str]]:
    """Return the options of the command and of each verb, long and short."""
    command = typer.main.get_command(app)
    every = {"escalade": command} | dict(commands())
    return {
        name: [
            option
            for parameter in each.params
            if parameter.param_type_name == "option" and not parameter.hidden
            for option in (*parameter.opts, *parameter.secondary_opts)
        ]
        for name, each in every.items()
    }


def verbs() -> str:
    """Return a table of the verbs with their options."""
    rows = [(code(verb), codes(named)) for verb, named in options().items()]
    return table(("Verb", "Options"), rows)


def functions() -> str:
    """Return a table of the names of ``sim``, with what each is."""
    return table(("Name", "Is"), ((code(f"sim.{n}"), _is(n)) for n in sim.__all__))


def _is(name: str) -> str:
    if name == "__version__":
        return "The version, text."
    return (
        (inspect.getdoc(getattr(sim, name)) or "").split("\n\n")[0].replace("\n", " ")
    )


def public_names() -> set[str]:
    """Return every public name that the code has, such as `escalade run --until`."""
    every = {f"sim.{name}" for name in sim.__all__}
    for verb, named in options().items():
        every |= {verb, *(f"{verb} {option}" for option in named)}
    return every


def names_in(page: str) -> set[str]:
    """Return the public names that the tables of a page list.

    >>> sorted(names_in("| `escalade run` | `-n`, `--until` |"))
    ['escalade run', 'escalade run --until', 'escalade run -n']
    """
    names: set[str] = set()
    tables = page.partition(GONE_HEADING)[0]
    for name, rest in re.findall(r"^\| `([^`]+)` \|(.*)\|$", tables, re.MULTILINE):
        if name.startswith(("escalade", "sim.")):
            names.add(name)
        if name.startswith("escalade"):
            names |= {f"{name} {each}" for each in re.findall(r"`(-[^`]+)`", rest)}
    return names


def gone(page: str) -> set[str]:
    """Return the names that a page lists as deprecated or removed."""
    section = page.partition(GONE_HEADING)[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def gone_unsaid(page: str | None = None) -> list[str]:
    """Return what a page lists as public, the code no longer has, and nothing says."""
    page = PAGE.read_text("utf-8") if page is None else page
    return sorted(names_in(page) - public_names() - gone(page))
