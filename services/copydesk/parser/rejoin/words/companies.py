"""Shortened company forms, and the words a company's name or officer goes on with."""

import re

COMPANIES = frozenset(
    """
    Inc Co Corp Ltd Cos Bros Plc PLC LLC LLP Pty Pte Ltda Cie Mfg Intl Assn Assoc Assocs Co.,Ltd
    Sdn Bhd Pvt Kft Zrt ehf hf ohf Hldgs Hldg Grp Inds Indus Svcs Prods Pharm Ry Rwy RR
    """.split()
)

# `Apple Inc. Chief Executive`, `Warner Bros. Pictures`, `Tech Co. Ltd.`
AFTER_COMPANIES = frozenset(
    """
    Chairman Chairwoman Chairperson CEO CFO COO CTO Founder Co-founder Co-Founder
    Ltd Inc Co LLC Limited Corp L.L.C Plc PLC KG Holdings
    Pictures Entertainment Discovery Television Records Studios Games Animation Studio Theatres
    """.split()
)

# `Chief Executive`, but not `Chief Justice`. `President` and `Director` open sentences too often.
CHIEFS = frozenset(
    """
    Executive Financial Operating Technology Technical Information Marketing Legal Accounting
    Commercial Product Strategy Investment Medical Scientific Revenue
    """.split()
)

# Offices that companies have, where states have `President` and `Director`.
OFFICES = re.compile(
    r"(?:(?:Senior|Executive|Group|Corporate|Regional|Associate) )*"
    r"(?:Vice (?:President|Chairman) (?!of\b)|Managing (?:Director|Partner) |General Counsel\b"
    r"|Co-[Pp]resident |President and |Deputy (?:Chairman|Managing) )"
    r"|(?:Senior|Executive|Group|Corporate) Vice "
)

# Names that carry their own mark; a capitalised word that opens no sentence belongs to them.
MARKED_NAMES = frozenset(["Yahoo!", "Yum!", "E!", "Jeopardy!", "Guess?"])
AFTER_MARKED_NAMES = frozenset(
    "News Sports Finance Mail Brands Inc. Inc Japan Online Network Entertainment Movies".split()
)
