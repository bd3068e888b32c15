"""The command line: the only place with a clock, an environment, standard output and exit codes."""

from generator.cli import beginning, bulletins, contacts, papers, standing, submissions, website
from generator.cli.app import main, today_in_china

COMMANDS = (beginning, submissions, standing, website, bulletins, contacts, papers)
"""Importing a module adds its commands to the group."""

__all__ = ["COMMANDS", "main", "today_in_china"]
