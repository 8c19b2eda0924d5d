import pytest

from ingest.enrich.base import Reading
from ingest.enrich.gazetteer import Gazetteer
from ingest.enrich.reader import Reader
from ingest.model import Article


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def lexicon_reader() -> Reader:
    return Reader.load("lexicon")


def article(lang: str, title: str, text: str = "") -> Article:
    return Article("a", "outlet", "http://outlet.example/a", "http://outlet.example/a", title, text, lang)


@pytest.fixture
def make_article():
    return article


@pytest.fixture
def make_reading(gazetteer):
    return lambda lang, title, text="": Reading(article(lang, title, text), gazetteer)
