"""On which of the 45 days of ``bench/team_days.py`` who does what; made up from beginning to end."""

from recommendations.choices import Extent, Sensitivity, Status

WHOLE = Extent.WORDS_AND_STATUS
CAMPS, MASSES = "Prison camps", "Mass mobilizations"

STORY = {
    1: [
        ("item", "report", "Olga", 1, "Example report of a commission"),
        ("moment", "Universal Periodic Review", "upr", 66, "North Korea is reviewed in the morning."),
        ("moment", "Human Rights Council, 57th session", "hrc", 7),
    ],
    2: [
        (
            "submit",
            "first",
            "Olga",
            1,
            Status.NO_ACTION,
            "Nothing was ordered and nothing was published.",
            {
                "cites": ["report"],
                "public_text": "No order against it was published.",
                "proposed_extent": WHOLE,
            },
        )
    ],
    3: [("submit", "seventh", "Carla", 7, Status.NO_ACTION, "No law was changed.")],
    4: [("approve", "first", "Rosa", {"extent": WHOLE})],
    8: [("send_back", "seventh", "Sam", "Which laws did you look at?")],
    9: [
        ("item", "testimony", "Carla", 7, "CANARY of a witness", {"sensitivity": Sensitivity.RESTRICTED}),
        ("item", "decree", "Olga", 3, "Example decree"),
    ],
    10: [
        (
            "log",
            "briefing",
            "Olga",
            3,
            {
                "counterpart": "Desk officer of an embassy",
                "subject": "Inspections of prison camps",
                "result": "They will raise it in Geneva.",
                "next_step": "Send the two-page summary",
                "next_on": 24,
                "next_owner": "Dan",
            },
        )
    ],
    13: [("hand_in", "seventh", "Carla"), ("away", "Olga", 14, 24)],
    15: [("approve", "seventh", "Sam")],
    16: [
        ("submit", "fifth", "Olga", 5, Status.NO_ACTION, "The practice goes on.", {"cites": ["report"]}),
        ("check", "look", "Carla", 7),
    ],
    17: [("approve", "fifth", "Rosa"), ("approve", "look", "Sam")],
    18: [("submit", "second", "Dan", 2, Status.NO_ACTION, "Nothing was found.")],
    21: [
        ("approve", "second", "Rosa"),
        ("write", "draft", "Carla", 8, Status.NO_ACTION, "Nothing was found."),
        (
            "log",
            "letter",
            "Mina",
            6,
            {"kind": "letter", "counterpart": "A ministry", "subject": "Workers abroad"},
        ),
    ],
    23: [("split", "Sam", 1, (CAMPS, "performed in prison camps"), (MASSES, "through mass mobilizations"))],
    25: [("finish", "briefing", "Dan")],
    26: [
        (
            "submit",
            "sixth",
            "Olga",
            6,
            Status.INITIAL,
            "Two firms ended their contracts.",
            {"cites": ["decree"], "public_text": "Two firms ended contracts.", "proposed_extent": WHOLE},
        )
    ],
    28: [
        ("retire", "Rosa", MASSES, "It repeats the ask about prison camps."),
        (
            "log",
            "secret",
            "Mina",
            6,
            {"counterpart": "CANARY envoy", "subject": "CANARY talk", "sensitivity": Sensitivity.RESTRICTED},
        ),
    ],
    30: [("hand_in", "draft", "Carla")],
    33: [("approve", "draft", "Sam")],
    35: [
        (
            "log",
            "session",
            "Mina",
            2,
            {
                "kind": "submission",
                "counterpart": "The UPR working group",
                "subject": "Our submission",
                "next_step": "Prepare the side event",
                "next_on": 53,
                "next_owner": "Carla",
            },
        )
    ],
    37: [("approve", "sixth", "Rosa", {"extent": WHOLE})],
    40: [("submit", "ninth", "Carla", 9, Status.NO_INFORMATION, "No place told of it.")],
}
