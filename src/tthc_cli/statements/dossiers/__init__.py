"""Lists of the stored dossiers at a moment; no score is needed."""
