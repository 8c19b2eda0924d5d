"""The language of a text, short ones and mixed ones included."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language import detect_language


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The two sides signed an agreement on gas supplies in the city of Harbin.", "en"),
        ("Putin arrives in Beijing", "en"),
        ("Стороны подписали соглашение о поставках газа.", "ru"),
        ("Путин прибыл в Пекин", "ru"),
        ("双方在哈尔滨签署天然气供应协议。", "zh"),
        ("雙方在哈爾濱簽署天然氣供應協議。", "zh"),
        ("普京抵京", "zh"),
        ("Президент України провів зустріч із послом Китаю та їхніми колегами.", "uk"),
        ("Прэзідэнт Беларусі сустрэўся з паслом Кітая ў Мінску.", "be"),
        ("България и Русия подписаха договор за сътрудничество в областта на енергетиката.", "bg"),
        ("Қазақстан мен Қытай арасындағы сауда көлемі өсті.", "kk"),
        ("Монгол Улсын Ерөнхийлөгч өнөөдөр Хятад улсад айлчиллаа.", "mn"),
        ("Председник Србије разговарао је са кинеским министром о улагањима у железницу.", "sr"),
        ("プーチン大統領は北京で習近平国家主席と会談した。", "ja"),
        ("푸틴 대통령이 베이징에 도착했다.", "ko"),
        ("Der Präsident ist am Freitag in Peking eingetroffen, wie der Kreml mitteilte.", "de"),
        ("Le président russe est arrivé vendredi à Pékin pour une visite de deux jours.", "fr"),
        ("الرئيس الروسي يصل إلى بكين", "ar"),
        ("中方发言人说 “Russia and China are partners” 是双方的共识，会谈将继续进行。", "zh"),
        ("Компания Huawei и Gazprom Neft подписали соглашение о поставке оборудования.", "ru"),
        ("", "und"),
        ("12 345 %", "und"),
    ],
)
def test_language(text: str, lang: str) -> None:
    assert detect_language(text) == lang


def test_a_declared_language_decides_only_where_the_text_says_little() -> None:
    assert detect_language("Vladimir Putin", "en") == "en"
    assert detect_language("Встреча", "uk") == "uk"
    assert detect_language("双方在北京签署协议", "en") == "zh"
    assert detect_language("Стороны подписали соглашение о поставках газа на тридцать лет.", "uk") == "ru"


def test_lingua_is_not_loaded_for_what_letters_decide() -> None:
    code = (
        "import sys; from ingest.language import detect_language as d\n"
        "d('Стороны подписали соглашение, сообщили вы и мы'); d('双方签署协议')\n"
        "d('The minister said that the talks are to go on')\n"
        "d('Президент України їде'); d('プーチン大統領'); sys.exit('lingua' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100), st.text(max_size=5))
def test_any_text_has_a_language_code(text: str, hint: str) -> None:
    assert detect_language(text, hint)
