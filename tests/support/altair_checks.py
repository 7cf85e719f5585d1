"""What Altair checked once it does not check again: many tests make the same parts of charts."""

from altair.utils import schemapi


def check_once():
    """Keep what Altair finds wrong with a part of a chart, most often nothing, for its equals."""
    check, found = schemapi._get_errors_from_spec, {}

    def errors(spec, schema, rootschema=None):
        key = repr((spec, schema)), id(rootschema)
        if key not in found:
            found[key] = check(spec, schema, rootschema=rootschema)
        return [error.with_traceback(None) for error in found[key]]

    schemapi._get_errors_from_spec = errors
