"""Letters with full stops: states and bodies, degrees, and nouns that a letter follows."""

# Used as an adjective before a noun, or as a noun that may end a sentence.
COUNTRIES = frozenset(["U.S.", "U.N.", "U.K.", "E.U.", "U.S.S.R."])

# Nouns more than adjectives: a capitalised word after them opens a sentence.
NOUNS = frozenset("U.S.A. U.A.E. D.R.C. R.S.V.P. A.I. I.Q. T.V. I.D. E.R.".split())

REGIONS = frozenset(
    """
    D.C. L.A. N.Y. N.J. N.Y.C. S.F. N.C. S.C. S.D. N.D. N.M. N.H. R.I. B.C. N.S. N.B. P.E.I.
    W.Va. N.S.W. P.R.
    """.split()
)

DEGREES = frozenset(
    """
    M.D. Ph.D. D.D.S. B.A. M.A. B.S. M.S. M.B.A. J.D. LL.B. LL.M. LL.D. Ed.D. Ed.M. R.N.
    D.O. Psy.D. D.V.M. M.P.H. C.P.A. B.Sc. M.Sc. D.Phil. M.Phil. M.F.A. B.F.A. M.P. M.P.P. Q.C.
    O.B.E. M.B.E. C.B.E. C.V.
    """.split()
)

# What they introduce follows them, however it begins.
HERALDS = frozenset(["P.S.", "P.P.S.", "N.B.", "R.I.P."])

# Nouns that may follow a place's or a body's name, and are initials elsewhere (`P.D. James`).
SHORT_NOUNS = frozenset("P.D. O.K. H.Q. V.A. V.P. P.R. K.C. D.A.".split())

ERAS = frozenset(["B.C.", "A.D.", "B.C.E.", "C.E."])

# Company forms, where a capitalised word stands before them.
CORPORATE = frozenset(
    "S.A. N.V. A.G. B.V. P.L.C. L.P. L.L.C. L.L.P. S.p.A. S.A.R.L. K.K. A.B. A.S. S.E.".split()
)

TIMES = frozenset(["a.m.", "p.m.", "A.M.", "P.M.", "a.m", "p.m", "am.", "pm.", "AM.", "PM."])

# A single letter after one of these is a label, not somebody's initial.
LABELLED = frozenset(
    """
    plan group vitamin vitamins hepatitis class grade exhibit section type schedule division part
    path pool appendix route line terminal gate serie series tier block unit level option team
    channel category model figure table formula influenza strain size note letter letters key
    building hall wing ward studio stage zone lot door row bus platform pier concourse stand league
    ligue liga variant subtype streptococcus sample batch phase title chapter article volume book
    act scene question answer item point case list side version product company degrees degree
    factor minor major flat sharp string cup title district area room apartment suite annex track
    lane runway camp site sector ring clause paragraph school
    """.split()
)

# After these X is the network, and nobody's initial.
POSTED = frozenset("on to via from and or called platform network site app Twitter".split())

# Names that end in a letter.
STAGE_NAMES = frozenset(
    [
        ("Malcolm", "X."),
        ("Racer", "X."),
        ("Space", "X."),
        ("Cardi", "B."),
        ("Mel", "B."),
        ("Mel", "C."),
        ("Kenny", "G."),
        ("Ali", "G."),
        ("Sheila", "E."),
        ("Heavy", "D."),
        ("Jay", "Z."),
        ("Eazy", "E."),
    ]
)

# `I.` after these is a number; the names are mostly rulers'.
NUMBERED = frozenset(
    """
    War Phase Class Type Part Division Schedule Chapter Article Title Level Tier Stage Act Volume
    Book Group Rank Region Section Corps Elizabeth Napoleon Nicholas Wilhelm Leopold Otto Ferdinand
    Isabella Selassie Catherine Ramses Pius Benedict Franz
    """.split()
)

# After other names it is a number where one of these stands before: `King Charles I.`
RULERS = frozenset(
    """
    King Queen Emperor Empress Tsar Czar Kaiser Pope Prince Princess Duke Sultan Shah Archduke
    Franz Maria Saint St. throne reign crown coronation execution dynasty monarch
    """.split()
)

GRADED = frozenset("line grade rating score verdict mark overall rated".split())
