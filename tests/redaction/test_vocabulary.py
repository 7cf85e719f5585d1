"""Which words are shown: checked against names that come from elsewhere than the word lists do."""

from importlib.resources import files

import polars as pl
import pytest
from polars.testing import assert_series_equal
from support.names import COMMON_WORDS_THAT_ARE_NAMES, NAMES

from clinia_nb.redaction.vocabulary import names_nobody

FOLDER = files("clinia_nb.words")
ALL_CASES = ("english", "french", "german")


def shown(*texts, **options):
    return names_nobody(pl.Series(texts, dtype=pl.String), **options).to_list()


def test_no_name_is_known_in_any_script():
    names = sorted({part for name in NAMES for part in name.split()})
    assert [name for name, known in zip(names, shown(*names), strict=True) if known] == []


def test_words_that_are_names_are_known_in_lower_case_at_most():
    capitalized = [word.title() for word in COMMON_WORDS_THAT_ARE_NAMES]
    assert [
        word for word, known in zip(capitalized, shown(*capitalized), strict=True) if known
    ] == []
    upper = [word.upper() for word in COMMON_WORDS_THAT_ARE_NAMES]
    assert [word for word, known in zip(upper, shown(*upper), strict=True) if known] == []


@pytest.mark.parametrize(
    "text",
    [
        "period.start",
        "birthDate",
        "managingOrganization",
        "practitioner-works-at-clinic",
        "FAILED_PRECONDITION",
        "NullPointerException",
        "Klinik nicht gefunden",
        "Geburtsdatum fehlt",
        "Der Wert ist ungültig",
        "error: An id is missing",
        "L'identifiant manque",
        "médecin introuvable",
        "délai dépassé",
        "HL7v2",
        "YYYY-MM-DD",
        "… -> (!)",
        "contact[2].telecom[10].system",
        "zip code",
        "",
    ],
)
def test_vocabulary_of_errors_and_of_health_data_is_known(text):
    assert shown(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        *("12", "clinic 7", "clinic.2", "ehr2", "Zyrkel", "ⓐⓝⓝⓐ", "an\u200bna", "a\u0301nn"),
        *("LeBlanc", "McField", "DePage", "VanCode", "anna_field", "patientAnna"),
        *("Son", "Le", "name: Son", "patient (An)", "Do."),
        *("long drew", "may  page", "will and may", "do le", "patient[412].name", "anna[1]", "[7]"),
    ],
)
def test_whatever_is_not_known_as_a_whole_is_not_shown(text):
    assert shown(text) == [False]


def test_a_missing_value_stays_missing_and_order_does_not_matter():
    values = pl.Series("values", ["clinic", None, "Anna", "clinic"])
    expected = pl.Series("names_nobody", [True, None, False, True])
    assert_series_equal(names_nobody(values), expected)
    assert_series_equal(names_nobody(values.head(0)), expected.head(0))


def test_kept_words_are_known_in_every_text_and_kept_values_as_a_whole():
    kept = ["Quenzaff", "clinic.2"]
    assert shown("Quenzaff import", "quenzaff", "clinic.2", "clinic.3", "2", keep=kept) == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert shown("Quenzaff", keep="Quenzaff") == [True]


@pytest.mark.parametrize("name", [*ALL_CASES, "fhir", "as_written", "function_words", "lowercase"])
def test_a_list_of_words_is_sorted_and_small(name):
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    words = text.split("\n")[:-1]
    assert words == sorted(set(words))
    assert all(word == word.strip() and word for word in words)
    assert len(text.encode()) < 70_000
