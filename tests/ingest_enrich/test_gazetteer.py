"""Names are found in every script and case form, and left alone where they are part of something else."""

import pytest

FOUND = [
    ("en", "Xi's trip to the Kremlin", {"Xi": "Xi Jinping", "Kremlin": "Moscow Kremlin"}),
    ("en", "the China-Russia border", {"China": "China", "Russia": "Russia"}),
    ("en", "XI JINPING VISITS MOSCOW", {"XI JINPING": "Xi Jinping", "MOSCOW": "Moscow"}),
    (
        "en",
        "CNPC and the SCO",
        {"CNPC": "China National Petroleum Corporation", "SCO": "Shanghai Cooperation Organisation"},
    ),
    ("ru", "с Си Цзиньпином и Ван И", {"Си Цзиньпином": "Xi Jinping", "Ван И": "Wang Yi"}),
    ("ru", "о «Силе Сибири-2» в Суйфэньхэ", {"Силе Сибири-2": "Power of Siberia 2", "Суйфэньхэ": "Suifenhe"}),
    (
        "ru",
        "в Шанхайской организации сотрудничества",
        {"Шанхайской организации сотрудничества": "Shanghai Cooperation Organisation"},
    ),
    (
        "ru",
        "глава МИД КНР в Благовещенске",
        {"МИД КНР": "Ministry of Foreign Affairs (China)", "Благовещенске": "Blagoveshchensk"},
    ),
    ("ru", "Народным банком Китая", {"Народным банком Китая": "People's Bank of China"}),
    ("zh", "普京與習近平在莫斯科", {"普京": "Vladimir Putin", "習近平": "Xi Jinping", "莫斯科": "Moscow"}),
    ("zh", "中俄关系，俄方对华出口", {"中": "China", "俄": "Russia", "俄方": "Russia", "华": "China"}),
    (
        "zh",
        "符拉迪沃斯托克的中石油",
        {"符拉迪沃斯托克": "Vladivostok", "中石油": "China National Petroleum Corporation"},
    ),
]
ABSENT = [
    ("en", "amur honeysuckle", "Amur"),
    ("en", "the us against them", "United States"),
    ("ru", "силы сибиряков", "Power of Siberia"),
    ("zh", "俄亥俄州与俄勒冈州", "Russia"),
    ("zh", "集中精力，中心城市", "China"),
    ("zh", "精美的印刷", "United States"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), FOUND)
def test_finds_names(gazetteer, lang, text, expected):
    found = {m.surface: m.key for m in gazetteer.find(text, lang)}
    assert expected.items() <= found.items()


@pytest.mark.parametrize(("lang", "text", "key"), ABSENT)
def test_leaves_alone_what_is_no_name(gazetteer, lang, text, key):
    assert key not in {m.key for m in gazetteer.find(text, lang)}


@pytest.mark.parametrize("lang", ["en", "ru", "zh"])
def test_offsets_are_those_of_the_text_as_written(gazetteer, lang):
    text = "İstanbul 😀 — Xi Jinping, Си Цзиньпин, 習近平 ﬁ"
    for m in gazetteer.find(text, lang):
        assert text[m.start : m.end] == m.surface


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Xi Jinping", "Xi Jinping"),
        ("xi jinping", "Xi Jinping"),
        ("Си Цзиньпина", "Xi Jinping"),
        ("習近平", "Xi Jinping"),
        ("газпромом", "Gazprom"),
        ("俄气", "Gazprom"),
        ("Михаилом Мишустиным", "Mikhail Mishustin"),
    ],
)
def test_resolves_a_name_in_any_script(gazetteer, name, key):
    assert gazetteer.resolve(name)[0] == key


def test_an_unknown_name_resolves_to_nothing(gazetteer):
    assert gazetteer.resolve("Nobody Atall") == ()
    assert gazetteer.names("Nobody Atall") == {}
    assert gazetteer.country("Nobody Atall") == ""


def test_is_broad_and_knows_three_languages(gazetteer):
    three = list(filter(lambda k: all(gazetteer.names(k).values()), gazetteer.keys()))
    assert len(gazetteer) >= 1500
    assert len(three) >= 1500


def test_every_side_has_its_country(gazetteer):
    assert gazetteer.country("Vladimir Putin") == "RUS"
    assert gazetteer.country("Heihe") == "CHN"
    assert gazetteer.country("NATO") == "NAT"
    assert gazetteer.country("BRICS") == ""
