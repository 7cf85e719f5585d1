"""What a cell shows, in pages with styles of their own and after others cleaned it."""

import re

import pytest

PAGES = {
    "Bootstrap 5": "[hidden] { display: none !important; }",
    "Tailwind 4": "@layer base { [hidden]:where(:not([hidden='until-found'])) {"
    " display: none !important; } }",
    "dark": "html { color-scheme: dark; }",
}


@pytest.mark.parametrize("style", PAGES.values(), ids=PAGES)
def test_a_chart_is_drawn_once_whatever_the_page_hides(shown, page, style):
    page.set_content(f"<style>{style}</style>{shown[0]}{shown[1]}")
    svg = page.locator("figure.clinia-chart svg")
    assert svg.bounding_box()["height"] > 100
    assert svg.evaluate("e => e.checkVisibility({ contentVisibilityAuto: true })")
    assert page.locator("figure.clinia-chart img:visible").count() == 0
    assert "{" not in page.locator("body").inner_text()


def test_where_styles_and_svg_are_taken_out_the_picture_is_seen_instead(shown, page):
    cleaned = re.sub(r"<style>.*?</style>|</?(svg|path|g|rect|title|text)\b[^>]*>", "", shown[0])
    cleaned = re.sub(r"<style>.*?</style>", "", cleaned, flags=re.DOTALL)
    page.set_content(cleaned)
    assert page.locator("figure.clinia-chart img").bounding_box()["height"] > 100
    assert page.locator("figure.clinia-chart > div").bounding_box()["height"] == 0


def test_a_sanitized_export_shows_no_rules_of_styles_as_text(shown, page):
    from nbconvert.preprocessors.sanitize import SanitizeHTML

    for html in shown:
        for strip in (False, True):
            cleaned = SanitizeHTML(strip=strip).sanitize_html_tags(html)
            page.set_content(cleaned)
            assert not re.search(r"\{[^}]*:[^}]*;?\}", page.locator("body").inner_text())
    assert "364 of 2,000 operations failed" in page.locator("body").inner_text()


def test_a_chart_follows_the_color_scheme_of_its_page(shown, page):
    background = "e => getComputedStyle(e).backgroundColor"
    seen = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
        page.set_content(f"<body style='color-scheme: {scheme}'>{shown[0]}")
        seen.add(page.locator("figure.clinia-chart").evaluate(background))
    page.emulate_media(color_scheme="light")
    assert len(seen) == 2
