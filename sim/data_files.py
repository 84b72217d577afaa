"""Where the shipped scenarios and the source record lie, and what is kept by the user.

An installed wheel carries them as ``sim/data/scenarios`` and ``sim/data/seeds``; in a
checkout they are the top-level folders ``scenarios`` and ``seeds``.
"""

import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Find a folder of shipped data.

    Parameters
    ----------
    name
        ``"scenarios"`` or ``"seeds"``.

    Returns
    -------
    Path
        The folder; it exists.

    Raises
    ------
    FileNotFoundError
        When neither the installed package nor a checkout holds the folder.

    Examples
    --------
    >>> data_folder("seeds").name
    'seeds'
    """
    installed = PACKAGE / "data" / name
    if installed.is_dir():
        return installed
    root = PACKAGE.parent
    # Beside an installed package lie other people's folders: only a checkout counts.
    if (root / "pyproject.toml").is_file() and (root / name).is_dir():
        return root / name
    message = (
        f"the data folder '{name}' is neither at {installed} (installed package) "
        f"nor at {root / name} (checkout); install escalade again"
    )
    raise FileNotFoundError(message)


def cache_folder() -> Path:
    """Return the user's cache folder of escalade, or a temporary one if that is closed.

    What lies in it can be made again: compiled rules, and results that are known by a
    digest of all that they depend on.
    """
    given = os.environ.get("XDG_CACHE_HOME")
    root = (Path(given) if given else Path.home() / ".cache") / "escalade"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError:
        return Path(tempfile.gettempdir()) / f"escalade-{os.getuid()}"
