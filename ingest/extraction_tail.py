"""What stands around an article and is none of it, by rules that hold for any outlet; and whether a text is one at all."""

import re

from ingest.textclean import letters

LEAST_LETTERS = 80  # below, a page holds a caption or a teaser; Chinese letters count threefold
LEAST_LETTERS_WITH_TITLE = 40  # a flash that a feed announced: its title stands for it
_HAN = re.compile("[\u3400-\u9fff]")

# A line that opens the part after the article: all from here on goes, if it stands in the last part of the text.
_TAIL_STARTS = re.compile(
    r"""^\W*(?:
    related\ (?:stories|articles|news|links|topics|content|posts)|read\ (?:more|also|next)\b.{0,20}$|more\ (?:on\ this\ story|stories|from|news)\b.{0,40}$|
    you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested)|recommended(?:\ for\ you)?$|most\ (?:read|popular|viewed)|trending(?:\ now)?$|
    (?:add|post|leave)\ (?:a|your)\ comment|comments?\s*[(:\d]|share\ this|follow\ us\b|sign\ up\ (?:for|to)\b|subscribe\ (?:to|now)|
    copyright\b|©|all\ rights\ reserved|have\ your\ say|what\ do\ you\ think\?|tags?\s*:|filed\ under|
    читайте\ (?:также|по\ теме|ещ[её])|смотрите\ также|также\ по\ теме|по\ теме\b.{0,5}$|ссылки\ по\ теме|материалы\ по\ теме|новости\ по\ теме|
    другие\ (?:новости|материалы|статьи)|ещ[её]\ (?:по\ теме|новости)|похожие\ (?:новости|материалы|статьи)|последние\ новости|
    популярн(?:ое|ые)|самое\ (?:читаемое|популярное)|комментари[ийев]+\s*(?:[(:\d]|$)|оставить\ комментарий|добавить\ комментарий|написать\ комментарий|
    подписывайтесь|подпишитесь|поделиться|версия\ для\ печати|просмотров\s*:|теги\s*:|тэги\s*:|метки\s*:|рубрик[аи]\s*:|комментировать\ могут|
    все\ права\ защищены|новости\ (?:от\ )?(?:партн[её]ров|redtram|mediametrics|smi2)|вернуться\ (?:назад|к\ списку)|
    相关(?:新闻|阅读|链接|报道|文章|专题|推荐)|相關(?:新聞|閱讀|連結|報導|文章)|延伸(?:阅读|閱讀)|推荐(?:阅读|新闻|文章)|推薦(?:閱讀|新聞)|更多(?:新闻|精彩|阅读|相关)|
    热门(?:新闻|文章|推荐|关键词)|热点(?:新闻|推荐)|精彩(?:推荐|图集)|猜你喜欢|编辑推荐|点击排行|新闻排行|网友评论|我要评论|发表评论|查看评论|
    分享(?:到|至|给)|微信扫一扫|扫一扫|关注我们|标签\s*[:：]|关键[词字]\s*[:：]|本篇新闻热门关键词|
    上一(?:篇|页)|下一(?:篇|页)|上一則|下一則|返回(?:首页|列表|顶部)|【?打印】?|【?关闭】?|我来说两句|版权(?:声明|所有)|免责声明
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# A single line that is about the page and not of the text, at either end.
_EDGE_LINES = re.compile(
    r"""^\W*(?:
    (?:source|источник|来源|來源|稿源|文章来源|信息来源)\s*[:：].{0,60}|(?:责任)?编辑\s*[:：].{0,20}|(?:責任)?編輯\s*[:：].{0,20}|责编\s*[:：].{0,20}|责任编辑.{0,20}|
    (?:last\ )?updated\b.{0,60}|published\b.{0,60}|\d{1,2}\ \w+\ \d{4}\ last\ updated\ at.{0,20}|posted\ (?:on|by|at)\b.{0,60}|
    (?:print|email|share|tweet|facebook|twitter|вконтакте|одноклассники|печать|распечатать|распечатать\ новость|打印|关闭|收藏|字号|advertisement|реклама|广告)\W*|
    字号\s*[:：]?.{0,12}|【.{0,3}字.{0,6}】.{0,20}|\[?大\s*中\s*小\]?|本文来源.{0,30}|作者\s*[:：]\s*\S{0,12}|新闻热线.{0,40}|
    (?:фото|photo|image|picture)\s*[:：©].{0,80}|опубликовано\s*[:：]?.{0,40}|просмотров?\s*[:：]?\s*\d+|views?\s*[:：]\s*\d+|
    \[?[（(\[【]?责任编辑.{0,16}[】\])）]?
    )\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_TAIL_FROM = 0.35  # of the text's length: a tail does not start before
_EDGE_REACH = 4  # lines at either end among which edge lines are looked for

# What a page says instead of an article. Matched only where the text is short.
_WALLS = re.compile(
    r"""(?:enable|turn\ on|activate|requires?)\ (?:java ?script|cookies)|java ?script\ is\ (?:disabled|not|required)|you\ need\ to\ enable|
    (?:accept|consent\ to)\ (?:all\ )?(?:the\ use\ of\ )?cookies|we\ (?:and\ our\ partners\ )?(?:use|value)\ (?:cookies|your\ privacy)|checking\ your\ browser|
    verify\ (?:that\ )?you\ are\ (?:a\ )?human|are\ you\ a\ robot|unusual\ traffic|access\ denied|attention\ required|ddos\ protection|just\ a\ moment|
    page\ (?:not|cannot\ be|can't\ be|could\ not\ be)\ found|error\ 404|404\ (?:error|not\ found)|no\ longer\ (?:available|exists)|page\ (?:you\ (?:are|were)\ looking\ for|doesn't\ exist)|
    subscribe\ to\ (?:continue|read)|(?:log|sign)\ in\ to\ (?:continue|read)|to\ continue\ reading|
    включите\ (?:java ?script|поддержку|cookie)|javascript\ отключ|файлы\ cookie|используем\ (?:файлы\ )?(?:cookie|куки)|страница\ не\ (?:найдена|существует)|
    запрашиваем\S+\ (?:вами\ )?(?:страниц|материал|документ)|ошибка\ 404|доступ\ (?:запрещ[её]н|ограничен)|подтвердите,?\ что\ вы\ (?:не\ робот|человек)|материал\ (?:удал[её]н|недоступен)|
    (?:请|請)(?:开启|开启|启用|啟用|允许|打开).{0,8}(?:javascript|cookie|脚本|腳本)|(?:页面|頁面|网页|網頁|文章|内容|內容).{0,6}(?:不存在|已删除|已刪除|找不到|无法找到|不见了|已被删除)|
    您(?:访问|要找|请求|浏览)的(?:页面|网页|内容|文章)|抱歉.{0,12}(?:不存在|找不到|删除)|404\ ?错误|安全验证|访问(?:被拒绝|受限|异常)|登录后(?:继续|查看|阅读)""",
    re.IGNORECASE | re.VERBOSE,
)
_WALL_BELOW = 700  # letters (Chinese threefold) above which a text that speaks of cookies is an article about them
_LIST_LINE = 30  # letters below which a line is a heading or a link
_LIST_SHARE = 0.8  # of lines that short, with no sentence among them: a list of links


def without_tail(text: str) -> str:
    """The text without next stories, sharing and copyright lines and the like at its ends."""
    lines = text.split("\n")
    total, seen = len(text), 0
    for at, line in enumerate(lines):
        if seen > _TAIL_FROM * total and len(line) < 120 and _TAIL_STARTS.match(line):  # noqa: PLR2004
            lines = lines[:at]
            break
        seen += len(line) + 1
    return "\n".join(_without_edges(lines))


def _without_edges(lines: list[str]) -> list[str]:
    last = len(lines) - _EDGE_REACH
    return [
        line for at, line in enumerate(lines) if not ((at < _EDGE_REACH or at >= last) and _EDGE_LINES.fullmatch(line))
    ]


def weight(text: str) -> int:
    """Length in letters, each Chinese character counting for three: what a text says, whatever its script."""
    return letters(text) + 2 * len(_HAN.findall(text))


def why_no_text(title: str, text: str, *, announced: bool = False) -> str:
    """The reason for which a text is no article, or an empty string. `announced`: a feed entry gave its title."""
    size = weight(text)
    if size < _WALL_BELOW and (_WALLS.search(text) or _WALLS.search(title)):
        return "the page shows a wall, a script's shell or an error in place of an article"
    if size < (LEAST_LETTERS_WITH_TITLE if announced else LEAST_LETTERS):
        return f"the page holds {size} letters of text"
    lines = text.split("\n")
    short = sum(weight(line) < _LIST_LINE for line in lines)
    if len(lines) > 5 and short > _LIST_SHARE * len(lines) and not re.search(r"[.!?…](?:\s|$)|[。！？]", text):  # noqa: PLR2004
        return "the page is a list of links"
    return ""
