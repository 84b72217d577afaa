"""The reference: all of the code's words are in it, and none without a meaning."""

from pathlib import Path
from types import ModuleType

import pytest

from sim.engine.log import COLUMNS
from sim.outcomes import OUTCOMES
from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from tests.conftest import Generator

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def tables(generator: Generator) -> ModuleType:
    """Return ``generators/reference_tables.py`` as a module."""
    return generator("reference_tables")


def test_changed_page_is_stale_until_it_is_written_anew(
    generator: Generator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A page with more than the code says is stale; `test_docs.py` has the real one."""
    reference = generator("reference")
    changed = tmp_path / "reference.md"
    changed.write_text(reference.PAGE.read_text("utf-8") + "more\n", "utf-8")
    monkeypatch.setattr(reference, "PAGE", changed)
    assert reference.renew(check=True)
    assert reference.renew(check=False)
    assert not reference.renew(check=True)


def test_it_names_everything() -> None:
    """Each parameter, column and outcome stands in a row of its own."""
    page = (DOCS / "reference.md").read_text("utf-8")
    names = {name for kind in KINDS.values() for name in parameter_table(kind)}
    names |= {*COLUMNS, *(name.removesuffix("_true") for name in OUTCOMES)}
    assert [name for name in sorted(names) if f"\n| `{name}` |" not in page] == []


def test_key_without_words_is_an_error(
    tables: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of the file that nobody explained, or that is gone, is named."""
    monkeypatch.delitem(tables.KEYS, "exogenous")
    with pytest.raises(ValueError, match="exogenous"):
        tables.keys("file")
