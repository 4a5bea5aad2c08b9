"""Shortened words of languages other than English, as one set: they are told by their own looks.

Those without a vowel are told by that (`cautious`).
"""

GERMAN = """
    abb abs abt allg anm art aufl bes betr bez ca co dez dipl ebd ehem eigtl einschl etc evtl
    exkl feb febr geb gegr gen ing inkl jan jährl kap kath lat max min mind mio monatl nov okt
    phil pol prof red resp sep sept sog spez staatl südd tel tägl u urspr usw verh vors wöchentl
    zit österr
""".split()

FRENCH = """
    adj approx apr art av avr boul bull chap coll dir déc ed env etc ex exempl fasc fig févr gal
    gén hab hon inéd janv juil lib mar me mlle mme mmes nov num obs oct op prof pte réf rép sept
    soc ste sté suiv sup suppl syn trad tél univ vol éd éts
""".split()

SPANISH = """
    abr adm admón afmo ago aprox art arts atte av avda cap col coord cía dcha depto dic dir dpto
    dra dras ed edo ej emmo ene entlo esq etc excmo exp fac feb fig gob gral hnos ilmo impr ing
    izda izq lic ltda mons mpio mun máx mín nov núm núms oct pbla pbro pdte pral prof prov pról
    pág págs ref rte sdad sep sept sra sras sres srta sta sto tel tfno trad ud uds univ vol
""".split()

ITALIAN = """
    art avv ca cap dott ecc es fig gen geom ing int loc max min op pag proc prof prov rag red
    ric sec segg sez sig sigg soc sost tab tel ult vol
""".split()

PORTUGUESE = """
    adm aprox art av cap cia ed eng esp etc ex exmo fig hab inc ltda máx mín núm obs op org pag
    prof profa pág ref res sec seg séc tel vol
""".split()

DUTCH = """
    afd art bijv bijz ca ed enz etc evt excl fig gez hoofdst incl ing max mevr mil min ong
    oorspr pag prof red resp rev tel uitg vol zog
""".split()

SCANDINAVIAN = """
    alm ang anm ca dir ekskl eksl eksp evt exkl exp fig ifm ift inkl jan kap lat maks max milj
    mill min mio moms nuv obs okt osv pga red resp rev sek sept sid tel tilf tir udg undt utg
    vol årg
""".split()

POLISH = """
    ang art gen godz hab im inż itd itp mec mies nadkom ok pol pow prof przyp pseud red rys
    siedz tel tys ul ust wicemin woj zach zob łac
""".split()

CZECH = """
    aj apod atd cca doc ing kap mil např násl obr odst okr pol popř prof příp resp stol tab tel
    tis ul vyd zejm
""".split()

RUSSIAN = """
    акад англ букв бул врем гор губ деп доц ед изд им ин иностр инст исп итал кол кон кор корп
    лат лит мес мин напр нац нач обл обр оз ок орг осн пер пол пос прибл прим проф рис род руб
    рус сев сек сер соб сов соч стор тел тов тыс ул ум фам чел экз
""".split()

UKRAINIAN = """
    акад англ арх буд бул бульв вид вип вул див доц екз жін заг зам зокр коп кор куб кілом лат
    літ ліц мин напр наук нац ніж обл окр оп орг пан под пор приб прибл пров просп проф ред рис
    розд сек сел соц стор суч табл тел тис тов укр ун філ хім чол ім ін
""".split()

FOREIGN = frozenset().union(
    *(GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH),
    *(SCANDINAVIAN, POLISH, CZECH, RUSSIAN, UKRAINIAN),
)
