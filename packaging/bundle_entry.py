"""Where a bundle starts."""

from tthc_cli.__main__ import main

main()
