"""Words that open a sentence: after an abbreviation their capital is no name's."""

FUNCTION_WORDS = """
    The A An This That These Those There Here It Its It’s It's He She They We You I I’m I'm I’ve
    I've I’ll I'll I’d I'd His Her Hers Their Theirs Our Ours My Mine Your Yours Its He’s He's
    She’s She's They’re They're We’re We're You’re You're That’s That's There’s There's
    What’s What's Who’s Who's Here’s Here's Let’s Let's We’ve We've They’ve They've Don’t Don't
    We’ll We'll They’ll They'll You’ll You'll He’d He'd She’d She'd He’ll He'll She’ll She'll
    Isn’t Isn't Didn’t Didn't Doesn’t Doesn't Can’t Can't Won’t Won't
    But And Or So Nor Yet For If In On At By From To With As Of When While After Before Since
    Until Till Because Although Though Unless Once Whether Where Wherever Whenever Why How What
    Who Whose Whom Which Whatever Whoever However Despite During Under Over Between Among Amid
    Within Without Against Like Unlike About Above Across Along Around Behind Below Beneath
    Beside Besides Beyond Through Throughout Toward Towards Upon Off Out Up Down Into Onto Per
    Not No None Nobody Nothing Nowhere Neither Either Both All Any Anyone Anything Each Every
    Everyone Everything Everybody Some Somebody Someone Something Many Most Much More Few Fewer
    Less Least Several Such Same Another Other Others One Two Three Four Five Six Seven Eight
    Nine Ten Eleven Twelve Dozens Hundreds Thousands Millions Half
    Is Are Was Were Be Been Being Do Does Did Done Has Have Had Having Can Could Would Should
    Shall Must Might
    Am Ain’t Ain't Aren’t Aren't Wasn’t Wasn't
""".split()

ADVERBS = """
    Also Still Even Just Only Now Then Today Yesterday Tomorrow Tonight Later Earlier Soon
    Meanwhile Moreover Furthermore Nevertheless Nonetheless Instead Indeed Perhaps Maybe
    Therefore Thus Hence Otherwise Elsewhere Again Already Always Never Often Sometimes Usually
    Recently Currently Previously Finally Eventually Initially Originally Additionally
    Apparently Clearly Certainly Obviously Unfortunately Fortunately Sadly Thankfully Hopefully
    Historically Ultimately Overall Generally Typically Specifically Similarly Likewise
    Consequently Accordingly Afterward Afterwards Nowadays Ever Quite Rather Very Too Far Well
    Together Alone Almost Nearly Roughly Approximately Simply Suddenly Slowly Quickly Separately
    Interestingly Importantly Surprisingly Ironically Officially Reportedly Allegedly Actually
    Basically Essentially Especially Particularly Long Last Next Early Late First Second Third
    Oh Ah Yes Yeah Okay Thanks Please Sure Sorry Wow Hello
    Congratulations Kudos Bravo Welcome Thank
""".split()

PARTICIPLES = """
    According Based Given Asked Speaking Citing Regarding Including Following Compared Using
    Looking Considering Assuming Depending Founded Born Raised Known Called Located Written
    Made Set Driven Armed Faced Seen Taken Read See Watch Click Get Take Make Go Find Follow
    Sign Subscribe Check Try Think Say Look Keep Consider Imagine Remember Note Contact
""".split()

# Common nouns and adjectives that open news sentences; inside one they are lower-case.
COMMON = """
    Officials Police Experts Analysts Researchers Scientists Authorities Investigators Prosecutors
    Critics Supporters Opponents Residents Voters Lawmakers Shares Stocks Sales Prices Tickets
    Doctors Fans Students Teachers Parents Workers Employees Companies Investors Economists
    Customers Consumers Shoppers Demand Data Results Research Studies Reports Image Photo Photos
    People Men Women Children Families Friends Neighbors Neighbours Witnesses Victims Survivors
    Activists Advocates Protesters Demonstrators Migrants Refugees Immigrants Troops Soldiers
    Rescuers Firefighters Crews Detectives Officers Deputies Sources Leaders Politicians
    Diplomats Lawyers Attorneys Judges Jurors Players Coaches Drivers Passengers Travelers
    Travellers Tourists Visitors Guests Users Readers Viewers Patients Nurses Farmers Owners
    Landlords Tenants Homeowners Businesses Firms Banks Airlines Retailers Manufacturers
    Producers Exporters Importers Traders Markets Futures Bonds Yields Inflation Unemployment
    Interest Growth Revenue Profit Profits Earnings Exports Imports Output Production Supply
    Supplies Trade Talks Negotiations Relations Tensions Violence Fighting Protests Elections
    Polls Critics’ Evidence Details Questions Plans Efforts Work Construction Traffic Weather
    Rain Snow Winds Temperatures Flights Trains Buses Schools Hospitals Stores Shops Restaurants
    Cases Deaths Infections Vaccines Tests Testing Symptoms Treatment Food Water Oil Gas Gold
    Crude Money Taxes Tariffs Sanctions Aid Help Support Security Crime New Old Young Older
    Younger Local Foreign Former Top Senior Big Small Large Major Other Additional Further
    Recent Current Previous Final Full Part Members Staff Management Executives Directors
    Shareholders Board Homes Houses Cars Vehicles Trucks Phones Devices Games Movies Films Books
    Songs Albums Music Story Stories News Information Correction Editor’s Editor's Related
    Published Updated Posted Copyright Follow Source Advertisement Directed Rated Sponsored
    Reporting Editing Additional Nearly Anyway Life Love Things Nobody’s Nobody's
    Analysts’ Critics' Hence Doing Being Having Making Taking Going Coming Working Living Getting
""".split()

# After a title or an initial only these: `Sen. Young`, `J. Waters` and `Rep. Long` are names.
STRICT_OPENERS = frozenset(FUNCTION_WORDS)

OPENERS = frozenset([*FUNCTION_WORDS, *ADVERBS, *PARTICIPLES])

# Openers before a small letter, parts of a name before a capital (`Security Council`).
WEAK_OPENERS = frozenset(COMMON)

# Openers that are also surnames.
SURNAMES = frozenset(
    "Young Small Gold Love Rain Snow Banks Story Crews Major Long Early Born Read Rather".split()
)

# Verbs that a name takes when it is the subject of a new sentence.
VERBS = frozenset(
    """
    said says is was are were has have had will would can could may might did does do told
    reported announced wants wanted plans planned declined denied warned argued claimed called
    began became came went got made took won lost left led beat also then wrote added noted
    explained responded replied insisted agreed refused
    """.split()
)

# Subjects of one word that go with U.S. all the same: `the U.S. Senate is`.
INSTITUTIONS = frozenset(
    """
    Congress Senate House Treasury Navy Army Marines Marine Steel Bank Soccer Fed Capitol Embassy
    Constitution Democrats Republicans Democrat Republican Customs Marshals Marshal Attorney
    President Census Mint Bancorp Cellular Airways Open State Commerce Justice Jews Muslims
    Christians Catholics Hispanics Latinos Olympians Masters Ambassador Secretary Government
    Treasuries Treasurys Agency Commission Council Court Mission Consulate Border Patrol Postal
    Assembly Parliament Cabinet Conservatives Labour Charter Special
    """.split()
)

# A person's title after `the U.S.` opens a sentence: nobody is a `U.S. Mr.`
PERSONAL = frozenset("Mr. Mrs. Ms. Dr. Messrs.".split())
