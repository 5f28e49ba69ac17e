"""The days on which the Department of State released its Trafficking in Persons Reports.

Offered where the day is asked for, and taken by the command line if nothing else is said. Source: the dates
under which the Department announced each report. For a year that is not here the day has to be given.
"""

from datetime import date

RELEASED_ON = {
    day.year: day
    for day in (
        date(2001, 7, 12),
        date(2002, 6, 5),
        date(2003, 6, 11),
        date(2004, 6, 14),
        date(2005, 6, 3),
        date(2006, 6, 5),
        date(2007, 6, 12),
        date(2008, 6, 4),
        date(2009, 6, 16),
        date(2010, 6, 14),
        date(2011, 6, 27),
        date(2012, 6, 19),
        date(2013, 6, 19),
        date(2014, 6, 20),
        date(2015, 7, 27),
        date(2016, 6, 30),
        date(2017, 6, 27),
        date(2018, 6, 28),
        date(2019, 6, 20),
        date(2020, 6, 25),
        date(2021, 7, 1),
        date(2022, 7, 19),
        date(2023, 6, 15),
        date(2024, 6, 24),
        date(2025, 9, 29),
    )
}
