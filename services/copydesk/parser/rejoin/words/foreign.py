"""Shortened words of languages other than English, as one set: they are told by their own looks."""

GERMAN = """
    abb abs abt allg anm art aufl bd bes betr bez bspw bzgl bzw ca co chr dez dgl dipl dr ebd ehem
    eigtl einschl etc evtl exkl feb febr fr frl geb gegr gem ggf gr hg hl hr hrsg inkl ing inkl
    jan jh jhd jhdt jr kath kl lat lfd lt max mind min mio mrd mwst nov nr okt österr phil prof
    pol rd red resp rel sen sept sog spez st staatl std str stv südd tel tsd u usw vgl vgl vors
    verh wg zit zz zzgl
""".split()

FRENCH = """
    adj apr art av avr bd boul bull cf chap coll déc dir dr ed éd env etc ex exempl fasc févr fig
    gal gén hab hon inéd janv juil lib m me mgr mlle mm mme mmes nov num obs oct op p par pl pp
    prof qqch qqn réf rép sept soc st ste suiv sup suppl syn tél trad univ vol
""".split()

SPANISH = """
    abr admón afmo ago art arts atte av avda cap cía coord dcha depto dic dir dpto dr dra dras drs
    ed ej emmo ene entlo esq etc excmo exp fac feb fig gral gob hnos ilmo impr ing izda izq lic
    ltda máx mín mons nov núm núms oct pág págs pbro pdte pl pral pról prof prov ref rte sdad sep
    sept sr sra sras sres srta sta sto tel tfno trad ud uds univ vd vds vol
""".split()

UKRAINIAN = """
    акад англ арх бл буд бул бульв вид вип вул гл гр грн див доц др екз жін заг зам зб зв зокр ім
    ін кв кг кілом км кн коп кор куб лат літ ліц м мин млн млрд напр наук нац ніж обл окр оп орг
    пан пл под пор пп пров просп проф ред рис рр розд с св сек сел см соц ст стор суч табл тел
    тис тов тт укр ун філ хв хім ч чол шт
""".split()

OTHER = """
    bijv blz dhr enz evt fl incl jl km mevr nl nr o.a pag resp tel ecc es fig ing pag prof sig sigg
    sig.ra tab vol dep eng exmo jr núm obs pág prof sra tel v.gr ob np nr pl prof tel tzn tzw ul
    zł ca bl a dvs f.eks kl kr mill nr osv ppk
""".split()

FOREIGN = frozenset([*GERMAN, *FRENCH, *SPANISH, *UKRAINIAN, *OTHER])
