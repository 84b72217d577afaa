"""The command `escalade`: verbs, their options, and what they print.

No study logic: only this room prints, exits, and imports Typer and Rich.
"""
