"""Inspections of a workspace: what is drawn, and what came of it."""

from tthc_cli.jobs.inspection.drawing import DrawAsked, Drawn, draw_inspection

__all__ = ["DrawAsked", "Drawn", "draw_inspection"]
