"""What the nine criteria of Decree 61 ask of dossiers besides what Decision 766 asks."""
