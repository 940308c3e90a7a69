"""Statutory forms as data: a TOML file each, read and checked here; a province's own stand in its workspace."""
