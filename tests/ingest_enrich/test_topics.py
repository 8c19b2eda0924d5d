"""What an article is about, and what its two sides deal in where the lead is of something else."""

import pytest

from ingest.enrich.topics import Topics

VISIT = {
    "en": (
        "Xi and Putin meet in Moscow for a summit",
        (
            "The Chinese president arrived for a state visit and held talks with his Russian counterpart. "
            "The ambassadors attended the ceremony. The foreign ministers held talks as well. "
            "The leaders signed a joint statement on the strategic partnership. {}"
            "The diplomats then flew home. A return visit is to follow, the embassy said."
        ),
        (
            "They also agreed to raise Russian coal deliveries to China. Coal is mined in Yakutia. "
            "A new pipeline was not mentioned. "
        ),
    ),
    "zh": (
        "中俄元首在莫斯科会晤",
        "中国国家主席对俄罗斯进行国事访问，同普京举行会谈。两国外长参加会谈。双方发表联合声明。{}外交部说，大使出席。",
        "双方同意增加俄罗斯对中国的煤炭供应。煤炭产自雅库特。天然气管道没有提及。",
    ),
    "ru": (
        "Си и Путин провели саммит в Москве",
        (
            "Председатель КНР прибыл с государственным визитом, переговоры прошли в Кремле. Были послы. "
            "Принято совместное заявление. {}Посольство сообщило об ответном визите."
        ),
        "Россия увеличит поставки угля в Китай. Уголь добывают в Якутии. О газопроводе не говорили. ",
    ),
}


@pytest.mark.parametrize("lang", VISIT)
def test_goods_dealt_in_count_beside_a_diplomatic_lead(make_reading, lang):
    title, body, deal = VISIT[lang]
    found = [t.name for t in Topics()(make_reading(lang, title, body.format(deal)))]
    assert found[0] == "diplomacy"
    assert "energy" in found


@pytest.mark.parametrize("lang", VISIT)
def test_goods_not_spoken_of_do_not(make_reading, lang):
    title, body, _ = VISIT[lang]
    assert "energy" not in [t.name for t in Topics()(make_reading(lang, title, body.format("")))]


def test_goods_of_one_side_alone_do_not(make_reading):
    title, body, _ = VISIT["en"]
    alone = "Gas was dear in Germany. Gas is dear in Norway too. Oil fell. "
    assert "energy" not in [t.name for t in Topics()(make_reading("en", title, body.format(alone)))]
