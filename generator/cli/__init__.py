"""The command line: the only place with a clock, an environment, standard output and exit codes."""

from generator.cli import beginning, contacts, filing, papers, standing, submissions, submit, website
from generator.cli.app import main, today_in_china

COMMANDS = (beginning, submissions, filing, submit, standing, website, contacts, papers)
"""Importing a module adds its commands to the group."""

__all__ = ["COMMANDS", "main", "today_in_china"]
