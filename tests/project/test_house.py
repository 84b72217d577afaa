"""The picture of the house shows the rooms and arrows that there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(generator: Generator) -> ModuleType:
    """Return ``generators/house.py`` as a module."""
    return generator("house")


def test_picture_shows_the_rooms_and_arrows_of_today(house: ModuleType) -> None:
    """The committed picture has every room, and every arrow that none implies."""
    rooms, arrows = house.drawn(house.PICTURE.read_text("utf-8"))
    assert rooms == sorted(house.rooms()), "python generators/pages.py draws it anew"
    assert arrows == house.plain_arrows(house.arrows())


@pytest.mark.parametrize("change", ["room", "arrow", "gone"])
def test_old_picture_is_stale(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    """A picture without a room or an arrow that there is, and no picture, are stale."""
    text = house.PICTURE.read_text("utf-8")
    assert not house.is_stale()
    planted = {
        "room": text.replace('id="room.rules"', 'id="room.rulez"'),
        "arrow": text.replace('id="arrow.rules.units"', 'id="arrow.rules.draws"'),
    }
    picture = tmp_path / "house.svg"
    if change in planted:
        picture.write_text(planted[change], "utf-8")
    monkeypatch.setattr(house, "PICTURE", picture)
    assert house.is_stale()


def test_it_is_drawn_the_same_every_time(
    house: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two drawings have the same bytes, and the names of rooms are text."""
    drawings: list[str] = []
    for name in ("one.svg", "two.svg"):
        monkeypatch.setattr(house, "PICTURE", tmp_path / name)
        house.draw()
        drawings.append((tmp_path / name).read_text("utf-8"))
    assert drawings[0] == drawings[1]
    assert ">engine/</text>" in drawings[0]


def test_every_room_says_what_lives_there_and_what_may_not_enter(
    house: ModuleType,
) -> None:
    """The `__init__` of each folder has both lines, and each file a first one."""
    for room in house.rooms().values():
        assert room.lives.endswith((".", ")", "?")) or room.lives, room.name
        assert not room.files or room.barred.endswith("."), room.name
    assert {room.name for room in house.rooms().values()} == {
        entry.stem
        for entry in (ROOT / "sim").iterdir()
        if (entry.is_dir() and (entry / "__init__.py").is_file())
        or (entry.suffix == ".py" and not entry.stem.startswith("__"))
    }


def test_circle_of_rooms_is_named(house: ModuleType) -> None:
    """Arrows in a circle cannot be drawn, and the refusal names the circle."""
    with pytest.raises(ValueError, match="a -> b -> a"):
        house.plain_arrows([("a", "b"), ("b", "a")])
