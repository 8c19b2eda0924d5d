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
# One side in the one sentence and the other in the next, denials, and money that stands for a side.
SPREAD = [
    (
        "en",
        "Yuan payments from Russia come back",
        "Chinese banks return them within days. The Russian government hopes for another way to settle.",
    ),
    (
        "en",
        "Beijing denies sending fighters to Russia",
        "China's foreign ministry rejected the claim. Russia has not commented.",
    ),
    (
        "ru",
        "Москва занимает в юанях",
        "Минфин России выпустит облигации в юанях. Банки купят их на деньги от торговли с Китаем.",
    ),
    ("zh", "外交部否认公民为俄作战", "外交部发言人说，有关说法毫无根据，中方一贯要求公民远离冲突。"),
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


@pytest.mark.parametrize(("lang", "title", "text"), SPREAD)
def test_dealings_told_across_sentences_are_relevant(lexicon_reader, make_article, lang, title, text):
    assert lexicon_reader.relevance(make_article(lang, title, text)).relevant


@pytest.mark.parametrize(("lang", "title", "text"), IRRELEVANT)
def test_irrelevant(lexicon_reader, make_article, lang, title, text):
    assert not lexicon_reader.relevance(make_article(lang, title, text)).relevant


def test_the_plain_series_counts_what_only_names_both(lexicon_reader, make_article):
    found = lexicon_reader.relevance(make_article("en", "Medal table", "China took 10 medals, Russia 6."))
    assert found.both_named
    assert not found.relevant
