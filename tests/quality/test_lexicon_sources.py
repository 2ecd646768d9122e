"""What passes from lists of synonyms into the lexicon."""

from pathlib import Path

import pytest

from tests.quality.lexicon_sources import (
    HOME,
    REFUSED,
    Refused,
    Row,
    groups,
    is_same,
    main,
    written,
)


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("Lou Gehrig's disease", "lou gehrig's disease"),
        ("Pervasive developmental disorder (PDD)", "pervasive developmental disorder"),
        ("DYSCHONDROPLASIA", "dyschondroplasia"),
        ("Urinary tract infections, recurrent", ""),
        ("Aneurysm - aortic", ""),
        ("Cataplexy/narcolepsy", ""),
        ("Hernia [groin]", ""),
        ("MI", ""),
        ("SCA3", ""),
        ("LIG4 syndrome", ""),
        ("Macular keratitis NOS", ""),
        ("Voltaren overdose", ""),
        ("a name of more than five words", ""),
    ],
)
def test_a_name_is_written_as_a_term(name: str, term: str) -> None:
    assert written(name) == term


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("heart attack", "myocardial infarction", True),
        ("kidney cancer", "renal carcinoma", True),
        ("childhood asthma", "asthma in children", True),
        ("heart attack", "heart attacks", False),
        ("anemia", "anaemia", False),
        ("heart failure", "congestive heart failure", False),
        ("type 1 diabetes", "insulin-dependent diabetes", False),
        ("type 1 diabetes", "diabetes mellitus type i", True),
        ("hyperglycemia", "hypoglycemia", False),
        ("hypoglycemia", "insulin shock", True),
        ("flu shot", "flu vaccine", False),
        ("acute bronchitis", "chronic bronchial inflammation", False),
        ("hepatitis b", "hepatitis c", False),
    ],
)
def test_names_are_told_apart(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is is_same(other, one) is same


def test_ambiguous_and_refused_terms_are_dropped() -> None:
    refused = Refused("# A comment.\nweed\nfatigue\texhaustion\ngas\t*\n")
    found = [
        Row(("Marijuana", "Cannabis", "Weed"), ()),
        Row(("Fatigue", "Exhaustion", "Tiredness"), ()),
        Row(("Gas", "Belch"), ()),
        Row(("Hives", "Urticaria", "Wheals"), ()),
        Row(("Welts", "Wheals"), ()),
    ]
    assert list(groups(found, refused)) == [
        ["marijuana", "cannabis"],
        ["fatigue", "tiredness"],
        ["hives", "urticaria"],
    ]


def test_the_files_are_written(tmp_path: Path) -> None:
    heading = "preferred\tvariants\n"
    (tmp_path / "medlineplus_topics_also_called.tsv").write_text(f"{heading}Hives\tUrticaria\n")
    (tmp_path / "medquad_focus_synonyms.tsv").write_text(
        f"{heading}Nosebleed\tEpistaxis\tT184\tADAM\n"
        "Aicardi syndrome\tAgenesis of the callosum\tT047\tGARD\n"
        "Bleach\tLye\t\tADAM\n"
    )
    (tmp_path / "disease_ontology_exact.tsv").write_text(
        f"{heading}urticaria\tnettle rash\tDOID:1\nOllier disease\tKast's syndrome\tDOID:2\n"
    )
    main(tmp_path, tmp_path)
    assert (tmp_path / "medlineplus.en.tsv").read_text().splitlines()[1:] == ["hives\turticaria"]
    assert (tmp_path / "medquad.en.tsv").read_text().splitlines()[1:] == ["nosebleed\tepistaxis"]
    ontology = (tmp_path / "disease_ontology.en.tsv").read_text().splitlines()
    assert ontology[1:] == ["urticaria\tnettle rash"]
    assert ontology[0].startswith("# ")


def test_what_was_refused_is_not_shipped() -> None:
    refused = Refused(REFUSED.read_text())
    for name in ("medlineplus", "medquad", "disease_ontology"):
        for line in (HOME / f"{name}.en.tsv").read_text().splitlines()[1:]:
            terms = line.split("\t")
            assert not any(map(refused.term, terms)), line
            assert not refused.group(terms), line
            assert not any(refused.pair(one, other) for one in terms for other in terms), line
