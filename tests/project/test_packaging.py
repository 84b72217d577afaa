"""The house: pins, make's words, continuous integration and the wheel's load."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sim import files

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!]*")
WORDS = (
    "setup", "run", "check", "test", "verify", "golden", "bench", "docs",
    "constraints", "clean", "help",
)  # fmt: skip
SHIPPED = ("scenarios", "seeds")


def pins() -> list[str]:
    """Read the lines of constraints.txt that are not comments."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pinned_names() -> list[str]:
    """Read the names that constraints.txt pins, as the index spells them."""
    return [canonicalize_name(line.partition("==")[0]) for line in pins()]


def requirements(*groups: str) -> list[Requirement]:
    """Read what the project needs to run, and what the groups add."""
    texts = list(PROJECT["project"]["dependencies"])
    for group in groups:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


def test_constraints_hold_exact_versions_only() -> None:
    """Every line of constraints.txt is a name and an exact version."""
    assert [line for line in pins() if not PIN.fullmatch(line)] == []


def test_constraints_name_each_package_once_in_order() -> None:
    """The pins are sorted, none is given twice, and the project is not among them."""
    names = pinned_names()
    assert len(set(names)) == len(names)
    assert pins() == sorted(pins(), key=str.upper)
    assert not {"escalade", "pip", "setuptools"} & set(names)


@pytest.mark.parametrize("requirement", requirements("test", "lint", "docs"), ids=str)
def test_dependency_is_pinned(requirement: Requirement) -> None:
    """Whatever make installs is pinned, at a version that pyproject allows."""
    versions = dict(zip(pinned_names(), pins(), strict=True))
    pin = versions[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pin.partition("==")[2])


def test_dependencies_name_no_address() -> None:
    """No requirement is a direct reference to a file or a server."""
    assert [str(r) for r in requirements("test", "lint", "docs") if r.url] == []


@pytest.mark.parametrize("word", WORDS)
def test_makefile_has_word(word: str) -> None:
    """Every word of the house is a phony target with a line of help."""
    text = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{word}:.*  ## \S", text, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert word in phony[1].split()


def test_ci_runs_check_test_browser_verify_in_turn() -> None:
    """Continuous integration stops at the first of these that fails."""
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert "set -euo pipefail" in text
    words = re.findall(r"^make (\w+)$", text, re.MULTILINE)
    assert words == ["setup", "check", "test", "browser", "verify"]
    assert script.stat().st_mode & 0o111


def test_citation_is_of_this_version() -> None:
    """CITATION.cff has its fields, and the project's version and licence."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert all(citation[field] for field in ("message", "title", "authors"))
    for field in ("version", "license"):
        assert citation[field] == PROJECT["project"][field]


def test_changelog_has_this_version_first() -> None:
    """The first section of the changelog is of the version of pyproject.toml."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    sections = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert sections[0] == PROJECT["project"]["version"]


def test_generated_pictures_are_marked_and_their_text_is_text() -> None:
    """Every SVG is text that was generated, as git and reviewers are told."""
    marks = (ROOT / ".gitattributes").read_text("utf-8").splitlines()
    (svg,) = (line.split() for line in marks if line.startswith("*.svg"))
    assert svg[1:] == ["text", "linguist-generated"]
    picture = (ROOT / "docs" / "pictures" / "house.svg").read_text("utf-8")
    assert picture.count("<text") > 20


def test_docs_holds_pages_only() -> None:
    """What makes pages lies elsewhere; the site is built with warnings as errors."""
    beside = {"_build", "examples", "notebooks"}
    pages = [f for f in (ROOT / "docs").rglob("*") if not beside & {*f.parts}]
    assert {file.suffix for file in pages if file.is_file()} <= {".md", ".png", ".svg"}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"sphinx-build .*-n -W ", makefile)


@pytest.mark.parametrize("name", SHIPPED)
def test_checkout_gives_its_top_level_folder(name: str) -> None:
    """In a checkout the data lie at the top."""
    assert files.data_folder(name) == ROOT / name


def test_installed_folder_goes_before_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that carries its data reads those, whatever lies beside it."""
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "sim")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "sim" / "data" / "seeds").mkdir(parents=True)
    assert files.data_folder("seeds") == tmp_path / "sim" / "data" / "seeds"


def test_folder_beside_an_installed_package_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of the right name without a pyproject.toml is someone else's."""
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "sim")
    (tmp_path / "seeds").mkdir()
    with pytest.raises(FileNotFoundError, match="'seeds' is neither at"):
        files.data_folder("seeds")


@pytest.mark.slow
def test_wheel_carries_scenarios_and_seeds(tmp_path: Path) -> None:
    """Every scenario and every file of the source record is in the wheel."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    built = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("escalade-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    looks = {f"sim/explorer/assets/explorer.{kind}" for kind in ("css", "js")}
    assert {"sim/files.py", "escalade.py", *looks} <= carried
    for name in SHIPPED:
        paths = [path for path in (ROOT / name).rglob("*") if path.is_file()]
        expected = {
            f"sim/data/{path.relative_to(ROOT).as_posix()}"
            for path in paths
            if "__pycache__" not in path.parts
        }
        assert expected
        assert sorted(expected - carried) == []
