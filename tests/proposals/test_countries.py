"""Countries as people write them."""

import pytest

from proposals.countries import country_code, fold, similar_country
from proposals.imports.cells import read_countries
from proposals.validators import fold_name


@pytest.mark.parametrize(
    "text, code",
    [
        ("Burma", "MM"), ("Laos", "LA"), ("Lao PDR", "LA"), ("Viet Nam", "VN"), ("vietnam", "VN"), ("Macedonia", "MK"),
        ("Macedonia (Fyrom)", "MK"), ("Czech Republic", "CZ"), ("Cote d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"),
        ("Thaïlande", "TH"), ("TH", "TH"), ("THA", "TH"), ("U.S.A.", "US"), ("Bosnia", "BA"), ("Kyrgyzstan", "KG"),
        ("République démocratique du Congo", "CD"), ("Turkey", "TR"), ("The Gambia", "GM"), ("  Nepal. ", "NP"),
    ],
)  # fmt: skip
def test_names_codes_and_aliases_are_known(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "Regional", "Mekong", "Yugoslavia", "Czech Repbulic", "th", "Africa"])
def test_what_names_no_country_of_today_is_no_country(text):
    assert country_code(text) == ""


@pytest.mark.parametrize(
    "text, codes, words",
    [
        ("Burma, Laos and Thailand", ("MM", "LA", "TH"), ()),
        ("Bosnia and Herzegovina; Serbia", ("BA", "RS"), ()),
        ("Trinidad and Tobago and Haiti", ("TT", "HT"), ()),
        ("Congo, Democratic Republic of the", ("CD",), ()),
        ("Viet Nam/Cambodia\nLao PDR, and Burma", ("VN", "KH", "LA", "MM"), ()),
        ("Thaïlande et Cambodge", ("TH", "KH"), ()),
        ("Regional – Central America", (), ("Regional – Central America",)),
        ("Thailand, Mekong", ("TH",), ("Mekong",)),
        ("Thailand; thailand; TH", ("TH",), ()),
        ("NA", (), ()),
        ("", (), ()),
    ],
)
def test_several_countries_in_one_cell_are_divided_and_the_rest_is_kept_as_words(text, codes, words):
    assert read_countries(text) == (codes, words)


def test_a_misspelled_name_is_asked_about_and_not_taken():
    assert similar_country("Czech Repbulic") == "Czechia"
    assert similar_country("Thialand") == "Thailand"
    assert similar_country("Regional") == ""


def test_folding_drops_case_accents_and_punctuation_and_keeps_other_scripts_apart():
    assert fold("  Côte d’Ivoire (CI)") == "cote divoire ci"
    assert fold("กี") != fold("กิ")


@pytest.mark.parametrize("name", ["Blue Boat Ltd.", "blue  boat ltd", "BLUE BOAT", "Blue-Boat Limited"])
def test_spellings_of_one_organisation_meet(name):
    assert fold_name(name) == "blue boat"


@pytest.mark.parametrize("name, key", [("Ltd", "ltd"), ("???", "???"), ("ILO/IPEC", "ilo ipec")])
def test_every_name_has_a_key(name, key):
    assert fold_name(name) == key
