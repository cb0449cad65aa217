"""Derived labels: what they add, and what they leave open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.lab.datasets import LABELS, Row, Term
from belowline.lab.weak_labels import (
    ENTAILED,
    SPAM_SOURCES,
    SexualTerms,
    assume_no_spam,
    derive_labels,
    imply_severe,
    imply_zeros,
)


def row(text="words", **labels):
    return Row(id="x", text=text, labels=dict(labels), source="made")


TERMS = [
    Term(term="smurfing", category="sexual"),
    Term(term="long smurf night", category="sexual anatomy / sexual acts"),
    Term(term="d!ck", category="sexual anatomy / sexual acts", extra={"canonical": ["dick"]}),
    Term(term="arsehole", category="sexual"),
    Term(term="wan*k", category="sexual"),
    Term(term="cum", category="sexual"),
    Term(term="rapist", category="sexual"),
    Term(term="slurword", category="racial / ethnic slurs"),
    Term(term="mixedword", category="other", extra={"categories": ["sexual", "other"]}),
]


class TestZeros:
    def test_no_toxicity_entails_no_abuse_of_any_kind(self):
        found = row(toxicity=0.0)
        imply_zeros(found)
        assert found.labels == {"toxicity": 0.0} | dict.fromkeys(ENTAILED, 0.0)

    @pytest.mark.parametrize("labels", [{}, {"toxicity": 0.01}, {"toxicity": 1.0}, {"insult": 0.0}])
    def test_anything_else_entails_nothing(self, labels):
        found = row(**labels)
        imply_zeros(found)
        assert found.labels == labels

    def test_what_the_source_says_stays(self):
        found = row(toxicity=0.0, profanity=1.0)
        imply_zeros(found)
        assert found.labels["profanity"] == 1.0

    def test_spam_and_sex_are_not_entailed(self):
        assert not {"spam", "sexually_explicit"} & set(ENTAILED)


class TestSevere:
    @pytest.mark.parametrize(
        ("labels", "expected"),
        [
            ({"toxicity": 0.9, "threat": 0.6}, 1.0),
            ({"toxicity": 0.8, "threat": 0.0, "profanity": 0.5}, 1.0),
            ({"toxicity": 0.9, "threat": 0.0, "identity_attack": 0.7}, 1.0),
            ({"toxicity": 0.9, "threat": 0.2}, None),
            ({"toxicity": 0.6, "threat": 0.9}, None),
            ({"toxicity": 0.4, "threat": 0.0}, 0.0),
            ({"toxicity": 1.0}, None),
            ({"threat": 1.0}, None),
            ({}, None),
            ({"toxicity": 0.9, "threat": 0.9, "severe_toxicity": 0.0}, 0.0),
        ],
    )
    def test_table(self, labels, expected):
        found = row(**labels)
        imply_severe(found)
        assert found.labels.get("severe_toxicity") == expected


class TestSpam:
    def test_silence_is_taken_for_no(self):
        found = row()
        assume_no_spam(found)
        assert found.labels == {"spam": 0.0}

    def test_a_given_label_stays(self):
        found = row(spam=1.0)
        assume_no_spam(found)
        assert found.labels == {"spam": 1.0}


class TestSexualTerms:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("They were smurfing all day", 1.0),
            ("SMURFING!", 1.0),
            ("a long smurf night indeed", 1.0),
            ("a long night", 0.0),
            ("unsmurfinglike", 0.0),
            ("mixedword", 1.0),
            ("slurword", 0.0),
            ("you arsehole", 0.0),
            ("cum laude", 0.0),
            ("the rapist was convicted", 0.0),
            ("wank and arsehole", 0.0),
            ("arsehole, cum and wank", None),
            ("a calm letter to the editor", 0.0),
            ("", 0.0),
        ],
    )
    def test_table(self, text, expected):
        found = row(text)
        SexualTerms(TERMS).label(found)
        assert found.labels.get("sexually_explicit") == expected

    def test_a_given_label_stays(self):
        found = row("smurfing", sexually_explicit=0.0)
        SexualTerms(TERMS).label(found)
        assert found.labels == {"sexually_explicit": 0.0}

    def test_without_terms_nothing_is_sexual(self):
        found = row("smurfing")
        SexualTerms([]).label(found)
        assert found.labels == {"sexually_explicit": 0.0}

    @given(st.text(max_size=60))
    def test_any_text_gets_one_of_three_answers(self, text):
        found = row(text)
        SexualTerms(TERMS).label(found)
        assert found.labels.get("sexually_explicit") in {None, 0.0, 1.0}


class TestAllTogether:
    def derived(self, source, text="words", **labels):
        found = Row(id="x", text=text, labels=dict(labels), source=source)
        derive_labels(found, SexualTerms(TERMS))
        return found.labels

    def test_an_ordinary_comment_gets_all_zeros(self):
        assert self.derived("wikiconv_cat", toxicity=0.0) == dict.fromkeys(LABELS, 0.0)

    def test_a_toxic_comment_keeps_what_nobody_asked_about_open(self):
        assert self.derived("wikiconv_cat", toxicity=1.0) == {"toxicity": 1.0, "spam": 0.0, "sexually_explicit": 0.0}

    def test_a_grave_one_is_severe(self):
        assert self.derived("room_for_debate", toxicity=0.9, threat=0.6)["severe_toxicity"] == 1.0

    def test_a_term_is_found_beside_everything_else(self):
        labels = self.derived("wikiconv_cat", "They were smurfing.", toxicity=0.0)
        assert labels == dict.fromkeys(LABELS, 0.0) | {"sexually_explicit": 1.0}

    @pytest.mark.parametrize("source", sorted(SPAM_SOURCES))
    def test_spam_sources_keep_silent_on_sex_and_abuse(self, source):
        assert self.derived(source, "smurfing", spam=1.0) == {"spam": 1.0}
        assert self.derived(source) == {}

    def test_our_sentences_keep_what_they_leave_open(self):
        assert self.derived("own", "smurfing", toxicity=1.0) == {"toxicity": 1.0}

    def test_twice_is_once(self):
        once = self.derived("wikiconv_cat", toxicity=0.0)
        assert self.derived("wikiconv_cat", **once) == once
