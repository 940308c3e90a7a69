"""Statutory forms filled in: what of dossiers, petitions, procedures and steps they count."""
