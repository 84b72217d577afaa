"""The page in the browser: what is asked of it, what it shows, and its server.

What it computes are plain functions (`session`, `history`, `kept`), which know of no
browser; `page` and `server` alone know Dash. Nothing is written but what is kept.
"""
