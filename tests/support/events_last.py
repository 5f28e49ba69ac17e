"""Sees what a service writes or renders after it recorded an event, while others wait for the sequence."""

import contextlib
import re
from unittest import mock

from django.db import connection
from django.test.signals import template_rendered

from recommendations.audit import log

WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
EVENTS = "recommendations_event"


@contextlib.contextmanager
def watched():
    """Yield a list that fills with what comes late, each as a sentence.

    Late is what is written or rendered after an event, in the atomic block that recorded it. It is known by
    its savepoint, so that it has to stand within another block: that of a test, as a rule.
    """
    late, recorded_in, outside = [], [], len(connection.savepoint_ids)
    record = log.record

    def recording(*arguments, **about):
        event = record(*arguments, **about)
        recorded_in[:] = connection.savepoint_ids[outside:][-1:]
        return event

    def is_late():
        return bool(recorded_in) and recorded_in[0] in connection.savepoint_ids

    def executing(execute, sql, params, many, context):
        written = WRITES.match(sql)
        if written and written[1] != EVENTS and is_late():
            late.append(f"A row of {written[1]} is written after an event.")
        return execute(sql, params, many, context)

    def rendering(template, **_said):
        if is_late():
            late.append(f"{template.name} is rendered after an event.")

    template_rendered.connect(rendering)
    try:
        with mock.patch.object(log, "record", recording), connection.execute_wrapper(executing):
            yield late
    finally:
        template_rendered.disconnect(rendering)
