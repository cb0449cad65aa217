"""`python -m belowline`: the command line."""

from belowline.cli import main

if __name__ == "__main__":
    main()
