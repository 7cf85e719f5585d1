import pytest
from support.problems import problem_counts


@pytest.fixture(scope="module")
def counts(request):
    """How many problems the cases of a module have, plain and redacted: signed all at once."""
    return problem_counts(request.module.ONE_PROBLEM | request.module.TWO_PROBLEMS)
