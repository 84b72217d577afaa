"""What is public is listed, and does not go without a word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "releases.md").read_text("utf-8")


@pytest.fixture
def names(generator: Generator) -> ModuleType:
    """Return ``generators/public_names.py`` as a module."""
    return generator("public_names")


def test_every_public_name_is_listed(names: ModuleType) -> None:
    """Verbs, their options and the names of `sim` are those of the page."""
    assert names.names_in(PAGE) == names.public_names()


@pytest.mark.parametrize("name", ["sim.load", "escalade rerun", "escalade run --until"])
def test_nothing_public_goes_without_a_word(
    names: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A name that the code no longer has is found until the page says that it went."""
    left = names.public_names() - {name}
    monkeypatch.setattr(names, "public_names", lambda: left)
    assert names.gone_unsaid(PAGE) == [name]
    row = f"{names.GONE_HEADING}\n\n| `{name}` | 0.3.0 | – | another |\n"
    assert names.gone_unsaid(PAGE.replace(names.GONE_HEADING, row)) == []


def test_what_went_is_gone_and_in_the_changelog(names: ModuleType) -> None:
    """A name that is listed as removed is not there, and CHANGELOG tells of it."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    section = PAGE.partition(names.GONE_HEADING)[2].partition("\n## ")[0]
    rows = [
        line.strip("| ").split(" | ") for line in section.splitlines() if "`" in line
    ]
    assert rows
    for name, _, removed, _ in rows:
        if removed != "–":
            assert name.strip("`") not in names.public_names()
            assert name in changelog
