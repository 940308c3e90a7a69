"""Office files: the styles, the package and the long lists that scorecards and lists of issues share."""
