"""Phone numbers: encrypted at rest, found by a keyed hash, sealed where they must travel in a URL.

Keeps 45 CFR 164.312(a)(2)(iv): a person with the database file or a web server's log, but without the keys, has no
number.
Several keys may be given: the first encrypts, all decrypt, so a key is replaced without a moment when old numbers
cannot be read. The hash has a key of its own, because a number is found by it for as long as it is kept.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ivr.errors import SpinelineError

SHORTEST_HASH_KEY = 32
"""Characters. There are few phone numbers: a guessable key would let anyone hash them all and look one up."""

# What a ciphertext was made for stands inside it, so that one copied out of the database cannot pass for a token.
_NUMBER = b"number:"
_TOKEN = b"token:"


class SecretError(SpinelineError):
    """A key is unusable, or no key that is here opens what was encrypted."""


class TokenError(SecretError):
    """A token from a URL is forged, damaged, or older than it may be. The caller is led on as if there were none."""


class Secrets:
    """The keys, and all that is done with them. Nothing here prints, logs or compares a number in the clear."""

    def __init__(self, keys: Sequence[str], hash_key: str, *, clock: Callable[[], float] = time.time) -> None:
        """`keys` as `make_key` makes them, the one that encrypts first. `clock` gives seconds since 1970.

        Raises `SecretError` for a key that cannot be used.
        """
        if not keys:
            raise SecretError("There is no encryption key.")
        if len(hash_key) < SHORTEST_HASH_KEY:
            raise SecretError(f"The hash key needs {SHORTEST_HASH_KEY} characters or more.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise SecretError("An encryption key is not 32 bytes in URL-safe base64.") from error
        self._hash_key = hash_key.encode()
        self._clock = clock

    @staticmethod
    def make_key() -> str:
        """A fresh random key; it serves as an encryption key and, another one, as the hash key."""
        return Fernet.generate_key().decode()

    def hash_number(self, number: str) -> str:
        """HMAC-SHA256 of an E.164 number, 64 hex digits; "" for a hidden number, which is nobody's."""
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).hexdigest() if number else ""

    def encrypt_number(self, number: str) -> str:
        """Ciphertext under the first key. The same number gives another text each time."""
        return self._fernet.encrypt_at_time(_NUMBER + number.encode(), self._read_seconds()).decode()

    def decrypt_number(self, encrypted: str) -> str:
        """The number again. Raises `SecretError` where none of the keys opens it."""
        try:
            return _strip_purpose(_NUMBER, self._fernet.decrypt(encrypted)).decode()
        except InvalidToken as error:
            raise SecretError("A number was encrypted with a key that is not among the keys given.") from error

    def seal(self, text: str) -> str:
        """An opaque token for a URL (letters, digits, `-`, `_`), to be opened soon."""
        return self._fernet.encrypt_at_time(_TOKEN + text.encode(), self._read_seconds()).decode().rstrip("=")

    def open(self, token: str, max_age: int) -> str:
        """What was sealed, at most `max_age` seconds ago. Raises `TokenError` for a token forged or too old."""
        try:
            padded = token.encode() + b"=" * (-len(token) % 4)
            opened = self._fernet.decrypt_at_time(padded, max_age, self._read_seconds())
            return _strip_purpose(_TOKEN, opened).decode()
        except (InvalidToken, UnicodeError) as error:
            raise TokenError("The token is forged, damaged or too old.") from error

    def _read_seconds(self) -> int:
        return int(self._clock())


def _strip_purpose(purpose: bytes, opened: bytes) -> bytes:
    if not opened.startswith(purpose):
        raise InvalidToken
    return opened.removeprefix(purpose)
