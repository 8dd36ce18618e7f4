"""A caller's time: the table of `flask line clock`, from the clips that are there."""

from cryptography.fernet import Fernet

from ivr.commands.line import write_clock
from ivr.wiring import create_app

KEYS = {"TWILIO_AUTH_TOKEN": "t" * 32, "HASH_KEY": "h" * 32, "SECRET_KEY": "s" * 32}


def bench() -> None:
    """Prints the table."""
    print("\nA caller's time, in seconds at normal pace")
    local = {"SPINELINE_ENV": "local", "NUMBER_KEYS": Fernet.generate_key().decode(), **KEYS}
    for row in write_clock(create_app(local).extensions["spineline"].content):
        print(row)
