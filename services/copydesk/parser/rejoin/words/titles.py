"""Shortened titles that stand before a name (AP, Reuters and UK military and church usage)."""

# Nothing but a name follows these, so even `Mr. He` is one name.
HONORIFICS = frozenset("Mr Mrs Ms Mx Messrs Mme Mmes Mlle Mlles Mses".split())

POLITICAL = """
    Gov Govs Sen Sens Rep Reps Amb Ambs Atty Attys Pres Sec Secy Cllr Coun Ald Assemb Chmn Chm
    Commr Comr Dep Dir  Fmr Treas Adv MEP Ass't Ass’t
""".split()

MILITARY_AND_POLICE = """
    Adm Adms Brig Capt Capts Cdr Cdre Cmdr Cmdrs Cmdt Cmdre Comdr Comdt Col Cols Const Cpl Cpls
    Cpt Det Dets Ens Flt Gen Gens Gnr Insp Lcdr LCpl Lieut Lt Lts Ltc Maj Majs Ofc Ofcr Pfc Pte
    Pvt Pvts RAdm Sgt Sgts Spc Spec Sqn SSgt Supt Tpr Tsgt Vadm Wg Adml Genl Amn Cmsgt Ldr
    Midn Msgt Mshl Radm Sfc Smsgt Supts Insps j.g
""".split()

ACADEMIC_AND_MEDICAL = "Dr Drs Prof Profs Asst Assoc Engr Lic Ing".split()

RELIGIOUS = """
    Rev Revs Hon Hons Rt Ven Msgr Msgrs Mons Mgr Bp Abp Fr Frs Br Bro Sra Srta Revd Ptr Archbp
    Smt
""".split()

# The last is a champion among dogs.
OFFICE = "Exec Supv Adj Ch".split()

# Old short forms of given names, which a surname follows.
GIVEN_NAMES = (
    "Wm Chas Geo Thos Jas Jos Robt Benj Edw Th Sh Zh Kh Jno Danl Saml Fredk Edwd Richd".split()
)

TITLES = frozenset(
    [
        *HONORIFICS,
        *POLITICAL,
        *MILITARY_AND_POLICE,
        *ACADEMIC_AND_MEDICAL,
        *RELIGIOUS,
        *OFFICE,
        *GIVEN_NAMES,
    ]
)

# Surnames and given names that look like words which open a sentence (`Gen. He Weidong`).
NAMES_LIKE_OPENERS = frozenset("He She You So An Do No My Her To Her On In Or May Will".split())
