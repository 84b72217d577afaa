"""The guides are run: their commands, their edits and the output that they quote.

In ``docs/tutorial.md``, ``docs/howto.md`` and their like a comment says what the next
block is:

- ``<!-- run -->``: commands, or Python, run one after another in one empty folder; each
  ends with exit code 0, or with that of ``<!-- run: exit 2 -->``;
- ``<!-- write: FILE -->``: a file;
- ``<!-- output: 1-3 9 -->``: those lines of what the last block wrote to stdout, a gap
  shown as ``...``; ``<!-- output: stderr -->``: all it wrote to stderr;
- ``<!-- edit: FILE -->``: a diff of that file, without line numbers;
- ``<!-- replace: FILE -->``: a table of texts to replace in that file everywhere.

``pytest --renew-golden tests/project/test_tutorial.py`` writes the output anew.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from sim.cli.app import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
STEP = re.compile(
    r"<!-- (?P<what>run|write|output|edit|replace)(?:: (?P<how>[^\n]*?))? -->\n+"
    r"(?:```(?P<language>\w+)\n(?P<block>.*?)^```$|(?P<table>(?:\|[^\n]*\n)+))",
    re.DOTALL | re.MULTILINE,
)
GAP = "..."
PLAIN = {"COLUMNS": "100", "NO_COLOR": "1", "MPLBACKEND": "Agg"}


class Wrote(NamedTuple):
    """What the commands of a block wrote."""

    out: str
    err: str


def run(block: str, language: str, folder: Path, code: int) -> Wrote:
    """Run a block as the reader's shell or Python would."""
    python, shell = [sys.executable, "-W", "error"], ["/bin/sh", "-e"]
    bin_folder = Path(sys.executable).parent
    path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*(python if language == "python" else shell), "-c", block],
        cwd=folder,
        env=os.environ | PLAIN | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{block}{done.stdout}{done.stderr}"
    return Wrote(done.stdout, done.stderr)


def excerpt(wrote: Wrote, how: str) -> str:
    """Return the lines of some output that a comment asks for."""
    if how == "stderr":
        return wrote.err
    lines = wrote.out.splitlines()
    shown: list[str] = []
    before = 0
    for span in how.split():
        first, _, last = span.partition("-")
        if int(first) != before + 1:
            shown.append(GAP)
        before = int(last or first)
        assert before <= len(lines), f"line {before} of {len(lines)}"
        shown += (line.rstrip() for line in lines[int(first) - 1 : before])
    if before < len(lines):
        shown.append(GAP)
    return "".join(f"{line}\n" for line in shown)


def edited(text: str, diff: str) -> str:
    """Return a text with the one place that a diff describes changed."""
    lines = diff.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    assert f"\n{text}".count(f"\n{old}") == 1, f"not once in the file:\n{old}"
    return f"\n{text}".replace(f"\n{old}", f"\n{new}", 1)[1:]


def replaced(text: str, table: str) -> str:
    """Return a text with each text of a table's first column replaced everywhere."""
    for row in table.splitlines()[2:]:
        old, new = re.findall(r"`([^`]+)`", row)
        assert old in text, old
        text = text.replace(old, new)
    return text


def followed(page: str, folder: Path) -> str:
    """Do what a tutorial says; return it with the output that was really written."""
    wrote = Wrote("", "")

    def follow(step: re.Match[str]) -> str:
        nonlocal wrote
        what, how, block = step["what"], step["how"] or "", step["block"]
        if what == "run":
            code = int(how.removeprefix("exit ") or 0)
            wrote = run(block, step["language"], folder, code)
        elif what == "write":
            (folder / how).write_text(block, "utf-8")
        elif what == "output":
            start, end = (at - step.start() for at in step.span("block"))
            return step[0][:start] + excerpt(wrote, how) + step[0][end:]
        else:
            file = folder / how
            text = file.read_text("utf-8")
            change = edited(text, block) if block else replaced(text, step["table"])
            file.write_text(change, "utf-8")
        return step[0]

    return STEP.sub(follow, page)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "tutorial.md",
        pytest.param("howto.md", marks=pytest.mark.verify),
        pytest.param("howto-record.md", marks=pytest.mark.verify),
        pytest.param("why.md", marks=pytest.mark.verify),
        "explorer.md",
    ],  # half a minute, two minutes
)
def test_guide_can_be_followed_to_the_letter(
    tmp_path: Path, request: pytest.FixtureRequest, name: str
) -> None:
    """Its commands end as it says, its edits apply, and it quotes what is written."""
    page = (DOCS / name).read_text("utf-8")
    assert len(STEP.findall(page)) == len(re.findall("<!-- ", page))
    truth = followed(page, tmp_path)
    if request.config.getoption("--renew-golden"):
        (DOCS / name).write_text(truth, "utf-8")
        return
    assert page.splitlines() == truth.splitlines(), "make golden renews it"


def test_wrong_output_and_wrong_exit_code_are_caught(tmp_path: Path) -> None:
    """Output that was not written is put right, and another exit code fails."""
    page = (
        "<!-- run -->\n```sh\necho a; echo b\n```\n"
        "<!-- output: 2 -->\n```text\nc\n```\n"
    )
    assert followed(page, tmp_path) == page.replace("text\nc\n", "text\n...\nb\n")
    with pytest.raises(AssertionError, match="exit 4"):
        followed("<!-- run: exit 2 -->\n```sh\nexit 4\n```\n", tmp_path)


def test_edit_must_fit_in_one_place(tmp_path: Path) -> None:
    """A diff changes the one place where it fits, and fails where there is no such."""
    file = tmp_path / "a.yaml"
    file.write_text("x: 1\ny: 2\n", "utf-8")
    page = "<!-- edit: a.yaml -->\n```diff\n x: 1\n-y: 2\n+y: 3\n```\n"
    followed(page, tmp_path)
    assert file.read_text("utf-8") == "x: 1\ny: 3\n"
    with pytest.raises(AssertionError, match="not once"):
        followed(page, tmp_path)


@pytest.mark.parametrize("page", ["docs/tutorial.md", "docs/howto.md", "README.md"])
def test_no_guide_leaves_an_installation_that_ignores_edits(page: str) -> None:
    """What is installed from the source is editable, and not in make's environment."""
    text = (DOCS.parent / page).read_text("utf-8")
    ours = r"^pip install (?!escalade|jupyterlab)(.*)$"
    installs = re.findall(ours, text, re.MULTILINE)
    assert all(words.startswith("--editable ") for words in installs)
    if installs:
        assert '"/path/to/' in installs[0]  # of the reader's folder, not of the source
        assert "anywhere but in escalade's source" in text


@pytest.mark.slow
def test_installation_of_the_guide_follows_the_source(tmp_path: Path) -> None:
    """Installed as the tutorial says, the package is the checkout itself."""
    venv = tmp_path / ".venv"
    command = [sys.executable, "-m", "venv", "--system-site-packages", str(venv)]
    subprocess.run(command, check=True, capture_output=True)
    python = venv / "bin" / "python"
    # The build backend and the dependencies are those of this environment: no network.
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path[1:])}
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation")
    editable = [python, *install, "--editable", str(DOCS.parent)]
    done = subprocess.run(
        editable, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pointers = [file.read_text("utf-8") for file in venv.rglob("*escalade*.pth")]
    assert [Path(pointer.strip()) for pointer in pointers] == [DOCS.parent]


def commands() -> list[tuple[str, str]]:
    """Return every command line that a guide shows, with the name of its page."""
    found: list[tuple[str, str]] = []
    for page in (DOCS.parent / "README.md", *DOCS.glob("*.md")):
        blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
        lines = "".join(blocks).replace("\\\n", " ").splitlines()
        found += ((page.name, line) for line in lines if line.startswith("escalade "))
    return found


@pytest.mark.parametrize(("page", "line"), commands())
def test_every_command_shown_is_one(page: str, line: str) -> None:
    """Each command of a guide has a verb, and options of that verb."""
    verbs = dict(reference_commands())
    words = shlex.split(line, comments=True)
    if words[1].startswith("--"):
        return
    name = next(n for n in (2, 3) if " ".join(words[:n]) in verbs)
    options = {o for p in verbs[" ".join(words[:name])].params for o in p.opts}
    asked = {word for word in words[name:] if word.startswith("-")}
    assert asked <= options, f"{page}: {line}"


def reference_commands() -> Iterator[tuple[str, Any]]:
    """Yield each verb's words and its command."""

    def walk(words: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
        for name, one in (inner or {}).items():
            yield from walk(f"{words} {name}", one)

    yield from walk("escalade", typer.main.get_command(app))
