"""Agencies that a text credits, and names that only occur in it."""

import pytest

from ingest.wires import credited_wire


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("МОСКВА, 21 марта. /ТАСС/. Президент принял посла.", "TASS"),
        ("МОСКВА, 21 мар — РИА Новости. Президент принял посла.", "RIA Novosti"),
        ("Москва. 21 марта. ИНТЕРФАКС - Президент принял посла.", "Interfax"),
        ("BEIJING, March 21 (Xinhua) -- President Xi Jinping met the envoy.", "Xinhua"),
        ("MOSCOW, March 21 (Reuters) - Gazprom said on Tuesday.", "Reuters"),
        ("BEIJING (AP) — The two leaders met.", "AP"),
        ("新华社北京3月21日电（记者 李某）国家主席会见了来宾。", "Xinhua"),
        ("中新社莫斯科3月21日电 俄罗斯总统会见了来宾。", "China News Service"),
        ("據中央社報導，雙方會談已經結束。", "Central News Agency"),
        ("Стороны договорились о поставках, сообщает ТАСС. Подробности не раскрываются.", "TASS"),
        ("Стороны договорились.\nИсточник: Интерфакс", "Interfax"),
        ("双方达成一致。\n来源：新华社", "Xinhua"),
        ("The two sides agreed on a date. (AFP)", "AFP"),
        ("据新华社报道，双方达成一致。", "Xinhua"),
        ("Representatives met at the Reuters building in Canary Wharf to talk about the news.", ""),
        ("Генеральный директор ТАСС выступил на форуме в Пекине с докладом о новых технологиях.", ""),
        ("The MAP of the region and an APPLE were on the table.", ""),
        ("", ""),
    ],
)
def test_credited_wire(text: str, wire: str) -> None:
    assert credited_wire(text) == wire


def test_a_byline_counts_first() -> None:
    assert credited_wire("MOSCOW, March 21 (Reuters) - Gazprom said.", "TASS") == "TASS"
    assert credited_wire("Some text without a credit.", "Ivan Petrov") == ""
