"""Lets `python -m belowline.cli` stand for `belowline`."""

from belowline.cli import main

main(prog_name="belowline")
