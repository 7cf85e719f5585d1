"""How many examples hypothesis tries: a base per test, times what the profile asks for.

People who wait take the quick profile, `.ci/run` takes `ci`. `HYPOTHESIS_PROFILE=long` is for a
night and the only one with fresh seeds. Machines that run tests are shared: how long one example
takes says nothing.
"""

import os

from hypothesis import HealthCheck, settings

FACTORS = {"quick": 0.1, "ci": 0.4, "long": 25}
_BASE = 100  # what hypothesis tries where a test asks for nothing


def load_profile(name: str) -> None:
    """Use a profile for tests that are collected from now on."""
    for profile, factor in FACTORS.items():
        settings.register_profile(
            profile,
            max_examples=round(_BASE * factor),
            deadline=None,
            derandomize=profile != "long",
            suppress_health_check=[HealthCheck.too_slow],
        )
    settings.load_profile(name)
    os.environ["HYPOTHESIS_PROFILE"] = name


def examples(base: int) -> settings:
    """Try so many examples, times the factor of the profile."""
    return settings(max_examples=max(2, round(base * FACTORS[os.environ["HYPOTHESIS_PROFILE"]])))


def seeds(in_ci: int) -> range:
    """Return the seeds of a test that plants bulks: so many in CI, a quarter in a quick run."""
    return range(round(in_ci * FACTORS[os.environ["HYPOTHESIS_PROFILE"]] / FACTORS["ci"]))
