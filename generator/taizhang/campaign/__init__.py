"""The notice as data: campaign, roll, calendar, criteria, and the duties that they make owed."""
