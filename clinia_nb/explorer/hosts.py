"""Where the explorer is shown: in a notebook with a page, without one, or at a prompt."""

from __future__ import annotations

import os
from typing import Any


def has_kernel() -> bool:
    """Whether this runs in a notebook, which can show widgets."""
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")


def has_page() -> bool:
    """Whether the cell was surely run from a page: a Jupyter server names the kernel's session.

    Programs that run notebooks say the user's name, which pages leave blank.
    """
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    parent: dict[str, Any] = shell.get_parent() if hasattr(shell, "get_parent") else {}
    header: dict[str, Any] = parent.get("header", {})
    return "JPY_SESSION_NAME" in os.environ and not header.get("username")
