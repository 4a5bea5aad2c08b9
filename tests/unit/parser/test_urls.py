"""Addresses: one canonical form, one site, one id."""

from __future__ import annotations

import uuid

import pytest

from copydesk.parser.urls import article_id
from tests.unit.parser.articles import compose, parsed, rejected


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example.ORG/Path", "https://news.example.org/Path"),
        ("https://news.example.org", "https://news.example.org/"),
        ("https://news.example.org:443/a", "https://news.example.org/a"),
        ("http://news.example.org:80/a", "http://news.example.org/a"),
        ("http://news.example.org:8080/a", "http://news.example.org:8080/a"),
        ("https://news.example.org/a#comments", "https://news.example.org/a"),
        ("https://me:secret@news.example.org/a", "https://news.example.org/a"),
        ("https://news.example.org/a/../b/./c", "https://news.example.org/b/c"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://news.example.org/a?", "https://news.example.org/a"),
        ("https://news.example.org/a?id=7&page=2", "https://news.example.org/a?id=7&page=2"),
        ("https://news.example.org/?p=12&P=%2F", "https://news.example.org/?p=12&P=%2F"),
        ("https://news.example.org/a?b=1&a=2&b=3", "https://news.example.org/a?b=1&a=2&b=3"),
        ("https://news.example.org/a?id=7&amp;v=1", "https://news.example.org/a?id=7&v=1"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("\n  https://news.example.org/a  \n", "https://news.example.org/a"),
    ],
)
def test_one_address_has_one_form(url: str, canonical: str) -> None:
    assert parsed(compose(URL=url))["canonical_url"] == canonical


@pytest.mark.parametrize(
    "tracker",
    [
        "utm_source=x",
        "UTM_Medium=x",
        "fbclid=x",
        "gclid=x",
        "mc_cid=x&mc_eid=y",
        "_ga=x",
        "igshid=x",
        "at_medium=x&at_campaign=y",
        "ns_mchannel=social",
        "pk_campaign=x",
        "mtm_kwd=x",
        "_hsenc=x&_hsmi=1",
        "CMP=share_btn_tw",
        "ref_src=twsrc%5Etfw",
        "xtor=RSS-1",
        "guccounter=1",
        "smid=tw-share",
        "wpisrc=nl_x",
        "fb_action_ids=1",
        "spm=1",
        "wt_mc=x",
    ],
)
def test_where_the_reader_came_from_is_dropped(tracker: str) -> None:
    plain = parsed(compose(URL="https://news.example.org/a?id=7"))
    tracked = parsed(compose(URL=f"https://news.example.org/a?{tracker}&id=7&{tracker}#top"))
    assert tracked["canonical_url"] == plain["canonical_url"]
    assert tracked["id"] == plain["id"]


@pytest.mark.parametrize(
    "kept",
    [
        "id=1",
        "p=1",
        "page=2",
        "q=x",
        "source=x",
        "ref=x",
        "cid=1",
        "cmp=ACME",
        "at_id=1",
        "pk_id=1",
    ],
)
def test_what_may_say_which_article_it_is_stays(kept: str) -> None:
    assert parsed(compose(URL=f"https://n.example/a?{kept}"))["canonical_url"].endswith(kept)


def test_the_address_as_given_stays_beside_the_canonical_one() -> None:
    url = "HTTPS://News.Example.ORG/a?utm_source=x#top"
    assert parsed(compose(URL=url))["url"] == url


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://News.Example.org:8080/a", "news.example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://www2.example.org/", "www2.example.org"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
    ],
)
def test_the_site_is_the_host(url: str, site: str) -> None:
    assert parsed(compose(URL=url))["site"] == site


def test_ids_are_what_they_were() -> None:
    """`id_rules` 1 is frozen: a change here would part stored articles from their updates."""
    ferry = parsed(compose(URL="https://news.example.org/2025/03/01/harbour-ferry/?utm_source=x"))
    other = parsed(compose(URL="https://www.example.com/a?id=7&b=%C3%A9"))
    assert ferry["id"] == "d26575e5-79cc-542b-b70f-186a8ec12b0e"
    assert other["id"] == "6d3b1ed8-bbd8-586c-be98-7895318f9d6b"


def test_an_id_is_a_uuid_of_version_5_made_of_the_canonical_address() -> None:
    namespace = uuid.UUID("6f9d1c52-0a5e-5b0b-9a86-3f6f2f0d7c11")
    for number in range(100):
        address = f"https://news.example.org/{number}?q=ä"
        assert article_id(address) == str(uuid.uuid5(namespace, address))


def test_mobile_and_amp_addresses_are_not_merged() -> None:
    hosts = ["www.example.org/a", "m.example.org/a", "example.org/a", "www.example.org/a/amp"]
    assert len({parsed(compose(URL=f"https://{host}"))["id"] for host in hosts}) == 4


@pytest.mark.parametrize(
    "url",
    [
        "news.example.org/a",
        "//news.example.org/a",
        "/a/b",
        "ftp://news.example.org/a",
        "mailto:desk@example.org",
        "javascript:alert(1)",
        "https:/news.example.org",
        "https:news.example.org",
        "https://",
        "https:///a",
        "https://?a",
        "https://exa mple.org/",
        "https://news.example.org/a b",
        "https://news.example.org/a\nhttps://news.example.org/b",
        "https://[::1",
        "https://news.example.org:99999/",
        "https://a..b%00/",
        "https://" + "a" * 9000 + ".example/",
        "none",
    ],
)
def test_what_is_no_absolute_web_address_is_bad_url(url: str) -> None:
    rejection = rejected(compose(URL=url))
    assert (rejection["code"], rejection["field"], rejection["line"]) == ("bad_url", "URL", 3)
