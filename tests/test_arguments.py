"""An argument that is wrong is answered with what it was, and the nearest that is right."""

import pytest
from support.frames import frame

import clinia_nb as cnb
from clinia_nb.errors import MissingColumnError

FRAME = frame({"status": "FAILURE", "error_message": "no bed", "error_type": "X"})


@pytest.mark.parametrize(
    ("given", "nearest"), [("signatur", "signature"), ("eror_type", "error_type")]
)
def test_a_column_that_is_not_there_is_answered_with_the_nearest(given, nearest):
    with pytest.raises(MissingColumnError, match=f"'{given}'. Did you mean '{nearest}'"):
        cnb.summarize_failures(FRAME, by=given)


@pytest.mark.parametrize(
    ("module", "given", "nearest"),
    [(cnb, "explian", "explain"), (cnb.charts, "failure_onset", "failure_onsets")],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(module, given, nearest):
    with pytest.raises(AttributeError, match=f"'{given}'. Did you mean '{nearest}'"):
        getattr(module, given)


@pytest.mark.parametrize("confidence", ["99%", 1.5, 0, None])
def test_a_confidence_that_is_none_names_one(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, such as 0\.99"):
        cnb.contrast_failures(FRAME, confidence=confidence)


@pytest.mark.parametrize("seconds", ["10s", -1, float("nan")])
def test_a_time_to_wait_that_is_none_says_so(seconds):
    with pytest.raises(ValueError, match="must be seconds"):
        cnb.Client("acme", api_key="k", time_limit=seconds)
    with pytest.raises(ValueError, match="must be seconds"):
        cnb.Client.sandbox(progress=False).wait_for_bulk("ehr", "bk_1", timeout=seconds)
