"""Chinese text for matching: traditional folded to simplified character by character, and the one-character countries.

Folding keeps the length, so that offsets stay those of the text as it was written.
"""

import re
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

# A character of a country's short name counts as the country unless it is part of one of these words.
COUNTRY_CHARACTERS = {
    "中": "China", "华": "China", "俄": "Russia", "美": "United States", "日": "Japan", "韩": "South Korea",
    "朝": "North Korea", "乌": "Ukraine", "欧": "Europe", "英": "United Kingdom", "法": "France", "德": "Germany",
    "印": "India", "澳": "Australia", "蒙": "Mongolia", "哈": "Kazakhstan", "越": "Vietnam", "伊": "Iran",
    "以": "Israel",
    "港": "Hong Kong", "台": "Taiwan", "非": "Africa",
}  # fmt: skip
_PAIR = "中俄美日韩朝乌欧英法德印澳蒙越哈"
_OTHERS = "俄美日韩朝乌欧英法德印澳蒙越非"
# 俄 stands by itself in headlines (俄总统, 赴俄, 对俄), except in the words after which or before which it is spoken of
# as a language, a manner or a part of another name.
_RUSSIA = re.compile(r"(?<![沙帝苏亥])俄(?![罗語语文式亥勒克裔语籍狄底而顷然国塔])")
_CHINA = re.compile(
    rf"中(?=[{_OTHERS}](?!洲|国|式|元|语|文))"
    r"|(?<=[俄美韩朝越蒙])中(?![央心间期文式东医药学华国场等小不])|(?<=[日欧英法德印澳哈乌非])中(?=[关两双三贸合边友协首高建]|$|[，。、—－-])"
    r"|中(?=[方企资])(?!方便|资料)|(?<=[访赴对驻涉在来抵亲反援])中(?=[国方企资\W]|$)"
    r"|(?<=[访对驻涉旅援侨来抵赴反亲离])华(?=[^盛沙为南北东西中人侨商裔尔纳]|$)|(?<=在)华(?=[投企外经举出进生的，。、])"
    r"|(?<=[美日印欧韩澳英])华(?=[关贸])"
)
_AMERICA = re.compile(
    r"(?<![完优精赞健甜审唯南北拉])美(?=[国方军国媒俄中日韩欧英债联印越澳财国务](?!国|学|观|好|食))(?!美国)"
    r"|(?<=[中俄日韩欧英访对驻赴抗反亲涉在])美(?!国|好|丽|食|元|学|术|景|味|观|洲|金|妙|化|誉|容|联社|团|的|军)"
)
_OTHER_PAIRED = re.compile(
    rf"(?<=[{_PAIR}])([{_PAIR}])(?=[{_PAIR}关两双三贸合边领外总首冲战元])|([{_PAIR}])(?=[俄中美]+[关两双三贸合边])"
)
_OTHER_SIDE = re.compile(
    r"([日韩朝乌欧英法德印澳蒙越伊以])(?=方(?!法|式|向|案|便|面|针|可|能|才|圆))|(?<=[访援驻涉赴对])([日韩朝乌欧英法德印澳蒙越])(?=[方贸军关外战]|$|[，。、])"
)
SIDES = re.compile(r"[中俄美日韩朝乌欧英法德印澳蒙越伊以]方")


class _Simplified(dict[int, Any]):
    """A translation table that learns one character at a time."""

    def __missing__(self, code: int) -> Any:
        char = chr(code)
        if "\u3400" <= char <= "\u9fff":
            folded = _converter()(char, "zh-hans")
            char = folded if len(folded) == 1 else char
        self[code] = char
        return char


@cache
def _converter() -> Callable[[str, str], str]:
    """zhconv's function; its import warns about setuptools, which is no concern of the reader."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from zhconv import convert
    convert_: Callable[[str, str], str] = convert
    return convert_


@cache
def _table() -> _Simplified:
    return _Simplified()


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; the same length as the text."""
    return text.translate(_table())


def short_countries(text: str) -> list[tuple[int, int, str]]:
    """(start, end, key) of countries named by one character or as a side (中方, 俄方) in simplified text."""
    found: dict[int, tuple[int, int, str]] = {}
    for pattern, key in ((_CHINA, "China"), (_RUSSIA, "Russia"), (_AMERICA, "United States")):
        for m in pattern.finditer(text):
            found.setdefault(m.start(), _with_side(text, m.start(), key))
    for pattern in (_OTHER_PAIRED, _OTHER_SIDE):
        for m in pattern.finditer(text):
            found.setdefault(m.start(), _with_side(text, m.start(), COUNTRY_CHARACTERS[text[m.start()]]))
    return [found[k] for k in sorted(found)]


def _with_side(text: str, start: int, key: str) -> tuple[int, int, str]:
    end = (
        start + 2
        if SIDES.match(text, start) and text[start + 2 : start + 3] not in {"面", "便", "向", "法", "式"}
        else start + 1
    )
    return start, end, key
