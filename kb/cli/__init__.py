"""The command line: the only part that prints. The library raises, a command shows."""

from kb.cli.app import main

__all__ = ["main"]
