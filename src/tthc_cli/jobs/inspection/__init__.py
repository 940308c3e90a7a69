"""Inspections of a workspace: what is drawn, and what came of it."""

from tthc_cli.jobs.inspection.concluding import ReportAsked, inspection_report
from tthc_cli.jobs.inspection.drawing import DrawAsked, Drawn, draw_inspection

__all__ = ["DrawAsked", "Drawn", "ReportAsked", "draw_inspection", "inspection_report"]
