"""What a `tthc.toml` says: where each key stands, what is wrong with it, and what is in force."""
