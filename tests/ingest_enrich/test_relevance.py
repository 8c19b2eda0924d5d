"""Dealings between the two are relevant; being named beside each other is not."""

import pytest

RELEVANT = [
    (
        "en",
        "Putin hosts Xi in Moscow",
        "Russia and China signed a gas agreement after talks between the two presidents. Xi thanked Putin.",
    ),
    (
        "ru",
        "Лавров провёл переговоры с Ван И",
        "Глава МИД России и его китайский коллега обсудили поставки газа в Китай и визит в Москву.",
    ),
    ("zh", "中俄外长举行会谈", "俄罗斯外长拉夫罗夫与中国外长王毅就两国合作举行会谈，双方签署协议。"),
    ("zh", "中俄外長舉行會談", "俄羅斯外長拉夫羅夫與中國外長王毅就兩國合作舉行會談，雙方簽署協議。"),
]
IRRELEVANT = [
    ("en", "Medal table", "1. China 10 medals. 2. Japan 8. 3. Germany 7. 4. Russia 6. 5. Brazil 4."),
    (
        "en",
        "Oil slips",
        "Brent fell. OPEC+ members such as Saudi Arabia and Russia kept output; demand in China and India was weak.",
    ),
    ("en", "China opens a museum", "The museum in Beijing shows bronzes."),
    ("ru", "Страны БРИКС", "В объединение входят Бразилия, Россия, Индия, Китай и ЮАР. Турнир прошёл в Бразилии."),
    ("zh", "寒潮来袭", "来自西伯利亚的冷空气影响中国北方，气温下降。俄罗斯部分地区降雪。"),
]


@pytest.mark.parametrize(("lang", "title", "text"), RELEVANT)
def test_relevant(lexicon_reader, make_article, lang, title, text):
    found = lexicon_reader.relevance(make_article(lang, title, text))
    assert found.relevant
    assert found.sentences
    assert found.both_named


@pytest.mark.parametrize(("lang", "title", "text"), IRRELEVANT)
def test_irrelevant(lexicon_reader, make_article, lang, title, text):
    assert not lexicon_reader.relevance(make_article(lang, title, text)).relevant


def test_the_plain_series_counts_what_only_names_both(lexicon_reader, make_article):
    found = lexicon_reader.relevance(make_article("en", "Medal table", "China took 10 medals, Russia 6."))
    assert found.both_named
    assert not found.relevant
