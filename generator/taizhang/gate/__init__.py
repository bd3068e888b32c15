"""The pull-request gate: a proposal is merged in objects, judged, and told in words; nothing is checked out."""
