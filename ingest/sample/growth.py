"""Articles made to a number, for tests of endurance: clearly numbered, relevant, in the three languages by turns."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ingest.sample.outlets import outlets_by_name
from ingest.sample.texts import SampleArticle

START = datetime(2026, 8, 1, 6, 0, tzinfo=UTC)
STEP = timedelta(minutes=37)
_CARGOES = (
    ("soybeans", "сои", "大豆"),
    ("rapeseed oil", "рапсового масла", "菜籽油"),
    ("coal", "угля", "煤炭"),
    ("timber", "леса", "木材"),
    ("machine tools", "станков", "机床"),
)


@lru_cache(maxsize=4)
def grown(extra: int) -> tuple[SampleArticle, ...]:
    """The first `extra` generated articles; a larger number only adds to a smaller one."""
    return tuple(_article(number) for number in range(1, extra + 1))


def _article(number: int) -> SampleArticle:
    title, paragraphs = (_english, _russian, _chinese)[number % 3](number, 200 + number * 17)
    return SampleArticle(
        id=f"report-{number:05d}",
        story="",
        outlet=outlets_by_name()["echomill"],
        published=START + number * STEP,
        lang=("en", "ru", "zh")[number % 3],
        title=title,
        paragraphs=paragraphs,
        extra=True,
    )


def _english(number: int, tonnes: int) -> tuple[str, tuple[str, ...]]:
    cargo = _CARGOES[number % len(_CARGOES)][0]
    return f"Report {number}: {tonnes} tonnes of {cargo} cross from Russia to China", (
        f"Generated report number {number}. A train with {tonnes} tonnes of {cargo} from Russia has arrived in China.",
        f"China and Russia have been trading {cargo} along the Amur for years, and train {number} is one of many.",
        f"The shipment of {tonnes} tonnes was cleared by the customs of both China and Russia on the same day.",
    )


def _russian(number: int, tonnes: int) -> tuple[str, tuple[str, ...]]:
    cargo = _CARGOES[number % len(_CARGOES)][1]
    return f"Сообщение {number}: Россия отправила в Китай {tonnes} тонн {cargo}", (
        f"Сгенерированное сообщение номер {number}. Поезд с {tonnes} тоннами {cargo} из России прибыл в Китай.",
        f"Россия и Китай торгуют через Амур много лет, и состав номер {number} лишь один из многих.",
        f"Груз весом {tonnes} тонн российская и китайская таможни оформили в один день.",
    )


def _chinese(number: int, tonnes: int) -> tuple[str, tuple[str, ...]]:
    cargo = _CARGOES[number % len(_CARGOES)][2]
    return f"第{number}号消息：俄罗斯向中国运送{tonnes}吨{cargo}", (
        f"本文为自动生成的第{number}号消息。一列装载{tonnes}吨{cargo}的火车从俄罗斯抵达中国。",
        f"中国与俄罗斯多年来经黑龙江开展贸易，第{number}号列车只是其中之一。",
        f"这批{tonnes}吨的货物当天由中俄两国海关办理完通关手续。",
    )
