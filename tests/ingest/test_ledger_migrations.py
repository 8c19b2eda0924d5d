"""The steps of Alembic end in the tables that the code uses; opening twice, or by two at once, does no harm."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from amur.errors import LedgerError
from ingest.ledger import Ledger
from ingest.ledger_engine import open_engine, writing
from ingest.ledger_schema import metadata


def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    ledger.close()


def test_four_that_open_a_new_ledger_at_once_find_it_made_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with ThreadPoolExecutor(4) as pool:
        ledgers = list(pool.map(lambda _: Ledger.open(url), range(4)))
    assert [ledger.counts() for ledger in ledgers] == [{}] * 4
    for ledger in ledgers:
        ledger.close()


def test_a_ledger_of_a_newer_amur_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    Ledger.open(url).close()
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LedgerError, match="newer"):
        Ledger.open(url)


@pytest.mark.parametrize("url", ["not a url", "mysql://x@y/z", "nosuch://"])
def test_an_address_that_cannot_be_used_is_named(url: str) -> None:
    with pytest.raises(LedgerError, match="cannot be used"):
        Ledger.open(url)


def test_no_message_shows_the_password() -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger.open("postgresql+psycopg://amur:hunter2@127.0.0.1:1/amur?connect_timeout=1")
    assert "hunter2" not in str(caught.value)
