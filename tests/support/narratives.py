"""Made-up narratives in every layout that the report and the sites that copy it have used.

Nothing here is quoted: country, facts and lists are invented in the report's manner, so that a rule that
fits only real files cannot pass.
"""

import textwrap

from recommendations.choices import SectionKind

# The sections of a whole narrative.
IN_ORDER = [
    SectionKind.ASSESSMENT,
    SectionKind.RECOMMENDATIONS,
    SectionKind.PROSECUTION,
    SectionKind.PROTECTION,
    SectionKind.PREVENTION,
    SectionKind.PROFILE,
]

ASSESSMENT = (
    "The Government of {the}{name} does not fully meet the minimum standards for the elimination of "
    "trafficking but is making significant efforts to do so. The government demonstrated overall "
    "increasing efforts compared with the previous reporting period; therefore {name} remained on "
    "Tier 2. These efforts included opening a shelter; training 40 officials in the U.S. and at home; "
    "and adopting a plan. However, the government did not meet the minimum standards in several key "
    "areas. Courts lacked judges, and authorities did not screen for victims in line with Art. 5 of "
    "the law."
)
PROFILE = (
    "{name} is a source, transit, and destination country for men and women subjected to forced labor "
    "and sex trafficking. Fishermen from neighboring countries are exploited on vessels in its "
    "waters; some are held for years without pay."
)
PROSECUTION = (
    "The government increased law enforcement efforts. Article 12 of the penal code criminalized sex "
    "trafficking and labor trafficking and prescribed penalties of five to 10 years' imprisonment; "
    "these were sufficiently stringent. Police investigated 12 cases; prosecutors charged four "
    "suspects."
)
PROTECTION = (
    "The government maintained protection efforts. Authorities identified 18 victims, compared with "
    "11 the year before."
)
PREVENTION = "The government decreased prevention efforts. It did not update its national action plan."
TRAFFICKING = (
    "As reported over the past five years, human traffickers exploit domestic and foreign victims in {name}."
)

ORDERS = (
    "Increase efforts to investigate and prosecute traffickers, including complicit officials.",
    "While respecting due process, convict traffickers and sentence them to significant prison terms.",
    "Amend Article 271-A of the penal code to bring it in line with the 2000 UN TIP Protocol.",
    "Train police, prosecutors, and judges on the victim-centered approach.",
    "In collaboration with civil society, the private sector, and donors, open shelters outside the capital.",
    "Using the 2016 law, screen migrant workers for trafficking indicators – not only at ports of entry.",
    "Provide the anti-trafficking committee with a budget of its own and publish its 2022-2023 report.",
    "Ensure victims are not penalized solely for unlawful acts traffickers compelled them to commit.",
    "Accede to the 1990 convention on migrant workers.",
)


def by_semicolons(orders=ORDERS) -> tuple[str, list[str]]:
    """Return one sentence with semicolons, and the texts expected of it."""
    small = [order.rstrip(".")[0].lower() + order.rstrip(".")[1:] for order in orders]
    small[0] = orders[0].rstrip(".")
    return "; ".join([*small[:-1], f"and {small[-1]}."]), [*small[:-1], small[-1] + "."]


def bulleted(mark: str = " • ", orders=ORDERS) -> str:
    """Return the orders in one paragraph with `mark` between them."""
    return mark.join(orders)


def narrative(
    listed: str,
    *,
    name: str = "Fiji",
    the: str = "",
    title: str = "2023 Trafficking in Persons Report: {name}",
    heading: str = "{NAME} (Tier 2)",
    list_heading: str = "PRIORITIZED RECOMMENDATIONS:",
    headings: bool = True,
    profile_first: bool = False,
    gap: str = "\n\n",
    after: bool = True,
) -> str:
    """Return a whole narrative around the list `listed`; an empty title or heading leaves it out."""
    names = {"name": name, "NAME": name.upper(), "the": the}
    parts = [title.format(**names), heading.format(**names)]
    if profile_first:
        parts.append(PROFILE.format(**names))
    parts += [ASSESSMENT.format(**names), list_heading.format(**names)]
    parts.append(listed)
    if after:
        for label, prose in (
            ("PROSECUTION", PROSECUTION),
            ("PROTECTION", PROTECTION),
            ("PREVENTION", PREVENTION),
            ("TRAFFICKING PROFILE:", TRAFFICKING),
        ):
            parts += [label, prose.format(**names)] if headings else [prose.format(**names)]
    return gap.join(part for part in parts if part) + "\n"


def wrapped(text: str, width: int = 80) -> str:
    """Return `text` with every paragraph hard-wrapped at `width`, blank lines kept."""
    return "\n".join(
        textwrap.fill(line, width, break_on_hyphens=False) if line else "" for line in text.split("\n")
    )


# What a list can be flooded with, so that a careless reader of it would never end.
HOSTILE = [
    *("a", ";", "; increase x", "• ", " * ", "*", '"', "“ ", "( ", "[", "\n", " ", "\u00a0", "&amp;"),
    *("(Tier 2) ", ": Tier 2", "FIJI (Tier 2) ", "FIJI\n", "special case ", "The Government of "),
    *("meet the minimum standards ", "Trafficking in Persons Report: ", "current situation: "),
    *("PROSECUTION ", "PROSECUTION\n", "PRIORITIZED RECOMMENDATIONS: ", "RECOMMENDATIONS FOR "),
    *("Recommendations for A", "A.,", ". ", "a.", "Increase x. ", "Increase x.", "1. ", "- A"),
]


def flooded(piece: str, size: int) -> bytes:
    """Return a narrative with `size` characters of a piece between its list and what follows."""
    text = narrative(bulleted())
    at = text.index("PROSECUTION")
    return (text[:at] + piece * (size // len(piece)) + "\n\n" + text[at:]).encode()
