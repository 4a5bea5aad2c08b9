"""Other shortened words: references to numbers, units, Latin and institutions."""

# A number follows. The lower-case ones that are also words join nothing but a number.
BEFORE_NUMBERS = frozenset(
    """
    No Nos no nos Prop Props Nr nr Fig Figs fig figs Vol Vols vol vols Ch ch Sec sec Sect sect Art
    Arts art arts p pp Para Paras para paras par Ex Exh Rs Re Op op Ext ext Tel tel Est est c ca
    circa Cap cap Ver ver Rte Rt Hwy Ser Pt pt chap Chap Ph ph vers Pos Lic Bk Pg pg Orig orig Reg
    reg Avg Ep Eps pop Pop alt elev wt ht b d Supp Pp Cl cl Sch Sc sc Rm rm Ref Refs Eq
    Eqs eq eqs Stat Doc
    """.split()
)

# Between a number and what it counts.
UNITS = frozenset(
    """
    ft in lb lbs oz mi km cm mm kg hr hrs min mins sec secs yd yds tbsp tsp pt qt gal gals deg
    sq cu fl mo mos wk wks yr yrs mph kph mg ml doz dia hp bu bbl bbls
    mil bil mln bln thou tril cc kc mc kw kwh mw gm gms
    """.split()
)

# More of the same sentence always follows.
BRIDGES = frozenset(
    "vs v e.g i.e viz cf aka a.k.a incl excl esp resp approx Approx Vs E.g I.e Cf eg ie".split()
)

# These may end a sentence, but a lower-case word or a bracket after them goes on with it.
ENDABLE = frozenset(
    """
    Hts Spgs Twp Jct Cty etc et al cert ed eds trans ibid op cit Jr jr Esq dept Dept depts govt Govt
    org Org Univ univ Inst inst Bldg bldg Div div Acad Conf Comm Dist dist Prov prov Tech Dept's
    Hosp Lab Labs Ed Eds misc max temp avg apt Apt Ave bldgs attn Attn anon abbr adj adv assn assoc
    bros corp exec gen lt mgr mfg mgmt natl intl ops orig pkg pkgs prof sgt svc tech admin asst capt
    co hon rev sen rep gov pres sr dr mr mrs st ave rd blvd hwy inc ltd
    """.split()
)

# Those of them that have numbers: `Bldg. 2`.
NUMBERED = frozenset("Bldg bldg Apt apt Dist dist Div div Dept".split())

# `Dist. Judge`
AFTER_DISTRICTS = frozenset("Atty. Attorney Judge Court".split())

# An adjective cut short: the noun follows, capitalised or not.
ADJECTIVES = frozenset("Natl Nat'l Nat’l Int'l Int’l Gov't Gov’t Govt Mtn Mtns".split())

# Words of the list above that are ordinary English too; a lower-case word proves nothing.
ALSO_WORDS = frozenset(
    """
    no nos fig figs art arts sec Sec in min mo deg par cap Ex Cap Art Arts No op ops co ch est
    Est Re Pos Fed Lab Labs Tech Ed max temp gen ed inc rep rev hon mi adj Dom Rd Pk
    Miss Mass Wash Ore Ill Del Ind Mar Sat Sun Wed Mon Cal Ga La Pa Ala Ark tech admin st b d
    """.split()
)
