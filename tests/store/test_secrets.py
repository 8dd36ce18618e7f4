"""Numbers in the clear exist only in memory; keys can be replaced; tokens in URLs cannot be made or kept."""

import pytest

from ivr.store.secrets import SecretError, Secrets, TokenError
from tests.store.conftest import Clock

NUMBER = "+12125550123"


def test_a_number_comes_back_and_its_ciphertext_does_not_hold_it(secrets: Secrets) -> None:
    encrypted = secrets.encrypt_number(NUMBER)
    assert secrets.decrypt_number(encrypted) == NUMBER
    assert "2125550123" not in encrypted
    assert secrets.encrypt_number(NUMBER) != encrypted


def test_the_hash_depends_on_the_number_and_on_its_key() -> None:
    secrets = Secrets([Secrets.make_key()], "a" * 32)
    same_hash_key = Secrets([Secrets.make_key()], "a" * 32)
    other_hash_key = Secrets([Secrets.make_key()], "b" * 32)
    assert secrets.hash_number(NUMBER) == "c2e845d3d70655cb446086f94ab498f649071d96270c5755264917fd5d1cd581"
    assert secrets.hash_number(NUMBER) == same_hash_key.hash_number(NUMBER)
    assert secrets.hash_number(NUMBER) != other_hash_key.hash_number(NUMBER)
    assert secrets.hash_number(NUMBER) != secrets.hash_number("+12125550124")


def test_a_hidden_number_has_no_hash(secrets: Secrets) -> None:
    assert secrets.hash_number("") == ""


def test_an_old_key_still_opens_and_a_removed_one_does_not() -> None:
    old, new, hash_key = Secrets.make_key(), Secrets.make_key(), Secrets.make_key()
    encrypted = Secrets([old], hash_key).encrypt_number(NUMBER)
    assert Secrets([new, old], hash_key).decrypt_number(encrypted) == NUMBER
    with pytest.raises(SecretError, match="not among the keys"):
        Secrets([new], hash_key).decrypt_number(encrypted)


@pytest.mark.parametrize(
    ("keys", "hash_key", "words"),
    [
        ([], "h" * 32, "no encryption key"),
        (["short"], "h" * 32, "not 32 bytes"),
        (["é" * 44], "h" * 32, "not 32 bytes"),
        ([Secrets.make_key()], "h" * 31, "32 characters"),
    ],
)
def test_an_unusable_key_is_refused_in_words(keys: list[str], hash_key: str, words: str) -> None:
    with pytest.raises(SecretError, match=words):
        Secrets(keys, hash_key)


def test_a_token_opens_while_it_is_young(secrets: Secrets, clock: Clock) -> None:
    token = secrets.seal(NUMBER)
    clock.passes(600)
    assert secrets.open(token, max_age=600) == NUMBER


def test_a_token_is_plain_in_a_url_and_hides_what_it_carries(secrets: Secrets) -> None:
    token = secrets.seal(NUMBER)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert "2125550123" not in token


def test_an_old_token_is_refused(secrets: Secrets, clock: Clock) -> None:
    token = secrets.seal(NUMBER)
    clock.passes(601)
    with pytest.raises(TokenError):
        secrets.open(token, max_age=600)


def test_a_ciphertext_from_the_database_is_no_token(secrets: Secrets) -> None:
    with pytest.raises(TokenError):
        secrets.open(secrets.encrypt_number(NUMBER), max_age=600)


@pytest.mark.parametrize("forged", ["", "x", "%00", "é", "a" * 140, "+12125550123", "\ud800"])
def test_a_forged_token_is_refused(secrets: Secrets, forged: str) -> None:
    with pytest.raises(TokenError):
        secrets.open(forged, max_age=600)


def test_a_token_changed_in_any_place_is_refused(secrets: Secrets) -> None:
    token = secrets.seal(NUMBER)
    for place in range(0, len(token) - 1, 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenError):
            secrets.open(changed, max_age=600)
