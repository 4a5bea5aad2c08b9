"""Words that open a sentence: after an abbreviation their capital is no name's."""

FUNCTION_WORDS = """
    The A An This That These Those There Here It Its It’s It's He She They We You I I’m I'm I’ve
    I've I’ll I'll I’d I'd His Her Hers Their Theirs Our Ours My Mine Your Yours He’s He's
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
    Alongside Amidst Amongst Aboard Atop Himself Herself Itself Themselves
    Am Ain’t Ain't Aren’t Aren't Wasn’t Wasn't
""".split()

ADVERBS = """
    Also Still Even Just Only Now Then Today Yesterday Tomorrow Tonight Later Earlier Soon Meanwhile
    Moreover Furthermore Nevertheless Nonetheless Instead Indeed Perhaps Maybe Therefore Thus Hence
    Otherwise Elsewhere Again Already Always Never Often Sometimes Usually Recently Currently
    Previously Finally Eventually Initially Originally Additionally Apparently Clearly Certainly
    Obviously Unfortunately Fortunately Sadly Thankfully Hopefully Historically Ultimately Overall
    Generally Typically Specifically Similarly Likewise Consequently Accordingly Afterward
    Afterwards Nowadays Ever Quite Rather Very Too Far Well Together Alone Almost Nearly Roughly
    Approximately Simply Suddenly Slowly Quickly Separately Interestingly Importantly Surprisingly
    Ironically Officially Reportedly Allegedly Actually Basically Essentially Especially
    Particularly Long Last Next Early Late First Second Third Oh Ah Yes Yeah Okay Thanks Please Sure
    Sorry Wow Hello Congratulations Kudos Bravo Welcome Thank Probably Naturally Occasionally Surely
    Shortly Gradually Presumably Presently Personally Mostly Normally Undoubtedly Practically
    Subsequently Simultaneously Immediately Inevitably Frequently Partly Possibly Privately Publicly
    Ordinarily Mainly Increasingly Equally Conceivably Closely Significantly Hardly Altogether Twice
    Somehow Somewhere Everywhere Anywhere Anyhow Conversely Lastly Firstly Secondly Thirdly Rarely
    Repeatedly Merely Traditionally Evidently Admittedly Arguably Notably Curiously Oddly Strangely
    Luckily Regrettably Formerly Briefly Supposedly Seemingly Alternatively Technically
    Theoretically Legally Politically Economically Financially Statistically Frankly Honestly
    Former Literally Virtually Largely Primarily Chiefly Broadly Nationally Internationally Globally
    Nationwide Statewide Worldwide Regardless Prior Contrary Notwithstanding Thereafter Thereby
    Whereupon Plus Apart Aside Due Except Whereas Outside Inside Concerning Excluding Pending
    Granted Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty Thirty Forty Fifty
    Sixty Seventy Eighty Ninety Tens Scores Plenty Several Various Certain Today’s Today's
    Yesterday’s Yesterday's Haven’t Haven't Hasn’t Hasn't Wouldn’t Wouldn't Couldn’t Couldn't
    Shouldn’t Shouldn't It’ll It'll It’d It'd That’ll That'll There’d There'd
""".split()

PARTICIPLES = """
    According Based Given Asked Speaking Citing Regarding Including Following Compared Using
    Looking Considering Assuming Depending Founded Born Raised Known Called Located Written
    Made Set Driven Armed Faced Seen Taken Read See Watch Click Get Take Make Go Find Follow
    Sign Subscribe Check Try Think Say Look Keep Consider Imagine Remember Note Contact
    Come Tell Ask Give Put Stop Allow Assume Suppose Let Add Understand Join Learn Listen Visit
    Advertisement Replay Enlarge Leave Let’s Let's Expect Forget Send Stay Talk
""".split()

# Common nouns and adjectives that open news sentences; inside one they are lower-case.
COMMON = """
    Officials Police Experts Analysts Researchers Scientists Authorities Investigators Prosecutors
    Critics Supporters Opponents Residents Voters Lawmakers Shares Stocks Sales Prices Tickets
    Doctors Fans Students Teachers Parents Workers Employees Companies Investors Economists
    Customers Consumers Shoppers Demand Data Results Research Studies Reports Image Photo Photos
    People Men Women Children Family Families Friends Neighbors Neighbours Witnesses Victims
    Survivors Activists Advocates Protesters Demonstrators Migrants Refugees Immigrants Troops
    Soldiers Rescuers Firefighters Crews Detectives Officers Deputies Sources Leaders Politicians
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
    Younger Local Foreign Top Senior Big Small Large Major Other Additional Further
    Recent Current Previous Final Full Part Members Staff Management Executives Directors
    Shareholders Board Homes Houses Cars Vehicles Trucks Phones Devices Games Movies Films Books
    Songs Albums Music Story Stories News Information Correction Editor’s Editor's Related
    Published Updated Posted Copyright Follow Source Directed Rated Sponsored
    Reporting Editing Nearly Anyway Life Love Things Nobody’s Nobody's
    Analysts’ Critics' Hence Doing Being Having Making Taking Going Coming Working Living Getting
    Turning Seeing Starting Leaving Sitting Continuing Thinking Teaching Feeling Supporting Putting
    Meeting Finding Adding Reaching Keeping Buying Changing Arriving Walking Standing Slowing
    Rising Falling Soaring Growing Declining Mounting Lower Higher Weaker Stronger Better Worse
    Similar Right True Good Best Hot Cold Modern Religious Political Physical Corporate Individual
    Traditional Specific Real Proper Private Public Nuclear Different Basic Actual Theoretical
    Personal Dominant Preliminary Detailed Extensive Complete Heavy Limited Low High Combined
    Total Average Median Annual Quarterly Monthly Weekly Daily Net Gross Operating Pretax Strong
    Weak Increased Reduced Continued Improved Industry Company Program Publication Experience
    Example Examples Failure Experiments Orders Proceeds Insurers Citizens Rumors Rumours Remarks
    Numbers Measurements Managers Institutions Ideas Factors Funds Bids Guerrillas Rebels Militants
    Gunmen Suspects Inmates Prisoners Hostages Hunters Returns Records Proposals Problems Planes
    Personnel Participants Organisers Organizers Organisations Organizations Groups Unions Agencies
    Delegates Candidates Campaigns
    Estimates Forecasts Projections Expectations Employers Costs Wages Salaries Incomes Corporations
    Consumer Comments Changes Actions Adjustments Discussions Debates Opinions Surveys Figures
    Statistics Indicators Legislation Leadership Membership Coverage Advertising Income Turnover
    Volume Trading Sentiment Confidence Attendance Admission Success Progress Pressure Trouble
    Death Years Months Weeks Days Hours Minutes Parts Boys Girls Dogs Cats Birds Animals
    Trees Boats Ships Bombs Weapons Missiles Drugs Medicines Products Services Materials Machines
    Computers Software Equipment Goods Dealers Brokers Lenders Borrowers Creditors Depositors
    Suppliers Distributors Wholesalers Growers Builders Developers Contractors Engineers Designers
    Artists Writers Authors Musicians Actors Singers Historians Scholars Academics Professors
    Universities Colleges Regulators Legislators Policymakers Policies Rules Laws
    Regulations Policy Rates Fees Fares Rents Values Losses Gains Debts Loans Deposits Mortgages
    Rallies Marches Strikes Attacks Bombings Shootings Explosions Fires Floods Storms Earthquakes
    Hurricanes Rescue Cleanup Repairs Damage Injuries Casualties Fatalities Arrests Charges Trials
    Verdicts Sentences Lawsuits Claims Allegations Accusations Complaints Concerns Worries Fears
    Hopes Doubts Reaction Reactions Opposition Resistance Peace War Freedom Democracy
    Religion Philosophy History Science Technology Education Nature Travel Radiation Temperature
    Blood Cancer Obesity Smoking Drinking Gambling Hunting Fishing Farming Mining Manufacturing
    Parking Shopping Cooking Dinner Lunch Breakfast Coffee Wine Beer Milk Bread Meat Fish Chicken
    Beef Pork Corn Wheat Soybeans Rice Gasoline
    Electricity
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

# Verbs, and adverbs before them, that a name takes when it is the subject of a new sentence.
VERBS = frozenset(
    """
    said says is was are were has have had will would can could may might did does do told reported
    announced wants wanted plans planned declined denied warned argued claimed called began became
    came went got made took won lost left led beat also then wrote added noted explained responded
    believe believes say think thinks expect expects hope hopes met fell rose grew saw sold bought
    held kept gave paid sent built brought found makes sells owns hit cut put spent ran won dropped
    stood seeks remains becomes gets gives goes includes provides operates recently currently
    already now still never often usually generally frequently reportedly replied insisted agreed
    refused continues considers argues notes adds concedes acknowledges insists predicts maintains
    believes intends manufactures distributes produces spends pays earns loses wins buys takes
    brings leads refuses declines agrees appears seems tends proposes
    """.split()
)

# Subjects of one word that go with U.S. all the same: `the U.S. Senate is`.
INSTITUTIONS = frozenset(
    """
    Congress Senate House Treasury Navy Army Marines Marine Steel Bank Soccer Fed Capitol
    Embassy Constitution Customs Marshals Marshal Attorney Census Mint Bancorp Cellular Airways
    Open State Commerce Justice Masters Ambassador Secretary Secretary-General Government
    Treasuries Treasurys Agency Commission Council Court Mission Consulate Border Patrol Postal
    Cavalry Coast Infantry Legion Legation Envoy Military Assembly Parliament Cabinet Labour
    Charter Special
    """.split()
)

# People of the U.S., who yet begin the sentence after `in the U.S.`
PEOPLES = frozenset(
    """
    Democrats Republicans Democrat Republican Jews Muslims Christians Catholics Hispanics
    Latinos Olympians Conservatives President
    """.split()
)

# The last word of what belongs to the state: `the U.S. Fish Service said`.
BODIES = INSTITUTIONS | frozenset(
    """
    Department Departments Court Courts Force Forces Corps Service Services Bureau Office
    Offices Administration Authority Committee Institute Reserve Guard Survey Islands Island
    Association Federation League Chamber Center Centre Academy Command Fleet District Circuit
    Division Representatives Staff Chiefs Party Team Trustee Trust Central Supreme Appeals
    Plains Midwest Gulf Pacific Act Code Dollar Representative Atlantic East West North South
    Northeast Northwest Southeast Southwest Virgin Centers Institutes Market Markets Conference
    Forest Forests Park Parks Commissioner Community Observatory Food Drug Museum Memorial
    Monument Headquarters Program System Programme Fund Charter Summit Tribunal Panel Convention
    Secretariat Ministry Archives Belt Championship Championships Cup Trials Tour Prix Amateur
    College University Territory Territories Attorneys Airlines Airports Report Economy Missions
    Embassies Consulates Relief County
    """.split()
)

# No body of the U.S. has such a name, so it opens a sentence: `in the U.S. Canada wants`.
COUNTRY_NAMES = frozenset(
    """
    Argentine Australian Austrian Belgian Brazilian British Canadian Chinese Cuban Dutch Egyptian
    French German Greek Indonesian Iranian Iraqi Irish Israeli Italian Japanese Libyan Mexican
    Nigerian Norwegian Pakistani Polish Portuguese Romanian Russian Soviet Spanish Swedish Swiss
    Syrian Taiwanese Thai Turkish Ukrainian Venezuelan Vietnamese
    Afghanistan Argentina Australia Austria Bangladesh Belgium Brazil Britain Canada Chile China
    Colombia Cuba Denmark Egypt England Ethiopia Europe Finland France Germany Greece Haiti Hong
    Hungary India Indonesia Iran Iraq Ireland Israel Italy Japan Jordan Kenya Kuwait Lebanon Libya
    Malaysia Mexico Morocco Nigeria Norway Pakistan Panama Peru Poland Portugal Qatar Romania Russia
    Saudi Scotland Singapore Somalia Spain Sweden Switzerland Syria Taiwan Thailand Tunisia Turkey
    Ukraine Venezuela Vietnam Yemen Zimbabwe
    """.split()
)

# A person's title after `the U.S.` opens a sentence: nobody is a `U.S. Mr.`
PERSONAL = frozenset("Mr. Mrs. Ms. Dr. Messrs.".split())
