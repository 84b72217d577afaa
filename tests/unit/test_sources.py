"""The source record is complete, and an inconsistent one is refused."""

import pytest

from sim.errors import SourceError
from sim.sources import Source, read_sources, shipped_sources

ENTRY = "{title: t, publisher: p, date: '1965', kind: book}"


def test_shipped_record_is_read():
    """The record that ships is consistent; a source is found by its id."""
    sources = shipped_sources()
    assert len(sources) > 100
    assert sources["kahn-1965"].date == "1965"
    assert sources.find("kahn-1965") is sources.get("kahn-1965")
    assert next(iter(sources)) in sources


def test_unknown_id_names_the_nearest():
    """Asking for a source that is not there names the nearest id."""
    with pytest.raises(SourceError, match="'khan-1965' is not a source; did you mean"):
        shipped_sources().find("khan-1965")


def test_small_record(tmp_path):
    """An entry needs title, publisher, date and kind; the rest may be left out."""
    file = tmp_path / "sources.yaml"
    file.write_text(f"schema: 1\nsources:\n  kahn-1965: {ENTRY}\n", "utf-8")
    only = Source("kahn-1965", "t", "p", "1965", "book")
    assert dict(read_sources(file)) == {"kahn-1965": only}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: 2\nsources: {a-1: %s}", "2 is not a known schema"),
        ("schema: 1", "sources   is missing"),
        ("[", "line 2"),
        ("schema: 1\nsources: {A_1: %s}", "sources.A_1   the id is not of the form"),
        ("schema: 1\nsources: {a-1: {title: t}}", "sources.a-1.publisher   is missing"),
        ("schema: 1\nsources: {a-1: {titel: t}}", "did you mean 'title'"),
        (
            "schema: 1\nsources: {a-1: {date: 1965}}",
            "sources.a-1.date        1965 is not text",
        ),
        (
            "schema: 1\nsources: {a-1: {urls: [1]}}",
            "sources.a-1.urls.0      1 is not text",
        ),
        ("schema: 1\nsources: {a-1: %s, a-1: %s}", "is given twice"),
    ],
)
def test_inconsistent_record_is_refused(tmp_path, text, message):
    """An inconsistent record raises a SourceError that says what is wrong."""
    file = tmp_path / "sources.yaml"
    file.write_text(text.replace("%s", ENTRY), "utf-8")
    with pytest.raises(SourceError) as caught:
        read_sources(file)
    assert message in str(caught.value)


def test_missing_record_is_refused(tmp_path):
    """A record that is not there is a SourceError too."""
    with pytest.raises(SourceError, match="no such file"):
        read_sources(tmp_path / "none.yaml")
