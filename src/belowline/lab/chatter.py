"""Our own everyday chatter: what readers write under any story, and the stories where it would be in place.

Every line is used both ways, under its own story and under another, so that the model cannot learn that chatty
comments as such are off topic.
"""

from typing import NamedTuple

from belowline.engine.text.words import terms


class Subject(NamedTuple):
    """A story of our own with lines that belong under it."""

    title: str
    standfirst: str
    near: str
    """Words: under a story whose title or standfirst holds one of them, the lines may be in place."""
    lines: tuple[str, ...]

    def is_near(self, *texts: str) -> bool:
        """Say whether the texts of another story touch this subject."""
        found = {term for text in texts for term in terms(text)}
        return not found.isdisjoint(terms(self.near))


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "Phone makers told to let owners mend their own handsets",
        "Batteries and screens must be replaceable in any high-street shop from next year",
        "phone screen teens track",
        (
            (
                "My phone has started switching itself off at thirty per cent. The shop says the battery is fine and "
                "wants ninety quid for a new screen. Has anyone had theirs repaired by one of those market stalls?"
            ),
            (
                "Does anybody know how to move contacts from an old handset to a new one without signing up for cloud "
                "storage? The manual is forty pages of icons and my grandson lives abroad."
            ),
        ),
    ),
    Subject(
        "Coldest and wettest spring for sixty years, says the weather service",
        "Forecasters expect no settled sunshine before the end of June, then a heatwave",
        "climate storm fema flood weather",
        (
            (
                "Rain again, third week running. The gutters overflow, the lawn is a pond and the forecast promises "
                "sunshine every evening for a tomorrow that never arrives."
            ),
            (
                "Woke up to frost on the inside of the window this morning. Radiators barely lukewarm, two jumpers "
                "on, and the cat has claimed the only blanket."
            ),
            (
                "It was thirty-four degrees in our kitchen yesterday. Every fan in the shops is sold out and the dog "
                "just lies on the bathroom tiles looking at me as if I had arranged it."
            ),
        ),
    ),
    Subject(
        "The dishes that families cook most often at home",
        "A survey of ten thousand kitchens finds roast chicken, pasta and cakes still at the top",
        "food eat vegan cook salt restaurant",
        (
            (
                "Tip for anyone roasting a chicken tonight: butter under the skin, a lemon inside, and take it out "
                "ten minutes before you think it is done. Gravy from the pan with a spoon of mustard."
            ),
            (
                "Can you freeze lasagne before baking it or does the pasta turn to glue? I have made enough for "
                "twelve and only four people turned up to my sister's birthday."
            ),
            (
                "I followed the sponge recipe to the gram and it still sank in the middle. Oven thermometer says one "
                "eighty. Could it be old baking powder, or opening the door too early?"
            ),
            (
                "I make a cheese scone every Friday and nobody in this office has ever once asked for the recipe, but "
                "the plate is always empty by half past nine. You know who you are."
            ),
        ),
    ),
    Subject(
        "Cafés and curry houses raise prices for the third time this year",
        "Owners blame rent and wages; customers drink and dine out less",
        "food eat restaurant tip reservation happy vegan salt",
        (
            (
                "Best curry in years last night, that little place behind the station. Lamb falling off the bone, "
                "garlic naan as big as a pillow, and they remembered my name."
            ),
            (
                "Somebody please explain why coffee in paper cups now costs more than lunch used to. I went back to a "
                "flask and a jar of instant and honestly cannot taste the difference."
            ),
        ),
    ),
    Subject(
        "Football league to review refereeing and wages after stormy season",
        "Clubs will vote on video assistance and a cap on players' pay",
        "sport soccer fifa olympics football tennis ball",
        (
            (
                "The referee ruined that semi-final. Two clear penalties waved away, then nine minutes of injury time "
                "from nowhere. Our keeper was the only one who came home with any credit."
            ),
            (
                "The new striker is on more in a week than I earn in a decade and could not hit a barn door. Sell him "
                "in January, bring through the youngsters and get a proper left back."
            ),
            (
                "Anyone else think the rugby has become unwatchable since they changed the scrum laws? Eighty minutes "
                "of resets and kicking, then a television official deciding it with a freeze frame."
            ),
        ),
    ),
    Subject(
        "Sports clubs lose a tenth of their members as fees rise",
        "Golf, cycling, swimming and running clubs all report empty places",
        "sport olympics bike tennis soccer ball",
        (
            (
                "Golf club has put the annual fee up again and closed the back nine for drainage. Three of us are "
                "moving to the municipal course, where at least the bacon rolls are decent."
            ),
            (
                "Looking for a cycling buddy for Sunday mornings, steady pace, about thirty miles with a cake stop. "
                "My knees are not what they were, so no hill climbing please."
            ),
            (
                "Is the swimming pool warm again yet? The boiler broke in March, the water was like a reservoir and "
                "the showers gave out halfway through the shampoo."
            ),
            (
                "What a finish to the marathon yesterday. Leading by forty seconds with a mile to go, legs turned to "
                "jelly, and overtaken on the line. I was shouting at the screen."
            ),
        ),
    ),
    Subject(
        "Viewers complain about dull dramas and muddy sound on television",
        "Broadcasters promise clearer dialogue and fewer murder series",
        "television tv reality show movie streaming deaf",
        (
            (
                "The final episode of that detective series was a cheat. Six weeks of clues and the killer turns out "
                "to be a twin nobody had mentioned. My husband threw a slipper at the set."
            ),
            (
                "Has anybody got recommendations for something to watch while ironing? I have finished all the baking "
                "programmes and the one about lighthouses, and I cannot face another murder."
            ),
            (
                "Why does the sound on every drama go from whispering to explosions? I sit there with the remote "
                "control in one hand, subtitles on, waking the neighbours each time a car door shuts."
            ),
        ),
    ),
    Subject(
        "Bookshops, puzzle magazines and games sell well in a wet winter",
        "Fantasy novels, crosswords and quiet games by the fire are back",
        "book publish amazon librari movie game video screen teens",
        (
            (
                "Just finished the second volume of that dragon trilogy and it drags in the middle, far too much "
                "walking. Is the third one worth the paperback price or should I leave it there?"
            ),
            (
                "Stuck on seventeen across, eight letters, ends in a k, something about a sailor and a pudding. My "
                "aunt says it is a misprint but she says that whenever she is beaten."
            ),
            (
                "Level sixty of this puzzle game is impossible without buying the hammers. Three evenings on it, my "
                "thumb hurts and my daughter did it in ten minutes on the bus."
            ),
        ),
    ),
    Subject(
        "Holidaymakers choose tents and islands over long flights",
        "Lost luggage and high fares send more families to campsites and beaches",
        "greece beach vacation travel park airline",
        (
            (
                "Two weeks in Crete booked for September, half board, sea view. Anyone been to the western end? We "
                "want a quiet beach, grilled fish and a hire car that starts."
            ),
            (
                "Our suitcase went to Oslo while we went to Malaga. Four days in the same shorts and the airline "
                "offers a voucher for a sandwich. Never checking in luggage again."
            ),
            (
                "Tried camping for the first time at fifty-three. Airbed deflated at midnight, a sheep ate the bread, "
                "and my wife has not spoken to me since the second morning."
            ),
            (
                "Is the caravan site near the dunes still run by that couple with the parrots? We went every Easter "
                "when the children were small and I would love to take the grandchildren."
            ),
        ),
    ),
    Subject(
        "Council to double parking fines and send more wardens out",
        "Drivers who block drives or overstay in car parks face higher penalties",
        "park car driv bike traffic electric",
        (
            (
                "Some clown in a silver estate parks across my drive every single evening. I have left polite notes, "
                "rude notes and a cone. Yesterday he moved the cone onto the roof of my car."
            ),
            (
                "Got a ticket for being six minutes over in the multi-storey because the machine refused my coins and "
                "the app wanted a password. Has anybody ever won an appeal against these people?"
            ),
            (
                "My exhaust fell off on the ring road this morning. The garage wants four hundred for a part that "
                "costs sixty online, and the courtesy vehicle smells of wet spaniel."
            ),
        ),
    ),
    Subject(
        "More households than ever keep a pet",
        "Dogs lead, followed by cats, hamsters and birds, says the vets' yearly count",
        "pet dog cat animal declaw",
        (
            (
                "We had to say goodbye to our old labrador on Tuesday. Fourteen years, never bit anyone, stole a "
                "whole ham once. The house is so quiet that I still put his bowl out."
            ),
            (
                "The hamster has escaped again and is living behind the dishwasher. We hear him at night. Peanut "
                "butter in a shoebox did nothing, any ideas before he eats a cable?"
            ),
            (
                "Does anyone else's budgie scream during the vacuum cleaning and then copy the noise for an hour "
                "afterwards? Mine has now learnt the doorbell as well and the microwave."
            ),
        ),
    ),
    Subject(
        "Gardeners count the damage after a mild winter",
        "Slugs thrive, fruit trees blossom early and lawns need mowing in February",
        "garden farm food natural bug lawn tree",
        (
            (
                "Slugs have eaten every lettuce, every dahlia and half a hosta. Beer traps, copper tape, grit, "
                "nothing works. I went out with a torch at midnight and counted sixty."
            ),
            (
                "When should I prune a twenty-year-old apple tree that has never been touched? It gives hundreds of "
                "tiny sour fruit and shades the greenhouse until three in the afternoon."
            ),
            (
                "The mower will not start after winter. New plug, fresh petrol, cleaned the filter. It coughs once "
                "and dies. Neighbour says carburettor, brother-in-law says skip."
            ),
        ),
    ),
    Subject(
        "Home improvement boom ends in burst pipes and unpaid bills",
        "Plumbers, decorators and furniture shops count the cost of doing it yourself",
        "plumb architect furniture build office cubicl",
        (
            (
                "Put up a shelf yesterday and hit a pipe. Water through the ceiling, plumber wanted double for a "
                "Sunday, and the shelf is crooked as well. I should stick to crosswords."
            ),
            (
                "Which paint covers nicotine stains on a ceiling? Three coats of the cheap emulsion and the yellow "
                "still comes through like a map of Africa above the sofa."
            ),
            (
                "The new sofa took eleven weeks to arrive and does not fit through the door. They will collect it for "
                "a fee, or I can saw the legs off and lose the guarantee."
            ),
        ),
    ),
    Subject(
        "Half of adults over fifty put off check-ups for eyes, teeth and sleep",
        "Opticians and dentists warn that small troubles grow",
        "health medicare doctor obamacare sleep dream",
        (
            (
                "Lost my reading glasses for the fourth time this month. They were in the fridge, beside the butter. "
                "I am not laughing as loudly as my family is."
            ),
            (
                "Dentist again on Thursday, a crown that came out on a toffee. Two hours in the chair, half my face "
                "asleep until supper, and soup dribbling down my shirt."
            ),
            (
                "I have been awake since three because the fox and the neighbour's alarm take turns. Earplugs fall "
                "out, chamomile tea just makes me get up more often."
            ),
        ),
    ),
    Subject(
        "Repair cafés open in forty towns",
        "Volunteers mend clocks, clothes, shoes and knitwear for the price of a cup of tea",
        "fashion style beauty art",
        (
            (
                "Anyone knitting the shawl from last month's pattern? Row forty-two makes no sense, I end with three "
                "stitches too many every time and have unravelled it twice."
            ),
            (
                "Does someone here repair mechanical clocks? Grandmother's wall clock strikes thirteen at noon and "
                "stops at ten past four. The jeweller in town only sells batteries."
            ),
            (
                "Moths have eaten my one good suit, a perfect circle in the seat. Cedar balls are useless. Can a hole "
                "like that be rewoven or do I keep my back to the wall all evening?"
            ),
            (
                "My shoes squeak. New leather, bought for an interview, and every step sounds like a duck. Talcum "
                "powder, olive oil, nothing has helped and the whole corridor turns round."
            ),
        ),
    ),
    Subject(
        "Parcels, printers and broadband top the list of complaints",
        "The consumer watchdog received a record number of letters about deliveries and technology",
        "amazon internet google online hack computer company",
        (
            (
                "The delivery man left my parcel in the recycling bin and it was collected an hour later. The "
                "tracking page says handed to resident, with a photograph of the bin."
            ),
            (
                "Broadband has been dropping out every evening at eight. Reset the router, changed the filter, stood "
                "on a chair. The helpline played panpipes for forty minutes and hung up."
            ),
            (
                "Printer says that the magenta is empty and therefore it will not print a black letter. I changed the "
                "cartridge last Friday. One day it is going out of the window."
            ),
        ),
    ),
    Subject(
        "Amateur music is growing, from choirs to ukulele bands",
        "Concert tickets are dear, so people sing and play for themselves",
        "music musician rock church christian celebrity streaming",
        (
            (
                "Choir starts again on Wednesday in the church hall, no auditions, all voices, tea and flapjacks in "
                "the interval. We are desperate for tenors, as ever."
            ),
            (
                "Saw my favourite band at the arena and could not hear the singer for the drums. Eighty pounds, a "
                "pillar in front, and seven for a warm beer."
            ),
            (
                "My ukulele goes out of tune between one song and the next. Is it the pegs, cheap strings or the "
                "radiator beside the stand? The teacher shrugs and sells me another tuner."
            ),
        ),
    ),
    Subject(
        "Wildlife returns to the river and the sea front",
        "Anglers report bigger fish and visitors bolder gulls",
        "fish park animal beach",
        (
            (
                "Caught a nine-pound carp off the north bank at dawn, put her back, and not a soul about to see it. "
                "The photograph shows my thumb and a bit of willow."
            ),
            (
                "A seagull took my whole bag of chips off the wall yesterday. Did not even land. My son laughed so "
                "hard that he dropped his ice cream, which it came back for."
            ),
        ),
    ),
    Subject(
        "Notices from readers: births, birthdays, lost and found, for sale",
        "What our readers want each other to know this week",
        "parent mother children wal-mart age",
        (
            (
                "Happy birthday to my lovely mum, ninety today and still does her own windows! She reads everything "
                "on here, so give her a wave. Cake at four o'clock."
            ),
            (
                "Could whoever found a single blue woollen glove by the duck pond please hang it on the railings? It "
                "was knitted by my late sister and I have only the other."
            ),
            (
                "Selling a child's bunk bed, pine, one ladder rung missing, mattress included, buyer collects. Also a "
                "box of wooden trains and a rocking horse without a tail."
            ),
        ),
    ),
)
