"""One call a command, without a terminal: what the command line calls, and a notebook can call too."""
