"""Let ``python -m sim`` do what the command ``escalade`` does."""

from sim.cli.app import main

if __name__ == "__main__":
    main()
