"""Months, days and the words that follow a time of day."""

MONTHS = frozenset("Jan Feb Febr Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split())

WEEKDAYS = frozenset("Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun".split())

MONTH_NAMES = frozenset(
    """
    January February March April May June July August September October November December
    """.split()
)

WEEKDAY_NAMES = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())

HOLIDAYS = frozenset("Christmas Thanksgiving Easter".split())

# Named zones; those of the form `EST` are told by their shape.
ZONES = frozenset("Eastern Central Mountain Pacific Atlantic Alaska Hawaii Greenwich Zulu".split())
