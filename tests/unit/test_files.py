"""What is kept lies where nobody else writes; files are there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sim import files, lock, memo
from sim.errors import RunError, printable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the cache would be in the temporary folder; the home is closed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    files._own_cache.cache_clear()
    return tmp_path / f"escalade-{os.getuid()}"


def test_a_temporary_cache_is_private(temporary: Path) -> None:
    """It is made for its owner alone, and found again."""
    assert files.cache_folder() == temporary == files.cache_folder()
    assert temporary.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755, 0o750])
def test_a_folder_open_to_others_is_no_cache(temporary: Path, mode: int) -> None:
    """What others could have written is not read: unpickled, it would be run."""
    temporary.mkdir()
    temporary.chmod(mode)
    own = files.cache_folder()
    assert own != temporary
    assert own.stat().st_mode & 0o777 == 0o700
    assert files.cache_folder() == own


def test_a_link_is_no_cache(temporary: Path, tmp_path: Path) -> None:
    """Whoever made the link may point it elsewhere."""
    (tmp_path / "theirs").mkdir(mode=0o700)
    temporary.symlink_to(tmp_path / "theirs")
    assert files.cache_folder() not in (temporary, tmp_path / "theirs")


def test_the_folder_above_must_not_let_others_put_another_there(
    temporary: Path, tmp_path: Path
) -> None:
    """Where all may write and rename, only the sticky bit protects a folder."""
    tmp_path.chmod(0o777)
    assert files.cache_folder() != temporary
    tmp_path.chmod(0o1777)
    assert files.cache_folder() == temporary


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root")
def test_another_owners_folder_is_no_cache(temporary: Path) -> None:
    """Its owner may write in it, whatever its mode."""
    temporary.mkdir(mode=0o700)
    os.chown(temporary, 12345, 12345)
    assert files.cache_folder() != temporary


def test_whoever_has_no_home_can_run(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither HOME nor an entry in passwd is needed."""

    def home() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", home)
    assert files.cache_folder() == temporary


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    """Neither the name of a file nor its temporary one writes elsewhere."""
    theirs = tmp_path / "theirs"
    theirs.write_text("letter")
    file = tmp_path / "part"
    file.symlink_to(theirs)
    (tmp_path / f".part.{os.getpid()}{files.TEMPORARY}").symlink_to(theirs)
    files.write_bytes(file, b"new")
    assert theirs.read_text() == "letter"
    assert (file.read_bytes(), file.is_symlink()) == (b"new", False)


def test_the_writers_note_is_not_written_through_a_link(tmp_path: Path) -> None:
    """A link under its name is replaced, and goes when the lock is released."""
    (tmp_path / "theirs").write_text("letter")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / lock.WRITER).symlink_to(tmp_path / "theirs")
    with lock.held(folder):
        assert str(os.getpid()) in (folder / lock.WRITER).read_text()
    assert (tmp_path / "theirs").read_text() == "letter"
    assert not (folder / lock.WRITER).exists()


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path) -> None:
    """A live writer's file stays; so do those of other names."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".a.png.{ended.pid}{files.TEMPORARY}"
    others = [
        tmp_path / f".a.png.{os.getpid()}{files.TEMPORARY}",
        tmp_path / f".b.png.{ended.pid}{files.TEMPORARY}",
        tmp_path / f".a.png.x{files.TEMPORARY}",
    ]
    for file in (left, *others):
        file.touch()
    files.sweep_up(tmp_path / "a.png")
    assert not left.exists()
    assert all(file.exists() for file in others)


def test_a_picture_is_whole_or_not_there(tmp_path: Path) -> None:
    """What a kill left of it half-written goes when it is drawn again."""
    from matplotlib.figure import Figure

    from sim.pictures.style import save

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f".a.svg.{ended.pid}{files.TEMPORARY}"
    left.touch()
    assert [file.name for file in save(Figure(), tmp_path / "a")] == ["a.svg", "a.png"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.png", "a.svg"]
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot write"):
        save(Figure(), tmp_path / "file" / "a")


# Results kept between processes.


def test_a_damaged_result_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is worked out again, and replaces what was damaged."""
    from sim.analytic import branching
    from sim.scenario.load import load

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    scenario = load(ROOT / "tests" / "data" / "valid" / "two_actors.yaml")
    worst = branching.worst_branching(scenario)
    (kept,) = (tmp_path / "escalade" / memo.FOLDER).iterdir()
    whole = kept.read_bytes()
    worked_out: list[str] = []
    monkeypatch.setattr(
        branching, "_worst", lambda one, _: worked_out.append(one.name) or worst
    )
    assert branching.worst_branching(scenario) == worst
    assert not worked_out
    contents = ("{}", "NaN", "[NaN, []]", "[" * 100_000, "", "x")
    for n, content in enumerate(contents, 1):
        kept.write_text(content)
        assert branching.worst_branching(scenario) == worst
        assert len(worked_out) == n
        assert kept.read_bytes() == whole


def test_nothing_steers_the_terminal() -> None:
    """What reverses or hides text is written as its number; lines stay lines."""
    assert printable("a\u202eb\x1b[2J\nc") == "a\\u202eb\\x1b[2J\nc"
