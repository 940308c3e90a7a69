"""What an inspection stands on: how dossiers are drawn, and what a drawn part says of the whole."""
