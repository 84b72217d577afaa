"""Where the shipped scenarios and the source record lie.

An installed wheel carries them as ``sim/data/scenarios`` and ``sim/data/seeds``; in a
checkout they are the top-level folders ``scenarios`` and ``seeds``.
"""

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
