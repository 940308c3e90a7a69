"""Review of procedures: what each costs those who go through it, and which are worth a look."""
