"""Runs the command line: `python -m kaito_iac`."""

import sys

from kaito_iac.cli.main import command

if __name__ == "__main__":
    sys.exit(command())
