"""Every page in Chromium: charts drawn, clicks that filter, Back, no script, phone, dark, axe."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.dashboard.documents import article_id

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "/",
    "share": "/?show=share&by=camp&period=all",
    "change": "/?show=share&from=2023-12-01&to=2024-05-31",
    "articles": "/articles?q=gas",
    "article": f"/articles/{article_id(1)}",
    "collection": "/collection",
    "week": "/week",
    "stories": "/stories",
    "story": "/stories/s0",
    "silence": "/stories/alone",
    "events": "/events",
    "quotes": "/quotes",
    "phrases": "/phrases?phrase=multipolar-world",
    "families": "/?unit=families",
    "names": "/names",
    "name": "/names/Xi%20Jinping",
    "outlets": "/outlets",
    "outlet": "/outlets/daily_globe",
    "malformed": "/articles?q=gas+AND",
    "nothing": "/articles?q=zebra",
    "missing": "/nowhere",
}
EXPECTED_ERRORS = {"malformed", "missing"}  # a page with status 400 or 404 is a line in the console
PHONE = {"width": 360, "height": 740}
SCHEMES = [
    ("en", "light", None),
    pytest.param("ru", "dark", None, marks=pytest.mark.all_tiers),
    pytest.param("zh", "light", PHONE, marks=pytest.mark.all_tiers),
    pytest.param("ru", "light", PHONE, marks=pytest.mark.all_tiers),
    pytest.param("zh", "dark", None, marks=pytest.mark.all_tiers),
]
FIRST_PAINT_MS = 1500
MOST_BYTES = 400_000  # compressed, a first visit


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def wait_for_charts(page: Any) -> None:
    """Scroll to each chart, as it is drawn when it comes near, and wait for it."""
    for plot in page.locator("[data-chart]").all():
        plot.scroll_into_view_if_needed()
        plot.locator("svg").first.wait_for()
    assert page.locator("[data-drawn=failed]").count() == 0


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}" for v in found]


@pytest.mark.parametrize(("ui", "scheme", "size"), SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_page(
    open_page: Callable[..., Any], pictures: Path | None, name: str, ui: str, scheme: str, size: dict[str, int] | None
) -> None:
    page, watch = open_page(color_scheme=scheme, viewport=size or {"width": 1280, "height": 900}, bypass_csp=False)
    page.goto(f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}ui={ui}")
    wait_for_charts(page)
    if name in EXPECTED_ERRORS:
        watch.complaints.clear()
    assert page.get_by_text("SAMPLE DATA").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    if pictures:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=pictures / f"{name}-{ui}-{scheme}-{'phone' if size else 'desk'}.png", full_page=True)


def test_a_reader_walks_from_a_chart_to_an_article_and_back(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page()
    page.goto("/?ui=en")
    wait_for_charts(page)
    page.locator("#attention .plot [aria-roledescription='rect mark']").last.click(force=True)
    page.wait_for_url("**/articles?**")
    assert set(query(page)) >= {"from", "to", "lang"}
    page.go_back()
    page.locator("#attention .legend a", has_text="Russian").click()
    assert query(page)["lang"] == ["ru"]
    page.locator("#people a", has_text="Xi Jinping").click()
    assert query(page)["entity"] == ["Xi Jinping"]
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Articles").click()
    assert query(page) == {"lang": ["ru"], "entity": ["Xi Jinping"], "ui": ["en"]}
    page.locator(".articles .headline a").first.click()
    assert page.locator("h1").inner_text().startswith("В Пекине")
    page.go_back()
    assert query(page)["entity"] == ["Xi Jinping"]
    page.go_back()
    page.go_back()
    assert "entity" not in query(page)
    assert page.locator(".chips li").first.inner_text().startswith("Language")


def test_search_and_a_shared_link(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("газопровод")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/articles?**")
    total = page.locator(".asof").inner_text()
    shared, _watch = open_page()
    shared.goto(page.url)
    assert shared.locator(".asof").inner_text() == total
    assert shared.locator(".articles em").first.inner_text() == "газопроводе"


def test_without_javascript_one_reads_and_searches(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page(java_script_enabled=False)
    page.goto("/?ui=en")
    page.locator("#attention summary", has_text="Table").click()
    assert page.locator("#attention table").is_visible()
    assert page.locator("#attention tbody tr").count() > 12
    assert not page.locator("#attention .plot").is_visible()
    page.get_by_role("searchbox").fill("gas")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".articles li").count() > 0


def test_by_keyboard_alone(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page()
    page.goto("/?ui=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#people a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**entity=**")
    page.locator("#attention summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#attention table").is_visible()


def test_the_first_visit_is_light_and_quick(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page()
    sent: list[int] = []
    page.on("requestfinished", lambda request: sent.append(request.sizes()["responseBodySize"]))
    paints = []
    for _visit in range(3):
        page.goto("/?ui=en")
        wait_for_charts(page)
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    assert sorted(paints)[1] < FIRST_PAINT_MS
    assert sum(sent) / 3 < MOST_BYTES


def test_nothing_jumps_when_charts_arrive(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.shift += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto("/?ui=en")
    wait_for_charts(page)
    assert page.evaluate("window.shift") < 0.02


def test_200_percent_zoom(open_page: Callable[..., Any]) -> None:
    page, _watch = open_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    page.goto("/articles?ui=en")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
