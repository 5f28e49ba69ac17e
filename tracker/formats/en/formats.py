"""Dates as every page of the tracker writes them: "3 Nov 2026, 14:05"; weeks begin on Monday."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
FIRST_DAY_OF_WEEK = 1
