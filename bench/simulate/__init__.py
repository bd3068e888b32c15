"""Made-up records of a campaign: for the sample in submissions/ and for measurements of any size.

Nothing here reads a clock or a file other than its own text material; the same arguments give the same bytes.

The bulk of the sample was made by `season()` from the campaign.yml and roll.yml of each campaign, with the records told
by hand in `taken` and `first_serial=11`, so that the numbers 001 to 010 of every folder stay with those:

| campaign           | hazards | seed |
|--------------------|---------|------|
| shili-banner-2023  | 130     | 2023 |
| shili-city-2019    | 95      | 2019 |

What the duties written down later ask for was made by `filings()` with the same seeds and `first_serial=11`, for every
organisation that the records told by hand and the bulk left owing; some duties with an earlier day than their own, so
that the flood season was not prepared for in December.

`taizhang simulate` does the same from the command line.
"""

from bench.simulate.bench import synthetic
from bench.simulate.season import filings, season

__all__ = ["filings", "season", "synthetic"]
