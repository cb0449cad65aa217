"""The contract of the Perspective API as cases, run against any server; needs no Django."""
