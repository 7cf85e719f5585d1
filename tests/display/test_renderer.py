import pytest
import vl_convert

from clinia_nb.display.renderer import draw_json, draw_svg

BARS = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn from now on, as it was asked for."""
    draw, specs = vl_convert.vegalite_to_svg, []
    monkeypatch.setattr(
        vl_convert,
        "vegalite_to_svg",
        lambda spec, **options: specs.append(spec) or draw(spec, **options),
    )
    draw_json.cache_clear()
    return specs


def test_an_equal_specification_is_drawn_once_and_a_changed_one_again(drawn):
    spec = {**BARS}
    first = draw_svg(spec)
    assert draw_svg(dict(BARS)) == first
    assert len(drawn) == 1
    spec["mark"] = "point"
    assert draw_svg(spec) != first
    assert len(drawn) == 2


def test_what_could_not_be_drawn_is_tried_again(drawn):
    for _ in range(2):
        with pytest.raises(ValueError, match="Vega-Lite to SVG conversion failed"):
            draw_svg({**BARS, "mark": 7})
    assert len(drawn) == 2
