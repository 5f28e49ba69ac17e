"""The words of recommendations against human trafficking: what means the same, and what says little.

Each entry is a class of words that reports of many countries and years use, never the wording of one.
"""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _families(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.strip().splitlines())


# Words that carry no demand.
EMPTY = _listed(
    """
    a all also an and any appropriate are as at be been being both but by each either for from full fully
    has have having her his how if in including into is it its more most no nor not of on only or other
    otherwise out over own should so such than that the their them then there these they this those through
    to too under up upon when where whether which while who whom whose will with within would
    """
)

# Phrases, lower case and without apostrophes, and the one word that stands for each.
PHRASES = {
    "anti trafficking": "antitrafficking",
    "anti-trafficking": "antitrafficking",
    "become a party to": "accede",
    "become party to": "accede",
    "child soldiers": "childsoldier",
    "civil society organizations": "ngo",
    "civil society": "ngo",
    "commercial sex": "prostitution",
    "sex trade": "prostitution",
    "death penalty": "execution",
    "summary executions": "execution",
    "democratic people republic of korea": "northkorea",
    "dprk": "northkorea",
    "north korea": "northkorea",
    "north korean": "northkorea",
    "north koreans": "northkorea",
    "financial resources": "fund",
    "forced labor": "forcedlabor",
    "forced labour": "forcedlabor",
    "forced to return": "repatriated",
    "identity documents": "passport",
    "in line with": "in accordance with",
    "consistent with": "in accordance with",
    "prison terms": "imprisonment",
    "jail terms": "imprisonment",
    "terms of imprisonment": "imprisonment",
    "prison sentences": "imprisonment",
    "in lieu of": "instead",
    "law enforcement": "police",
    "legal status": "legalstatus",
    "memoranda of understanding": "mou",
    "memorandum of understanding": "mou",
    "national action plan": "nap",
    "national strategy": "nap",
    "non-governmental organizations": "ngo",
    "nongovernmental organizations": "ngo",
    "palermo protocol": "tipprotocol",
    "un tip protocol": "tipprotocol",
    "tip protocol": "tipprotocol",
    "people republic of china": "prc",
    "persons in prostitution": "prostitution",
    "standard operating procedures": "procedure",
    "sops": "procedure",
    "sop": "procedure",
    "take steps to": "",
    "make efforts to": "",
    "efforts to": "",
    "continue to": "",
    "trafficking in persons": "trafficking",
    "human trafficking": "trafficking",
    "work permits": "workpermit",
}

# A word loses its plural and then one of these, the longest first.
ENDINGS = sorted(
    _listed(
        """
        ed ing er or ion ation ator ate ated ating ative ize ized izing ization ise ised ising isation
        ify ified ifying ification ication ment ive ively ly ally al able ible y e
        """
    ),
    key=len,
    reverse=True,
)

# Words that make one demand in the field, whatever they mean elsewhere; the first stands for all.
FAMILIES = _families(
    """
    end cease stop eliminate halt discontinue eradicate abolish
    return repatriate
    force forcibly involuntarily coerce coercion coercive
    overseas abroad
    punish penalty penalize sentence sanction
    train instruct
    establish adopt enact institute create develop formalize formulate introduce
    complete finalize
    increase strengthen enhance improve expand intensify bolster
    trafficking offender perpetrator antitrafficking
    identify screen
    child children minor boy girl
    assist support help
    wage salary pay payment
    prostitution prostitute
    limit restrict restriction
    accede ratify accession
    complicit corrupt complicity
    fund resource budget
    research assess study survey
    amend revise reform
    crime offense criminal
    protect safeguard
    partnership partner cooperate collaborate
    disseminate distribute
    execution execute
    """
)

# What most recommendations speak of, whatever they demand.
COMMON = _listed(
    """
    trafficking victim increase government authority effort provide establish ensure official train
    identify case person crime law relevant vulnerable population proactive service implement conduct
    agency significant vigorous country adequate fund organization assist
    """
)
