"""The people, reports, updates, evidence and mails of the tests: each thing is made by one function, here.

What is written, submitted and decided goes through the services, as it does for people.
"""

from tests.support.factories.evidence import BYTES, captured, file, item_of, link, made_of, staged
from tests.support.factories.moments import AS_OF, DAY, NOW, at_noon
from tests.support.factories.others import advocacy, before, mail, moment
from tests.support.factories.people import EVERY_DAY, PASSWORD, change, person, team
from tests.support.factories.reports import report
from tests.support.factories.updates import (
    approve,
    approve_restricted,
    check,
    decide,
    grant,
    hide,
    publish,
    send_back,
    submit,
    unsaved_assessment,
    write,
)

__all__ = [
    "AS_OF",
    "BYTES",
    "DAY",
    "EVERY_DAY",
    "NOW",
    "PASSWORD",
    "advocacy",
    "approve",
    "approve_restricted",
    "at_noon",
    "before",
    "captured",
    "change",
    "check",
    "decide",
    "file",
    "grant",
    "hide",
    "item_of",
    "link",
    "made_of",
    "mail",
    "moment",
    "person",
    "publish",
    "report",
    "send_back",
    "staged",
    "submit",
    "team",
    "unsaved_assessment",
    "write",
]
