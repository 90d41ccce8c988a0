"""`python -m portal.cli`: the same command where no script is installed."""

from portal.cli import main

main(prog_name="portal")
