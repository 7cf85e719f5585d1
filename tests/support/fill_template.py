"""A message made of a template, for the labelled messages."""

import re


def filled(template, makers, chance):
    """Replace each ``{maker}`` by what it makes; doubled braces are braces."""
    text = template.replace("{{", "\1").replace("}}", "\2")
    text = re.sub(r"\{(\w+)\}", lambda maker: makers[maker[1]](chance), text)
    return text.replace("\1", "{").replace("\2", "}")
