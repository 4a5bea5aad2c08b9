"""Addresses: which are good, the canonical form, and the article's id made of it.

`id_rules` 1 is frozen: what `canonical` and `article_id` answer, the list of trackers included,
decides which article a file is. Changing any of it is a new number and a migration of what is
stored.
"""

from __future__ import annotations

import re
import uuid
from typing import Final, NamedTuple

import ada_url

from copydesk.parser.rejected import Rejected, quoted
from copydesk_schemas.ids import uuid5, uuid_text

ID_RULES: Final = 1

_NAMESPACE = uuid.UUID("6f9d1c52-0a5e-5b0b-9a86-3f6f2f0d7c11").bytes
_ABSOLUTE = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_LONGEST = 8192

# Parameters that say where a reader came from, never what is read. Names that some sites use for
# content (id, p, page, source, ref, cid, campaign) are not here.
_TRACKER = re.compile(
    r"""(?xi)
    # campaigns: Google, Matomo, AT Internet, comScore, Adobe, HubSpot, newsletters
    (?: utm | mtm | hsa | oly | vero | trk )_\w+
    | (?: pk | piwik )_ (?: campaign | kwd | keyword | source | medium | content | cid )
    | (?: at | ns | sc | itm | stm )_
      (?: source | medium | campaign | content | term | channel | mchannel | linkname | format
        | ptr_name | custom\d | link_\w+ | campaign_type )
    | wt_ z? mc (?: _o )? | xtor | _openstat | ef_id | s_cid | s_kwcid | icid | ncid | cmpid
    | (?-i:CMP) | dm_i | wickedid | mkt_tok | mc_ [ce]id | ml_subscriber (?: _hash )? | _kx
    | _hsenc | _hsmi | __hs (?: tc | sc | fp ) | hsctatracking
    # clicks
    | fbclid | gclid | gclsrc | dclid | gbraid | wbraid | msclkid | yclid | ysclid | twclid
    | ttclid | igshid | igsh | li_fat_id | rdt_cid | sccid | irclickid | epik | dicbo | _ga | _gl
    | _branch_ (?: match_id | referrer ) | spm
    # sharing, and papers' own
    | fb_ (?: action_ids | action_types | comment_id | ref | source )
    | action_ (?: object | ref | type ) _map | __twitter_impression | ref_ (?: src | url )
    | gaa_ (?: at | n | ts | sig ) | guccounter | guce_referrer (?: _sig )? | soc_ (?: src | trk )
    | smid | smtyp | wpisrc | wpmm | ocid | taid | ito | ftag | bxid | cndid | regi_id | sr_share
    """
)


class Address(NamedTuple):
    """An article's address: canonical, and the site it is on."""

    canonical: str
    site: str


def canonical(url: str) -> Address:
    """The canonical form of `url` by the WHATWG's rules for parsing, and its site.

    Scheme and host in lower case, international names in ASCII, no default port, no credentials,
    no fragment, no tracking parameters; all other parameters untouched and in their order.
    Raises Rejected `bad_url`.
    """
    if len(url) > _LONGEST or not _ABSOLUTE.fullmatch(url):
        raise _bad(url)
    try:
        whole = ada_url.normalize_url(url)
    except ValueError:
        raise _bad(url) from None
    place, _, query = whole.partition("#")[0].partition("?")
    scheme, _, rest = place.partition("//")
    authority, _, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    kept = [pair for pair in query.split("&") if pair and not _tracks(pair)]
    search = "?" + "&".join(kept) if kept else ""
    site = host.partition(":")[0] if not host.startswith("[") else host
    return Address(f"{scheme}//{host}/{path}{search}", site.removeprefix("www."))


def article_id(canonical_url: str) -> str:
    """The id of the article at `canonical_url`: UUIDv5, so that all of its versions share it."""
    return uuid_text(uuid5(_NAMESPACE, canonical_url.encode()))


def _tracks(pair: str) -> bool:
    return _TRACKER.fullmatch(pair.partition("=")[0]) is not None


def _bad(url: str) -> Rejected:
    return Rejected("bad_url", f"{quoted(url)} is no absolute http or https address.", field="URL")
