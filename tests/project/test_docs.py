"""The description of the model: its tables are the code's, and nothing is left out."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sim.rules.behaviour import operations_of, parameter_table
from sim.rules.registry import KINDS
from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "docs" / "model.md"
GENERATED = re.compile(r"<!-- generated: (\w+) -->.*?<!-- end: \1 -->", re.DOTALL)


@pytest.fixture
def pages(generator: Generator) -> ModuleType:
    """Return ``generators/pages.py`` as a module."""
    return generator("pages")


def prose() -> str:
    """Return the page without what is generated."""
    return GENERATED.sub("", MODEL.read_text(encoding="utf-8"))


def test_no_generated_part_is_stale() -> None:
    """Every generated part of a page is what the code, scenario and seeds say now."""
    command = (sys.executable, str(ROOT / "generators" / "pages.py"), "--check")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_stale_part_is_named_and_renewed(pages: ModuleType) -> None:
    """A part whose text differs from what is made is named, replaced, then fresh."""
    page = "a\n<!-- generated: one -->\n\nold\n<!-- end: one -->\nb\n"
    new, stale = pages.renewed(page, {"one": lambda: "new\n"})
    assert stale == ["one"]
    assert new == page.replace("\nold\n", "\nnew\n\n")
    assert pages.renewed(new, {"one": lambda: "new\n"}) == (new, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!-- generated: one -->\n<!-- end: two -->\n",
        "<!-- generated: one -->\n<!-- end: one -->\n" * 2,
    ],
)
def test_missing_unended_or_doubled_part_is_an_error(
    pages: ModuleType, text: str
) -> None:
    """A page that lacks a part, does not end it, or has it twice is refused."""
    with pytest.raises(ValueError, match="one"):
        pages.renewed(text, {"one": str})


def test_record_says_what_it_was_made_from() -> None:
    """The table of the record names its scenario, replications and root_seed."""
    text = (ROOT / "docs" / "record_table.md").read_text(encoding="utf-8")
    assert "iraq_2019_2020" in text
    assert "1,000 replications, root_seed 1" in text


@pytest.mark.parametrize("kind", KINDS)
def test_prose_explains_every_parameter_and_operation(kind: str) -> None:
    """A parameter or an operation that no submodel names is not documented."""
    named = re.findall(r"```.*?```|`[^`]+`", prose(), re.DOTALL)
    words = set(re.findall(r"[a-z_]+", " ".join(named)))
    names = {*parameter_table(KINDS[kind]), *operations_of(KINDS[kind])}
    assert names <= words, sorted(names - words)


def test_links_within_the_docs_lead_somewhere() -> None:
    """Each link of the page names a heading of it, or a page beside it."""
    text = MODEL.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for link in re.findall(r"\]\(([^)]+)\)", text):
        page, _, heading = link.partition("#")
        assert not page or (MODEL.parent / page).is_file(), link
        assert not heading or heading in headings, link


def test_validation_puts_null_and_prior_beside_its_counts() -> None:
    """The page says of both scenarios what null and prior meet, and the factor."""
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    said = page.partition("<!-- generated: beside -->")[2].partition("<!-- end:")[0]
    lines = [line for line in said.splitlines() if line.startswith("- ")]
    assert len(lines) == 2
    for line in lines:
        assert "inside that of the null, without any feedback, in" in line
        assert "inside that of the prior, before any fit, in" in line
        assert re.search(r"calm attack rates times \d\.\d{3}: found by a search", line)
