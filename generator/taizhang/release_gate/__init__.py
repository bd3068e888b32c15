"""The release gate: what a finished site really says, byte by byte, before readers get it. Decision 16."""
