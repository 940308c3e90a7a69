"""Levels of units, from the top: province, department, district, commune, other."""

LEVELS = ("tinh", "so", "huyen", "xa", "khac")
