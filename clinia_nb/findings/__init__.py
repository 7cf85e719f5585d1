"""The findings about a bulk: sentences, as text and as HTML."""

from .comparison import Comparison, compare_bulks
from .explanation import Explanation, explain
from .overview import Overview, summarize_bulk

__all__ = ["Comparison", "Explanation", "Overview", "compare_bulks", "explain", "summarize_bulk"]
