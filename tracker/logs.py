"""Which parts of a log record are shown."""

import logging


class OneLine(logging.Filter):
    """Takes the traceback off what was refused as it should be (an answer of 4xx): it is no fault of ours."""

    def filter(self, record):
        """Let every record through."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
