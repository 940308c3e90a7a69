"""Inspections: what is drawn of a unit's dossiers, what the data say of each, and what the team found."""
