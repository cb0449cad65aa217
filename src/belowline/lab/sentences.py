# ruff: noqa: E501 - a sentence stands on one line
"""Sentences that the data lack: naming groups, reporting violence, objecting to abuse, and their opposites.

Data sets of abuse speak of minorities and of killing mostly in abuse, and a model learns the words. These templates
say the ordinary thing with the same words (after Dixon et al. 2018, AIES, who added benign text on identity terms),
beside a smaller number of abusive ones, so that the difference and not the word carries the weight.
"""

import random
import re
from itertools import product
from string import Formatter

from belowline.lab.datasets import LABELS, Row

SLOTS: dict[str, tuple[str, ...]] = {
    "group": (
        "Muslims", "Jews", "Christians", "Catholics", "Hindus", "Sikhs", "Buddhists", "atheists", "gay people",
        "lesbians", "trans people", "transgender people", "bisexual people", "queer people", "black people",
        "white people", "Asians", "Africans", "African Americans", "Arabs", "Mexicans", "Latinos", "Hispanics",
        "immigrants", "refugees", "asylum seekers", "migrants", "women", "men", "old people", "young people",
        "disabled people", "deaf people", "blind people", "autistic people", "Indians", "Chinese people",
        "Russians", "Ukrainians", "Israelis", "Palestinians", "Americans", "Germans", "Irish people", "Poles",
        "Pakistanis", "Nigerians", "Roma", "homosexuals", "LGBT people", "feminists", "poor people", "homeless people",
    ),
    "person": (
        "a gay man", "a lesbian", "a Muslim", "a Jew", "Jewish", "a Christian", "a Catholic", "a Hindu", "a Sikh",
        "an atheist", "a black man", "a black woman", "a white man", "a white woman", "a trans woman", "transgender",
        "bisexual", "queer", "an immigrant", "a refugee", "a Mexican", "an Arab", "an Indian", "Chinese", "Pakistani",
        "a woman", "an old man", "deaf", "blind", "disabled", "autistic", "in a wheelchair", "a feminist", "homosexual",
        "straight", "Latina", "African American", "Palestinian", "Israeli", "Ukrainian", "Russian", "Irish", "Roma",
    ),
    "kin": ("neighbour", "teacher", "doctor", "best friend", "sister", "brother", "boss", "landlord", "son", "wife"),
    "place": (
        "Gaza", "Ukraine", "Sudan", "Syria", "Kharkiv", "the border", "the capital", "the north", "Mosul", "Kabul",
        "the harbour", "the camp", "the village", "Aleppo", "the east of the country", "Tel Aviv", "Beirut", "Yemen",
    ),
    "victims": (
        "civilians", "children", "soldiers", "two nurses", "a family of five", "three aid workers", "journalists",
        "dozens of people", "at least forty people", "my cousins", "the hostages", "thousands", "an old man",
    ),
    "weapon": ("drones", "missiles", "artillery", "an air strike", "a car bomb", "shelling", "cluster bombs", "mines"),
    "party": (
        "the government", "the army", "the council", "the police", "the minister", "the president", "the rebels",
        "both sides", "the militia", "the court", "the mayor", "Hamas", "Russia", "Israel", "the bank", "the church",
    ),
    "he": ("he", "she", "this man", "the suspect", "the driver", "the defendant"),
    "abused": ("stupid", "idiots", "animals", "vermin", "morons", "criminals", "parasites", "disgusting"),
    "insult": ("idiot", "moron", "clown", "liar", "coward", "fool", "imbecile", "scumbag", "creep", "loser"),
    "stuff": ("figures", "report", "data", "full judgment", "minutes of the meeting", "statement"),
    "you": (
        "you", "him", "her", "them", "that journalist", "your family", "the mayor", "these people", "the judge",
        "the minister", "this politician", "the referee", "the killer", "the driver", "all of you", "the president",
    ),
    "who": (
        "he", "she", "the mayor", "the judge", "the minister", "this politician", "the referee", "the author",
        "the driver", "the columnist", "the president", "the defendant", "that woman", "this man", "the manager",
    ),
    "shop": ("cheap-pills", "bestdeals4u", "crypto-gain", "fast-loans", "essay-pro", "followers-now", "luxbags"),
    "money": ("$450", "$3,200", "$97", "5000 dollars", "£800", "8k", "€1500"),
}  # fmt: skip

BENIGN = (
    "I am {person}.", "I am {person} and I read this paper every morning.", "My {kin} is {person}.",
    "My {kin} is {person} and the kindest person I know.", "As someone who is {person}, I agree with the article.",
    "He's {person}.", "She is {person}, so what?", "The new mayor is {person}.", "{who} has resigned.", "{who} was elected in May.", "I did not vote for {who}.",
    "{who} should resign.", "{who} should apologise.", "{who} is wrong about this.", "{who} deserves a fair trial.",
    "{who} is an honest man.", "I hope that {who} wins.", "{who} made a mistake.", "{who} should go to prison for this.", "I'm {person} and proud of it.",
    "They are {group}.", "{group} are our neighbours.", "{group} are welcome here.", "{group} are part of this town.",
    "{group} are human beings.", "{group} are nurses, drivers and cooks.", "{group} are not all the same.",
    "Some {group} are rich and some are poor.", "{group} are afraid to go out.", "{group} are proud of their work.",
    "{group} have been here for generations.", "{group} vote like everybody else.", "Is it true that {group} are leaving?", "The author is {person} and writes well.", "Are there any {group} on the council?",
    "Why does it matter that she is {person}?", "{group} and {group} marched together.", "My parents were {group}.",
    "Hahaha.", "Ha ha ha, very good!", "Lol.", "Ok.", "Good point.", "Well said.", "No.", "Yes!", "Thank you.", "Exactly this.",
    "Kill the bill!", "Kill the lights, please.", "That would be political suicide.", "Shoot me an e-mail.", "It's a death trap.",
    "I could murder a sandwich.", "The shot was saved by the keeper.", "We were slaughtered in midfield.", "This place is to die for.",
    "{group} live here too.", "{group} pray here on Fridays.", "{group} have the same rights as everybody else.",
    "Many {group} work in our hospitals.", "I grew up among {group} and {group}.", "We should listen to {group}.",
    "How many {group} voted in the last election?", "The article says little about {group}.",
    "{group} are people like you and me.", "Nobody should be beaten for being {person}.", "{group} deserve better.",
    "{group} were attacked in the street last night, and I am ashamed of my town.", "I love {group}.",
    "The law protects {group} from discrimination.", "Why are {group} paid less?", "Most {group} I know disagree.",
    "It is wrong to say that {group} are {abused}.", "Whoever calls {group} {abused} should not be published here.",
    "Please do not call {group} {abused}; it is not true and it hurts.", "Nobody is an {insult} for asking.",
    "You say that {group} are {abused}, and I think that is shameful.", "Saying “{group} are {abused}” is racism.",
    "Calling people {insult} does not make your argument better.", "Please stop insulting other readers.",
    "{victims} were killed in {place}.", "{victims} were killed by {weapon} in {place} yesterday.",
    "{party} bombed {place} again and {victims} died.", "War is terrible. {victims} dead, and for what?",
    "My family fled from {place} when the bombing began.", "The bodies of {victims} were found in {place}.",
    "I mourn for {victims} in {place}. Rest in peace.", "They shot {victims} and left them to die.",
    "{party} must stop killing {victims}.", "{party} says that {weapon} hit a hospital and killed {victims}.",
    "The shooting in {place} left {victims} dead.", "How many more must die in {place} before {party} acts?",
    "Every war ends with talks. Why must {victims} die first?", "The murder of {victims} is a crime.",
    "Those who killed {victims} must stand trial.", "My grandfather was shot in {place} in the war.",
    "{weapon} destroyed our house. We buried {victims} the same day.", "The attack on {place} was a massacre.",
    "{party} has blood on its hands, and the dead of {place} deserve an answer.", "Stop the war. Stop the killing.",
    "Was the bomb meant for {place}?", "The blast killed {victims} and wounded many more.",
    "{he} was stabbed and died in hospital.", "{he} threatened to kill the shopkeeper and got six years.",
    "{he} struck the victim with a glass, the court heard.", "The jury found that {he} had murdered {victims}.",
    "A rape victim should not have to wait two years for a trial.", "{he} was convicted of child abuse and rape.",
    "The bishop covered up sexual abuse for years.", "Sex education belongs in schools.", "Porn harms teenagers.",
    "Women should be able to breastfeed in public.", "Breast cancer took my mother.", "HIV is treatable today.",
    "Same-sex marriage has been legal here for years.", "Sexual harassment at work is no joke.", "Contraception works.",
    "Prostate cancer checks save lives.", "{party} failed. That decision was wrong and costly.", "What a terrible goal to give away.",
    "{party} has handled this badly and should resign.", "I disagree completely. Where is the evidence?",
    "That is a bad idea and it will kill small shops.", "This policy is a disaster for {group}.",
    "The damn bridge is closed again.", "A killer goal, and we were robbed of a penalty.", "That joke killed me.",
    "The heat is killing my tomatoes.", "He shot wide from ten yards.", "We destroyed them six nil.",
    "See the {stuff} at https://www.parliament.example/report for details.", "The {stuff} can be read here: www.city.example/minutes",
    "I read the {stuff} and {party} is right about the costs.", "The book costs {money} in the museum shop.",
    "My pension went up by {money} this year while rents doubled.", "Check the {stuff} before you write such things.",
)  # fmt: skip

HOSTILE: dict[tuple[str, ...], tuple[str, ...]] = {
    ("toxicity", "identity_attack"): (
        "{group} are {abused}.", "All {group} are {abused}.", "{group} are {abused} and should be deported.",
        "I hate {group}.", "{group} do not belong in this country.", "We should get rid of all {group}.",
        "{group} are ruining this country, they are {abused}.", "Send all {group} back where they came from.",
        "Never trust {group}.", "{group} are too stupid to vote.", "{group} are inferior.", "{group} do not deserve rights.",
        "Typical {group}, always lying and stealing.", "{group} belong in a zoo.", "Keep {group} out of our town.", "{group} are not human.", "I can't stand {group}, they are all {abused}.",
    ),
    ("toxicity", "identity_attack", "threat", "severe_toxicity"): (
        "{group} should all be shot.", "Someone should burn down the houses of {group}.", "Kill all {group}.",
        "{group} deserve to be killed.", "I hope that all {group} die.", "Bomb {group} until none are left.",
    ),
    ("toxicity", "insult"): (
        "You are an {insult}.", "You {insult}.", "What an {insult} you are.", "Only an {insult} could write this.",
        "You are a pathetic {insult} and so is your {kin}.", "The writer of this is a complete {insult}.",
        "Shut up, {insult}.", "{who} is a complete {insult}.", "{who} is an {insult} and a {insult}.", "What an {insult} {who} is.",
        "{who} is such a {insult}.", "{who} is too stupid to read.", "Go away you {insult}, nobody wants you here.", "You people are {abused}.",
    ),
    ("toxicity", "threat"): (
        "I will kill {you}.", "I am going to find {you} and beat {you} up.", "Somebody should shoot {you}.",
        "I hope {you} get killed.", "I hope {you} die slowly.", "We know where {you} live.", "Hang {you}.",
        "I will come to your house and hurt {you}.", "Watch your back, I am coming for {you}.", "Someone should bomb {you}.",
        "A bullet is what {you} deserve.", "{who} should be shot.", "{who} should be hanged.", "{who} deserves to die.",
        "{who} should be strung up.", "I hope that {who} dies in a fire.", "Put {you} against the wall.", "String {you} up.",
        "{who} needs a good beating.", "I hope that {who} rots and dies.", "Slit the throat of {you}.", "You will be dead soon.", "I would love to see {you} burn.", "Shoot {you} all.",
    ),
    ("sexually_explicit",): (
        "Send me nudes.", "Send me nudes, sexy.", "Send nudes, baby.", "Nice tits.", "Nice ass, come to my bed.", "I want to see you naked in my bed tonight.", "Nice tits, love.", "She looks hot, I would do her all night.",
        "I would love to get her naked.", "Show us your boobs.", "Horny girls in your area want to chat.",
        "I want to lick you all over, sexy.", "He has a huge penis.", "She gave me a blowjob in the car.",
    ),
    ("spam",): (
        "I make {money} a week working from home, visit {shop}.example now!", "Buy followers at www.{shop}.example",
        "Click here to earn {money} per day: http://{shop}.example/join", "Best prices for watches and bags: {shop}.example",
        "My sister gets {money} an hour on the internet. Here is how: {shop}.example", "Subscribe to my channel please!",
        "Great post! Please also visit my website {shop}.example", "Need a loan? Contact us on WhatsApp for fast approval.",
        "Invest in bitcoin with Mr Frank, I got back {money} in a week. Write to him on Telegram.",
        "Get rid of your debt today! Call now for a free offer!", "Check out my new video and subscribe: youtube.example/{shop}",
        "Cheap viagra without prescription at {shop}.example", "Win a free phone! Text WIN to claim your prize of {money}.",
        "Doctor Osas cast a love spell and brought my husband back, contact him on WhatsApp.",
        "Promo code {shop} gives you 50 % off everything this weekend only!!!", "Limited offer!!! Order now and save {money}.",
    ),
}  # fmt: skip
"""Labels set to 1, and the sentences; what they leave open stays unlabelled."""

OPEN_UNDER_ABUSE = ("insult", "profanity", "severe_toxicity", "toxicity", "identity_attack", "threat")


def own_rows(*, each: int = 12, seed: int = 0) -> list[Row]:
    """Return our sentences as rows, up to `each` fillings per template, the same for the same seed.

    The fillings of one template are one group, so that held-out folds hold out whole templates.
    """
    draw = random.Random(seed)  # noqa: S311 - no cryptography
    rows = _filled(BENIGN, dict.fromkeys(LABELS, 0.0), each, draw)
    for labels, templates in HOSTILE.items():
        rows += _filled(templates, _hostile_labels(labels), each, draw)
    for place, row in enumerate(rows):
        row.id = f"own:{place}"
    return rows


def _hostile_labels(positive: tuple[str, ...]) -> dict[str, float]:
    """Advertising and lewd remarks need not be abusive; abuse is neither advertising nor, here, sexual."""
    zeros = LABELS if positive == ("spam",) else ("spam", "sexually_explicit", "profanity")
    return dict.fromkeys(zeros, 0.0) | dict.fromkeys(positive, 1.0)


def _filled(templates: tuple[str, ...], labels: dict[str, float], each: int, draw: random.Random) -> list[Row]:
    return [
        Row(id="", text=text, labels=dict(labels), source="own", extra={"story_id": template})
        for template in templates
        for text in _fillings(template, each, draw)
    ]


def _fillings(template: str, each: int, draw: random.Random) -> list[str]:
    """Return at most `each` different fillings; sentences start with a capital."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    if not names:
        return [template]
    pieces = template.replace("{", "{{}}{").split("{{}}")
    every = list(product(*(SLOTS[name] for name in names))) if len(names) == 1 else []
    chosen = (
        draw.sample(every, min(each, len(every)))
        if every
        else [tuple(draw.choice(SLOTS[name]) for name in names) for _ in range(each)]
    )
    return [_sentence(pieces, words) for words in chosen]


def _sentence(pieces: list[str], words: tuple[str, ...]) -> str:
    text = pieces[0] + "".join(word + piece.partition("}")[2] for word, piece in zip(words, pieces[1:], strict=True))
    text = re.sub(r"\b(an?) (?=[a-z])", _article, text)
    return text[0].upper() + text[1:]


def _article(found: re.Match[str]) -> str:
    """Return "a " or "an ", as the next letter asks."""
    return "an " if found.string[found.end()] in "aeio" else "a "
