"""From a kind's schema to its web form, its blank file and the questions at a terminal."""
