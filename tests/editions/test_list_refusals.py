"""Pasted lists that are refused as a whole."""

import pytest

from tests.editions.test_list_pasted import lines_refused, read_pasted, refusal, titles, under_priorities


def test_a_title_listed_twice_in_one_kind_is_refused_with_both_lines():
    text = under_priorities("• IT Governance – one.", "• Data – two.", "• it  governance: three.")
    error = refusal(text)
    assert [problem.line for problem in error.problems] == [5]
    assert "line 3" in error.problems[0].reason


def test_titles_that_would_share_an_address_are_refused():
    assert lines_refused(under_priorities("• Cyber “Boots” – one.", '• Cyber "Boots" – two.')) == [4]
    assert lines_refused(under_priorities("• Café – one.", "• Cafe – two.")) == [4]


def test_one_title_may_be_both_a_priority_and_a_challenge():
    assert len(read_pasted("Priorities\n• Governance – one.\nChallenges\n• Governance – two.")) == 2


def test_a_title_may_have_120_characters_and_a_meaning_5000():
    fits = f"• {'T' * 120} – {'m' * 5000}"
    assert read_pasted(under_priorities(fits))[0].title == "T" * 120
    assert lines_refused(under_priorities(fits, f"• {'T' * 121} – m", f"• T – {'m' * 5001}")) == [4, 5]


def test_a_kind_may_have_40_entries():
    bullets = [f"• Title {number} – meaning" for number in range(1, 43)]
    assert len(read_pasted(under_priorities(*bullets[:40]))) == 40
    assert lines_refused(under_priorities(*bullets)) == [43]
    both = under_priorities(*bullets[:40]) + "\nChallenges\n" + "\n".join(bullets[:40])
    assert len(read_pasted(both)) == 80


@pytest.mark.parametrize("text", ["", " \n\t\n", "Nothing to see here.", "• A – one."])
def test_without_a_heading_the_refusal_says_what_is_missing(text):
    assert "“Priorities” or “Challenges”" in str(refusal(text))
    assert "kind,title,description" in str(refusal(text))


def test_one_list_may_have_no_bullets():
    assert titles(read_pasted("Intro\n\nPriorities\n\nA – one.\nB – two.\n\nChallenges\n• C – three.")) == [
        "A",
        "B",
        "C",
    ]


def test_a_list_of_empty_bullets_is_refused():
    assert str(refusal("Priorities\n•\n•")) == "The list is empty."


def test_a_refusal_names_twenty_problems_and_counts_the_others():
    error = refusal(under_priorities(*["• – no title"] * 30))
    assert len(error.problems) == 21
    assert str(error).endswith("There are 10 more problems.")
