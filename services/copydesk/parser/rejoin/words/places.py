"""Shortened parts of place names: states, streets, saints and forts."""

# AP and traditional forms; postal codes carry no full stop.
STATES = frozenset(
    """
    Ala Ariz Ark Cal Calif Colo Conn Del Fla Ga Ill Ind Kan Kans Ky La Mass Md Me Mich Minn Miss
    Mo Mont Neb Nebr Nev Okla Ore Oreg Pa Penn Tenn Tex Va Vt Wash Wis Wisc Wyo
    Alta Ont Que Sask Nfld Qld Tas
    """.split()
)

# A name follows these: `Ft. Worth`.
BEFORE_NAMES = frozenset("Ft Mt Pt Ste Sts".split())

STREETS = frozenset(
    "Ave Av Blvd Rd Ln Hwy Pkwy Pl Sq Ct Terr Cres Expy Expwy Fwy Tpke Tpk Rte Rt Plz Pk".split()
)

# `Va. Tech`, `Okla. State`
AFTER_STATES = frozenset(["Tech", "State", "St", "A&M"])

QUARTERS = frozenset("NW NE SW SE".split())

# What an address goes on with after its street.
AFTER_STREETS = QUARTERS | frozenset("N S E W Suite Ste Apt Unit Floor Room Station".split())

# `Port St. Lucie`: capitalised words before a saint, where others make `St.` a street.
BEFORE_SAINTS = frozenset(
    """
    Port Lake Bay East West North South Old New Upper Lower Mount Fort Cape Church Saint Sault
    Point Isle Rue Our Sir Via From In At On Near By To Of And The For With As Ascot
    Hospital School College University Cathedral Parish Feast
    """.split()
)

SAINTS = frozenset(
    """
    Louis Paul Petersburg Peter John Johns Augustine George James Joseph Mary Patrick Lucia Kitts
    Vincent Helena Helens Helier Andrew Andrews Thomas Martin Maarten Michael Francis Clair Cloud
    Charles Catherine Catharines Albans Albert Bernard Lawrence Barts Tropez Moritz Cyr Pierre Onge
    Amant Laurent Hilaire Gallen Denis Etienne Ives Jude Luke Mark Matthew Nicholas Pancras Stephen
    Anthony Croix Simon Bonaventure Anne Agnes Elizabeth David Basil Germain Mirren Johnstone Kilda
    Lukes Marys Josephs Anna Blaise Anselm Barnabas Bartholomew Boniface Cuthbert Dunstan Giles
    Ignatius Aloysius Columba Olaf Swithin Vitus Wenceslas Stanislaus Malo Quentin Nazaire Regis
    Xavier Cecilia Ursula Bernadette Edmunds Clement
    """.split()
)

COUNTIES = frozenset(
    """
    Antrim Armagh Carlow Cavan Clare Cork Derry Donegal Down Dublin Durham Fermanagh Galway
    Kerry Kildare Kilkenny Laois Leitrim Limerick Londonderry Longford Louth Mayo Meath Monaghan
    Offaly Roscommon Sligo Tipperary Tyrone Waterford Westmeath Wexford Wicklow
    """.split()
)
