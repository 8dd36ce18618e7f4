"""Alembic runs this for every command; `ivr/store/migrate.py` gives it the connection and holds the lock."""

from alembic import context
from sqlalchemy import Connection

from ivr.store.schema import Base

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
