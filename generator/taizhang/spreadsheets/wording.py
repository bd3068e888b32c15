"""What is said about a workbook and its rows, from `wording.yml`."""

from __future__ import annotations

from taizhang.findings.wording import Channel, speaker

phrase = speaker("taizhang.spreadsheets", "wording.yml", Channel.WORKBOOK).tell
