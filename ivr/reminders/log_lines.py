"""How a dialer logs: a line of key=value pairs for each record.

Rule kept here: what is logged holds no phone number, also where an error of the network repeats one (rule H4,
ivr/README.md).
"""

import json
import logging
import re
from datetime import datetime

NUMBERS = re.compile(r"(?:\+|%2B)\d{6,15}")
"""E.164 numbers, also as they stand in addresses."""


class KeyValueFormatter(logging.Formatter):
    """A record as one line of key=value pairs, without phone numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        words = json.dumps(NUMBERS.sub("(number)", super().format(record)), ensure_ascii=False)
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        return f"at={at} level={record.levelname.lower()} part={record.name} thread={record.threadName} words={words}"
