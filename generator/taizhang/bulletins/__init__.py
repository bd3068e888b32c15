"""Bulletins: the weekly statistics (周统计) and the monthly bulletin (月通报) of a campaign."""
