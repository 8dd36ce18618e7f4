"""Writes `.env` for one's own machine: `python -m ivr.settings.first`, run by `make install`. Never overwrites one.

The keys in it are made here, at random, so that a newcomer's line has secrets from its first minute and none is shared.
"""

import secrets
from pathlib import Path

from cryptography.fernet import Fernet

TEXT = """\
# Made for this machine by `make install`; never committed. `flask settings` explains every setting.
SPINELINE_ENV=local
TWILIO_AUTH_TOKEN={token}
NUMBER_KEYS={number_key}
HASH_KEY={hash_key}
SECRET_KEY={secret_key}
"""


def write_first_settings(path: Path) -> bool:
    """Writes the file, readable by its owner only. False when there is one already."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    path.write_text(
        TEXT.format(
            token=secrets.token_hex(16),
            number_key=Fernet.generate_key().decode(),
            hash_key=secrets.token_hex(32),
            secret_key=secrets.token_hex(32),
        ),
        "utf-8",
    )
    return True


if __name__ == "__main__":
    write_first_settings(Path(__file__).parents[2] / ".env")
