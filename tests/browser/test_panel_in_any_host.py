"""The panel's script in a bare page, as hosts other than JupyterLab use it: in a shadow root."""

import json

import pytest
from support.drawings import IN_EXPLORER

from clinia_nb import Client, Explorer
from clinia_nb.explorer.widget import Panel
from clinia_nb.sandbox.samples import list_samples

MIXED = next(sample for sample in list_samples() if sample.name == "mixed")
# A model as anywidget's specification describes it: one event for each call of `on`.
HOST = """([traits, css]) => {
    const heard = {};
    window.sent = [];
    window.keys = [];
    document.addEventListener("keydown", event => keys.push(event.key));
    window.model = {
        get: name => traits[name],
        on: (name, react) => { (heard[name] ??= []).push(react); },
        off: (name, react) => { heard[name] = heard[name].filter(one => one !== react); },
        send: message => sent.push(message),
        tell: (name, ...given) => (heard[name] ?? []).forEach(react => react(...given)),
        set: (name, value) => { traits[name] = value; model.tell(`change:${name}`); },
    };
    const host = document.body.appendChild(document.createElement("div"));
    const shadow = host.attachShadow({ mode: "open" });
    const style = shadow.appendChild(document.createElement("style"));
    style.textContent = css + " [hidden] { display: none !important; }";
    const el = shadow.appendChild(document.createElement("div"));
    window.leave = render({ model, el });
    model.tell("msg:custom", { hello: true }, []);
}"""


@pytest.fixture(scope="module")
def explorer():
    made = Explorer(Client.sandbox(), MIXED.source_key, MIXED.bulk_id)
    made.ask({"act": "ready"})
    yield made
    made.close()


@pytest.fixture
def host(page, explorer, wrong):
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.goto("about:blank")
    script = Panel._esm.replace("export default { render };", "window.render = render;")
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("() => Boolean(window.render)")
    traits = {name: getattr(explorer.panel, name) for name in ("chosen", "form", "parts", "twin")}
    page.evaluate(HOST, [traits, Panel._css])
    yield page
    happened, wrong[:] = wrong[:], []
    assert happened == []


def asked(page):
    return [message for message in page.evaluate("sent") if message["act"] != "ready"]


def test_each_change_is_drawn_and_the_focus_stays_within_a_shadow_root(host):
    host.get_by_role("searchbox").focus()
    host.keyboard.type("no date")
    host.wait_for_function("() => sent.some(message => message.act === 'narrow')")
    assert asked(host) == [{"act": "narrow", "text": "no date", "times": None}]
    host.evaluate("""() => {
        const parts = model.get("parts").map(part => [...part]);
        parts[0][1] = parts[0][1].replace("All 2,000 receipts", "Other words");
        model.set("parts", parts);
    }""")
    host.get_by_role("group", name="Filters").get_by_text("Other words").wait_for()
    box = host.get_by_role("searchbox")
    assert box.input_value() == "no date"
    assert box.evaluate("e => e.getRootNode().activeElement === e")


def test_shortcuts_with_ctrl_reach_the_host_and_single_keys_do_not(host):
    host.get_by_role("tab", name="Overview").focus()
    host.keyboard.press("d")
    host.keyboard.press("Control+s")
    assert host.evaluate("keys") == ["Control", "s"]


def test_escape_closes_the_list_first_and_then_clears_the_filters(host):
    host.get_by_role("button", name="List of bulks").click()
    first = host.locator("[data-for=bulk] [role=option]").first
    assert first.is_visible()
    host.keyboard.press("ArrowDown")
    host.keyboard.press("Escape")
    assert not first.is_visible()
    assert asked(host) == []
    host.keyboard.press("Escape")  # the focus is on the form: what was typed there stays
    host.get_by_role("tab", name="Overview").focus()
    host.keyboard.press("Escape")
    assert asked(host) == [{"act": "drop"}]


def test_a_brush_that_ends_after_its_chart_was_replaced_asks_for_nothing(host, explorer):
    """By then the chart may be of another bulk, whose times are not those that were brushed."""
    shown_at(host, explorer, 1400, 900)
    chart = host.locator("svg[data-brush]").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    middle = box["y"] + box["height"] / 2
    anew = "model.get('parts').map(([name, html, state]) => [name, html + ' ', state])"
    for replaced in (True, False):
        host.mouse.move(box["x"] + 0.4 * box["width"], middle)
        host.mouse.down()
        host.mouse.move(box["x"] + 0.6 * box["width"], middle)
        if replaced:
            host.evaluate(f"() => model.set('parts', {anew})")
        host.mouse.up()
        assert [message["act"] for message in asked(host)] == ([] if replaced else ["brush"])


def test_what_a_mark_stands_for_is_shown_at_once_and_its_title_stays(host, explorer):
    explorer.ask({"act": "tab", "name": "failures"})
    shown_at(host, explorer, 1400, 900)
    tip, marks = host.locator(".tip"), host.locator("svg path:has(> title)")
    mark = host.locator("svg path").nth(
        host.locator("svg path").evaluate_all("all => all.findIndex(e => e.querySelector('title'))")
    )
    title, titles = mark.locator("title").text_content(), marks.count()
    mark.hover()
    assert tip.is_visible()  # without waiting
    assert tip.inner_text() == title
    assert len(title.split("\n")) > 1
    assert marks.count() == titles - 1  # else the browser would show it again
    assert tip.evaluate("e => e.getBoundingClientRect().right <= innerWidth")
    host.get_by_role("searchbox").hover()
    assert not tip.is_visible()
    assert mark.locator("title").text_content() == title
    host.locator("[data-part=types] .mark").first.focus()
    assert tip.is_visible()
    assert marks.count() == titles  # a screen reader reads the title of what has the focus
    host.evaluate("() => model.set('parts', [...model.get('parts')])")
    assert not tip.is_visible()
    assert marks.count() == titles
    explorer.ask({"act": "tab", "name": "overview"})


def test_a_file_is_saved_only_by_the_view_that_asked_for_it(host):
    host.get_by_role("button", name="receipts as CSV").click()
    [download] = asked(host)
    told = {"file": "a.csv", "type": "text/csv", "say": "Saved"}
    tell = "([message]) => model.tell('msg:custom', message, [new TextEncoder().encode('x')])"
    with host.expect_download() as saved:
        host.evaluate(tell, [told | {"view": "another", "file": "b.csv"}])
        host.evaluate(tell, [told | {"view": download["view"]}])
    assert saved.value.suggested_filename == "a.csv"


def test_a_kernel_that_does_not_answer_is_named(host):
    host.get_by_role("tab", name="Timing").click()
    note = host.get_by_text("No answer from the kernel")
    note.wait_for()
    host.evaluate("() => model.tell('msg:custom', { answered: true }, [])")
    note.wait_for(state="hidden")


def test_a_note_is_in_sight_until_something_else_is_asked_for(host):
    note = host.get_by_text("Write times as")
    host.evaluate("() => model.tell('msg:custom', { say: 'Write times as this.' }, [])")
    note.wait_for()
    box = note.bounding_box()
    assert box["y"] + box["height"] <= 1000  # though the panel is longer than the page
    host.get_by_role("tab", name="Timing").click()
    note.wait_for(state="detached")


def test_times_that_were_applied_are_shown_as_they_were_understood(host, explorer):
    host.locator("input[name=begins]").fill("2026-03-09 21:20")
    host.locator("input[name=ends]").fill("2026-03-09 21:10")
    host.locator("input[name=ends]").press("Enter")  # which keeps the focus
    explorer.ask(asked(host)[-1])
    shown_at(host, explorer, 1280, 1000)
    for name, shown in (("begins", "2026-03-09 21:10:00.000"), ("ends", "2026-03-09 21:20:00.000")):
        assert host.locator(f"input[name={name}]").input_value() == shown
    explorer.ask({"act": "drop"})


SIGHT = """() => {
    const root = document.querySelector("div").shadowRoot;
    const inside = (e) => e && e.getBoundingClientRect().bottom <= innerHeight;
    return [...root.querySelectorAll(".problems > li")].filter(li =>
        [...li.querySelectorAll("dd, .take button")].every(inside)).length;
}"""
NARROW = """() => {
    const root = document.querySelector("div").shadowRoot;
    const wide = [...root.querySelectorAll(".explorer *")].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width && box.right > innerWidth + 1 && !e.closest(".wide, .chart");
    });
    return wide.map(e => `${e.className}: ${e.textContent.slice(0, 40)}`);
}"""


BROKEN = """() => {
    const cells = [...document.querySelector("div").shadowRoot.querySelectorAll(".added")];
    const lines = (cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(line => line.y)).size;
    };
    return [cells.length, cells.filter(e => !/\\s/.test(e.textContent) && lines(e) > 1).length];
}"""


def shown_at(page, explorer, width, height):
    """Set the page's size, and draw the panel for it."""
    page.set_viewport_size({"width": width, "height": height})
    explorer.ask({"act": "ready", "width": width - 60})
    page.wait_for_timeout(100)  # in which the event loop begins to draw
    while any(state for _, _, state in explorer.panel.parts):
        page.wait_for_timeout(50)
    page.evaluate("parts => model.set('parts', parts)", explorer.panel.parts)


def test_leading_problems_are_in_sight_with_what_to_do_about_them(host, explorer):
    shown_at(host, explorer, 1400, 900)
    assert host.evaluate(SIGHT) >= 4


@pytest.mark.parametrize("tab", ["overview", "failures", "timing", "todo", "receipts"])
def test_on_a_phone_nothing_is_wider_than_the_page(host, explorer, tab):
    explorer.ask({"act": "tab", "name": tab})
    shown_at(host, explorer, 390, 800)
    assert host.evaluate(NARROW) == []
    explorer.ask({"act": "tab", "name": "overview"})


@pytest.mark.parametrize("width", [1400, 700])
def test_words_in_columns_that_were_added_are_never_broken(host, explorer, width):
    names = ("target_type", "error_code", "pipeline_execution_id", "pipeline_definition_id")
    for message in (
        {"act": "tab", "name": "receipts"},
        *({"act": "column", "name": n} for n in names),
    ):
        explorer.ask(message)
    shown_at(host, explorer, width, 900)
    cells, broken = host.evaluate(BROKEN)
    assert (cells, broken) == (4 * 26, 0)
    for message in (
        *({"act": "column", "name": n} for n in names),
        {"act": "tab", "name": "overview"},
    ):
        explorer.ask(message)


@pytest.mark.parametrize("width", [390, 1000])
def test_each_chart_of_a_static_view_is_seen_once_and_fits(host, explorer, width):
    page = host.context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(explorer.static_html())
    charts = page.locator(".clinia-chart:visible")
    assert charts.count() == IN_EXPLORER
    wider = "all => all.filter(it => it.scrollWidth > it.clientWidth)"
    assert charts.evaluate_all(f"{wider}.map(it => it.parentElement.className)") == []
    page.close()


def test_charts_are_drawn_for_the_width_that_is_there(host):
    host.wait_for_function("() => sent.some(message => message.width > 500)")
    widths = [json.loads(json.dumps(one))["width"] for one in host.evaluate("sent")]
    assert widths[0] == 0
