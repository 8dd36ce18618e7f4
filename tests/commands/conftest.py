"""The commands on the databases that the store's tests run on."""

from tests.store.conftest import clock, secrets, store

__all__ = ["clock", "secrets", "store"]
