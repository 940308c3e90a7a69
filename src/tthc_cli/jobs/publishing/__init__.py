"""The public site of all stored scores: written where it is asked for, and only what has changed."""
