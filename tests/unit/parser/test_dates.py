"""Dates: every form that says a day, a month and a year; none that leaves one open."""

from __future__ import annotations

import pytest

from tests.unit.parser.articles import compose, parsed, rejected


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-14",
        "20250314",
        "2025-3-14",
        "2025/03/14",
        "2025.03.14",
        "March 14, 2025",
        "March 14 2025",
        "Mar. 14, 2025",
        "MARCH 14, 2025",
        "14 March 2025",
        "14 Mar 2025",
        "14-Mar-2025",
        "14. March 2025",
        "14th of March, 2025",
        "March 14th, 2025",
        "Friday, March 14, 2025",
        "Fri 14 Mar 2025",
        "14/03/2025",
        "03/14/2025",
        "14.03.2025",
        "2025-03-14 08:30",
        "2025-03-14T08:30:00",
        "March 14, 2025 at 8:30 a.m.",
        "March 14, 2025 | 8:30 am",
        "2025/03/14 10:00",
        "Published March 14, 2025",
        "Published on: 14 March 2025",
        "Updated: March 14, 2025",
        "Last updated March 14, 2025, 8:30 p.m.",
        "March 14, 2025; updated March 15, 2025",
        "Updated March 15, 2025. First published March 14, 2025.",
        "Date: 2025-03-14",
        "(March 14, 2025)",
        "March&nbsp;14,\n2025",
        "March 14,2025",
        "Fri., March 14, 2025",
        "the 14th of March, 2025",
        "14 March 2025, 08.30",
        "14 March 2025 8.30pm",
        "14 March 2025 08:30 hrs",
        "2025-W11-5",
        "March 14, 2025 · 5 min read",
        "4 minute read Updated March 14, 2025",
        "Posted on March 14, 2025 by Ines Okafor",
    ],
)
def test_a_date_in_full_is_read(text: str) -> None:
    article = parsed(compose(PUBLISHED_DATE=text))
    assert article["published_date"] == "2025-03-14"
    assert "published_at" not in article


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2025-03-14T08:30:00Z", "2025-03-14", "2025-03-14T08:30:00.000000Z"),
        ("2025-03-14T23:30:00-05:00", "2025-03-14", "2025-03-15T04:30:00.000000Z"),
        ("2025-03-14T00:10:00.5+09:00", "2025-03-14", "2025-03-13T15:10:00.500000Z"),
        ("Fri, 14 Mar 2025 08:30:00 GMT", "2025-03-14", "2025-03-14T08:30:00.000000Z"),
        ("Fri, 14 Mar 2025 08:30:00 +0300", "2025-03-14", "2025-03-14T05:30:00.000000Z"),
        ("14 Mar 2025 08:30 +0530 (IST)", "2025-03-14", "2025-03-14T03:00:00.000000Z"),
        ("14 March 2025 08:30 CET", "2025-03-14", "2025-03-14T07:30:00.000000Z"),
        ("14 March 2025 08:30 GMT+3", "2025-03-14", "2025-03-14T05:30:00.000000Z"),
        ("14 March 2025 08:30 UTC-05:00", "2025-03-14", "2025-03-14T13:30:00.000000Z"),
        ("Jan. 14, 2025, 8:30 p.m. ET", "2025-01-14", "2025-01-15T01:30:00.000000Z"),
        ("July 14, 2025, 8:30 p.m. ET", "2025-07-14", "2025-07-15T00:30:00.000000Z"),
        ("July 14, 2025 8:30 a.m. Pacific Time", "2025-07-14", "2025-07-14T15:30:00.000000Z"),
        ("July 14, 2025 8:30 AM (EDT)", "2025-07-14", "2025-07-14T12:30:00.000000Z"),
        ("14 March 2025 08:30 MSK+3", "2025-03-14", "2025-03-14T05:30:00.000000Z"),
        ("14 March 2025 08:30 EST-0500", "2025-03-14", "2025-03-14T13:30:00.000000Z"),
        ("Fri 14 Mar 2025 08.30 GMT", "2025-03-14", "2025-03-14T08:30:00.000000Z"),
        ("14 March 2025 8.30am cet", "2025-03-14", "2025-03-14T07:30:00.000000Z"),
        ("2025-03-14 08:30:00 +0200 CEST", "2025-03-14", "2025-03-14T06:30:00.000000Z"),
        ("2025-03-14T08:30:00+01:00[Europe/Berlin]", "2025-03-14", "2025-03-14T07:30:00.000000Z"),
        ("March 14, 2025 8:30 p.m. et", "2025-03-14", "2025-03-15T00:30:00.000000Z"),
        ("8 a.m. EST, Jan 14, 2025", "2025-01-14", "2025-01-14T13:00:00.000000Z"),
    ],
)
def test_a_time_with_a_zone_is_a_moment_in_utc(text: str, day: str, moment: str) -> None:
    article = parsed(compose(PUBLISHED_DATE=text))
    assert (article["published_date"], article["published_at"]) == (day, moment)


@pytest.mark.parametrize("zone", ["BST", "IST", "CST", "QQQ"])
def test_a_zone_that_means_several_or_none_gives_the_day_alone(zone: str) -> None:
    article = parsed(compose(PUBLISHED_DATE=f"March 14, 2025 08:30 {zone}"))
    assert article["published_date"] == "2025-03-14"
    assert "published_at" not in article


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tues., March 11, 2025", "2025-03-11"),
        ("Weds 12 March 2025", "2025-03-12"),
        ("Thurs. March 13, 2025", "2025-03-13"),
    ],
)
def test_a_weekday_may_be_shortened_as_newspapers_do(text: str, day: str) -> None:
    assert parsed(compose(PUBLISHED_DATE=text))["published_date"] == day


def test_a_zone_without_a_time_is_no_moment() -> None:
    assert "published_at" not in parsed(compose(PUBLISHED_DATE="March 14, 2025"))


@pytest.mark.parametrize("text", ["03/04/2025", "03.04.2025", "3-4-2025", "04/03/2025 10:30"])
def test_what_may_be_two_days_is_rejected_with_both(text: str) -> None:
    rejection = rejected(compose(PUBLISHED_DATE=text))
    assert rejection["code"] == "bad_date"
    assert "2025-03-04" in rejection["reason"]
    assert "2025-04-03" in rejection["reason"]


@pytest.mark.parametrize("text", ["2025-3-4", "2025/03/04", "2025.3.04 10:30", "Date: 2025-03-04"])
def test_after_the_year_comes_the_month(text: str) -> None:
    assert parsed(compose(PUBLISHED_DATE=text))["published_date"] == "2025-03-04"


def test_what_is_the_same_day_both_ways_is_that_day() -> None:
    assert parsed(compose(PUBLISHED_DATE="04/04/2025"))["published_date"] == "2025-04-04"


@pytest.mark.parametrize(
    "text",
    [
        "Friday",
        "today",
        "yesterday at 10:30",
        "3 hours ago",
        "2025",
        "March 2025",
        "Friday March 2025",
        "Friday 2025",
        "March 14",
        "10:30",
        "14",
        "14 Mar 25",
        "14 Mar 25 0830",
        "03/14/25",
        "1741940000",
        "2025-W11",
        "2025W11",
        "2025-W11T08:30:00Z",
        "2025-02-29",
        "2025-13-01",
        "30 February 2025",
        "March 14, 2025 25:00",
        "March 14, 0025",
        "March 14, 3025",
        "0001-01-01T00:00:00+14:00",
        "14 марта 2025",
        "14 березня 2025",
        "14 de marzo de 2025",
        "14 mars 2025",
        "14 März 2025",
        "14 maart 2025",
        "14 marzo 2025",
        "2025年3月14日",
        "March 14, 2025 and March 15, 2025",
        "n/a",
        "Published",
        "-",
        "1" * 5000,
        "March 14, 2025 " * 500,
    ],
)
def test_nothing_is_invented(text: str) -> None:
    rejection = rejected(compose(PUBLISHED_DATE=text))
    assert (rejection["code"], rejection["field"], rejection["line"]) == (
        "bad_date",
        "PUBLISHED_DATE",
        2,
    )
    assert len(rejection["reason"]) < 200
