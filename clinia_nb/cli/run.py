"""Running the command line: its exit code, and errors as one line."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from clinia_nb.display.terminal import complain, prepare_output
from clinia_nb.errors import CliniaError, StillPendingError

from .arguments import make_parser
from .errors import message_of, plain_warnings
from .lab import split_arguments
from .report import NOT_DONE

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    if arguments is None:  # the process is the command's own
        gc.freeze()  # what was imported stays: no collection has to look at it again
        # Altair's checks of formats would compile the grammar of web addresses, for a second.
        sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore[reportArgumentType] -- None: cannot be imported
    prepare_output()
    words, for_jupyter = split_arguments(list(sys.argv[1:] if arguments is None else arguments))
    options = make_parser().parse_args(words)
    options.for_jupyter = for_jupyter
    try:
        with plain_warnings():
            return options.run(options, options.parser)
    except StillPendingError as exc:
        complain(str(exc))
        return NOT_DONE if options.command == "report" else 1
    except (CliniaError, OSError) as exc:
        complain(message_of(exc))
    except MemoryError:
        complain("The answer does not fit into this machine's memory.")
    except KeyboardInterrupt:
        complain("stopped.")
    return 1
