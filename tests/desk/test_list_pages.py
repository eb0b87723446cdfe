"""The desk's pages paste, order, link, merge, split and correct a list."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mixportal.editions.models import Edition, Entry, Kind
from tests.curating import EDITIONS, filled, notices, order, problems
from tests.reading import page, text, with_testid
from tests.worlds import make_edition, rank

LIST = "Priorities\n- Data – What Data means now.\n- Cloud – Other people’s computers.\n"


def desk(edition, rest: str) -> str:
    return f"{EDITIONS}{edition.pk}/desk/{rest}"


def entry(edition, slug: str) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.get(slug=slug)


def previewed(answer) -> str:
    found = [field.get("value", "") for field in page(answer).iter("input") if field.get("name") == "previewed"]
    return found[0] if found else ""


# Pasted


def test_a_pasted_list_is_previewed_first_and_then_written(curator, draft):
    answer = curator.post(desk(draft, "list/"), {"text": LIST}, follow=True)
    said = text(page(answer))
    assert "1 new, 1 changed, 7 not in the list, kept at the end" in said
    assert changes(answer) == [
        "Priorities changed: description, position Its texts for leaders stay as they are. Do they still fit? "
        "Data What Data means to a CIO. Data What Data means now.",
        "Priorities new Cloud Other people’s computers.",
        *(
            f"Priorities not in the list, kept at the end {title} What {title} means to a CIO."
            for title in order(draft)
            if title != "Data"
        ),
    ]
    assert order(draft)[0] == "Cybersecurity", "a preview writes nothing"
    answer = curator.post(desk(draft, "list/"), {"text": LIST, "previewed": previewed(answer)}, follow=True)
    assert "1 new, 1 changed" in notices(answer)
    assert order(draft)[:2] == ["Data", "Cloud"]


@pytest.mark.parametrize(
    ("pasted", "is_asked"),
    [
        ("title,description\nData,New.\n", True),
        ("title,description,in_plain_words\nData,New.,Plain.\n", False),
        ("title,short\nData,Figures\n", False),
        ("title,description\nGovernance,New.\n", False),
    ],
)
def test_the_preview_asks_about_texts_for_leaders_that_a_new_meaning_leaves_behind(curator, draft, pasted, is_asked):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="governance").update(in_plain_words="")
    answer = curator.post(desk(draft, "list/"), {"text": pasted, "kind": "priorities"}, follow=True)
    assert (with_testid(page(answer), "outdated") is not None) == is_asked


def test_a_preview_can_be_loaded_again_until_it_is_written(curator, draft):
    asked = curator.post(desk(draft, "list/"), {"text": LIST})
    shown = [curator.get(asked["Location"]) for _ in range(2)]
    assert [len(changes(answer)) for answer in shown] == [9, 9]
    curator.post(asked["Location"], {"text": LIST, "previewed": previewed(shown[1])})
    back = curator.get(asked["Location"])
    assert (back.status_code, changes(back), previewed(back)) == (200, [], "")
    assert with_testid(page(back), "written-preview") is not None
    assert with_testid(page(back), "lost-preview") is None


def test_each_preview_has_its_own_address_and_the_oldest_is_dropped(curator, draft):
    texts = [f"Priorities\n- {title}\n" for title in ("Heat", "Cold", "Rain", "Snow", "Wind")]
    asked = [curator.post(desk(draft, "list/"), {"text": each})["Location"] for each in texts]
    curator.get(desk(draft, "list/"))
    shown = [curator.get(address) for address in asked]
    assert [filled_text(answer) for answer in shown] == ["", *texts[1:]]
    assert with_testid(page(shown[0]), "lost-preview") is not None
    key = asked[-1].rpartition("?")[2]
    assert filled_text(curator.get(f"/admin/members/government/import/?{key}")) == "", "of another page"


@pytest.mark.parametrize("rest", ["{list}", "/admin/members/government/import/"])
def test_a_paste_after_the_session_has_ended_is_asked_for_again_after_signing_in(curator, world, draft, rest):
    address = rest.format(list=desk(draft, "list/"))
    form = next(form for form in page(curator.get(address)).iter("form") if form.get("id") == "import_form")
    world.curator.sessions.all().delete()
    asked = curator.post(address + form.get("action"), {"text": LIST})
    after = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    assert after == f"{address}?preview="
    curator.force_login(world.curator)
    for lost in (after, f"{address}?preview=gone"):
        assert "Paste it again" in text(with_testid(page(curator.get(lost)), "lost-preview"))


def changes(answer) -> list[str]:
    return [text(row) for row in page(answer).iter("tr") if row.get("data-testid") == "change"]


def test_the_preview_says_whose_line_a_new_entry_gets_and_shows_its_old_meaning(curator, draft):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").delete()
    earlier = make_edition(2029).list_of(Kind.PRIORITIES).entries.get(slug="data")
    answer = curator.post(desk(draft, "list/"), {"text": "Priorities\n- Data\n"}, follow=True)
    year = (
        Entry.objects.filter(slug="data", annual_list__edition__year__lt=2031)
        .latest("annual_list__edition__year")
        .edition.year
    )
    assert year >= earlier.edition.year
    assert changes(answer)[0] == (
        f"Priorities new, continues “Data” of {year} Data What Data means to a CIO. ({year}) "
        "Data No meaning yet: it is still to be written."
    )


def test_the_user_chooses_the_list_where_no_heading_says_it(curator, draft):
    cells = "Rank\tPriority\tDescription\n1\tHeat\tToo much of it.\n"
    answer = curator.post(desk(draft, "list/"), {"text": cells}, follow=True)
    assert answer.status_code == 422
    assert "Are these priorities or challenges?" in text(page(answer))
    answer = curator.post(desk(draft, "list/"), {"text": cells, "kind": "challenges"}, follow=True)
    assert "Challenges new Heat Too much of it." in changes(answer)
    curator.post(desk(draft, "list/"), preview_form(answer))
    assert order(draft, Kind.CHALLENGES)[0] == "Heat"


def preview_form(answer) -> dict[str, str]:
    form = next(form for form in page(answer).iter("form") if form.find(".//input[@name='previewed']") is not None)
    fields = {field.get("name"): field.get("value") or "" for field in form.iter("input") if field.get("name")}
    return fields | {area.get("name"): area.text or "" for area in form.iter("textarea")}


def test_the_preview_shows_headings_and_what_is_left_out_in_full(curator, draft):
    pasted = "Our priorities\n- Data – Kept.\n\nStaff only\n- Cloud – Rented.\n\nRegards,\nAda\n"
    answer = page(curator.post(desk(draft, "list/"), {"text": pasted}, follow=True))
    assert "“Our priorities” (line 1)" in text(with_testid(answer, "headings"))
    items = [text(item) for item in with_testid(answer, "left-out").iter("li")]
    assert [item.rpartition(": ")[2] for item in items] == ["Staff only", "Regards,", "Ada"]


def test_the_preview_asks_about_bullets_below_numbers(curator, draft):
    pasted = "Challenges\n1. Heat\n2. Cold\n• Rain\n"
    answer = page(curator.post(desk(draft, "list/"), {"text": pasted}, follow=True))
    assert "“• Rain” (line 4)" in text(with_testid(answer, "meanings"))


def test_the_preview_asks_about_the_end_of_a_wrapped_title(curator, draft):
    pasted = "Priorities\n1. Emergency\nCommunications\n2. Smart City\nPrograms\n3. Cybersecurity\n"
    answer = page(curator.post(desk(draft, "list/"), {"text": pasted}, follow=True))
    asked = text(with_testid(answer, "meanings"))
    assert "“Communications” (line 2), “Programs” (line 4)" in asked


def test_an_uploaded_file_is_read_and_confirmed_as_text(curator, draft):
    file = SimpleUploadedFile(
        "list.csv", "kind,title,description\nchallenge,Heat,Too much of it.\n".encode("utf-8-sig")
    )
    answer = curator.post(desk(draft, "list/"), {"file": file}, follow=True)
    assert "Challenges new Heat Too much of it." in changes(answer)
    curator.post(desk(draft, "list/"), preview_form(answer))
    assert order(draft, Kind.CHALLENGES)[0] == "Heat"


@pytest.mark.parametrize("meanwhile", ["an entry", "the text"])
def test_what_changed_since_the_preview_is_409_and_previewed_anew(curator, draft, meanwhile):
    answer = curator.post(desk(draft, "list/"), {"text": LIST}, follow=True)
    posted = {"text": LIST, "previewed": previewed(answer)}
    if meanwhile == "an entry":
        draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(description="Somebody else wrote this.")
    else:
        posted["text"] = LIST + "- Drones – They fly.\n"
    before = order(draft)
    answer = curator.post(desk(draft, "list/"), posted)
    assert answer.status_code == 409
    assert "is not what was previewed" in text(page(answer))
    assert order(draft) == before
    assert curator.post(desk(draft, "list/"), posted | {"previewed": previewed(answer)}).status_code == 302


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"text": "Priorities\n- – Data\n"}, "Line 2:"),
        ({"text": ""}, "Paste a list first"),
        ({"text": " \n"}, "Paste a list first"),
        ({"file": SimpleUploadedFile("list.txt", b"\n")}, "Paste a list first"),
        ({"text": "\x00"}, ""),
        ({"text": "x" * 1_000_001}, "at most"),
        ({"file": SimpleUploadedFile("list.bin", b"\xff\xfe\x00\xd8")}, "UTF-16"),
        ({"file": SimpleUploadedFile("list.txt", b"Priorities\n\xff")}, "Line 2:"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_lines_and_kept(curator, draft, posted, said):
    before = order(draft)
    answer = curator.post(desk(draft, "list/"), posted)
    assert answer.status_code == 422
    assert said in text(page(answer))
    if "text" in posted and len(posted["text"]) < 100 and "\x00" not in posted["text"]:
        assert filled_text(answer) == posted["text"]
    assert order(draft) == before


def filled_text(answer) -> str:
    return next((area.text or "").removeprefix("\n") for area in page(answer).iter("textarea"))


def test_a_list_that_stands_is_not_pasted_over(curator, world):
    answer = curator.post(desk(world.edition, "list/"), {"text": LIST}, follow=True)
    assert answer.status_code == 422
    assert "its list stands as it is" in text(page(answer))


def test_a_list_that_says_what_is_there_has_nothing_to_write(curator, draft):
    answer = curator.post(
        desk(draft, "list/"),
        {"text": "Priorities\n- Cybersecurity – What Cybersecurity means to a CIO.\n"},
        follow=True,
    )
    assert "All of this is stored already." in text(page(answer))


# Put in order


def positions(edition, **moved) -> dict[str, str]:
    entries = list(edition.list_of(Kind.PRIORITIES).entries.in_order())
    posted = {f"position-{entry.pk}": str(moved.get(entry.slug, entry.position)) for entry in entries}
    return posted | {"entries": " ".join(f"{entry.pk}:{entry.position}" for entry in entries)}


def test_numbers_typed_in_put_a_list_in_order_and_are_closed_up(curator, draft):
    curator.post(desk(draft, "priorities/order/"), positions(draft, data=0, cybersecurity=99) | {"action": "save"})
    assert order(draft)[0] == "Data"
    assert order(draft)[-1] == "Cybersecurity"
    assert list(draft.list_of(Kind.PRIORITIES).entries.in_order().values_list("position", flat=True)) == list(
        range(1, 9)
    )


def test_a_button_moves_an_entry_by_one_place_after_the_numbers_are_read(curator, draft):
    address = desk(draft, "priorities/order/")
    data = entry(draft, "data").pk
    curator.post(address, positions(draft) | {"action": f"up:{data}"})
    assert order(draft)[:3] == ["Cybersecurity", "Data", "Workforce"]
    curator.post(address, positions(draft) | {"action": f"down:{data}"})
    assert order(draft)[:3] == ["Cybersecurity", "Workforce", "Data"]
    first = draft.list_of(Kind.PRIORITIES).entries.in_order()[0].pk
    for senseless in (f"up:{first}", "up:x", "up:²", "down:", "cats"):
        curator.post(address, positions(draft) | {"action": senseless})
        assert order(draft)[0] == "Cybersecurity"


def test_a_list_changed_meanwhile_is_409_and_shown_as_it_stands(curator, draft):
    posted = positions(draft, data=1)
    entry(draft, "workforce").delete()
    answer = curator.post(desk(draft, "priorities/order/"), posted)
    assert answer.status_code in (409, 422)
    posted = positions(draft, data=1)
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="governance").update(position=77)
    answer = curator.post(desk(draft, "priorities/order/"), posted)
    assert answer.status_code == 409
    assert "Another person changed this list" in text(page(answer))


def test_a_position_that_is_none_is_422(curator, draft):
    for typed in ("", "x", "-1", "1.5", "²", "9" * 30):
        answer = curator.post(desk(draft, "priorities/order/"), positions(draft, data=typed))
        assert answer.status_code == 422, typed
        assert "Give “Data” a whole number." in text(page(answer))


def test_the_order_of_a_list_that_stands_is_refused(curator, world):
    answer = curator.post(desk(world.edition, "priorities/order/"), positions(world.edition, data=1))
    assert answer.status_code == 422
    assert "its entries cannot change" in text(page(answer))


# Merged, split, corrected


def test_two_entries_are_merged_by_the_page(curator, draft):
    data, governance = (entry(draft, slug) for slug in ("data", "governance"))
    address = desk(draft, "priorities/merge/")
    same = curator.post(address, {"keep": data.pk, "other": data.pk})
    assert (same.status_code, problems(same)) == (422, "Choose two entries of one list.")
    answer = curator.post(address, {"keep": data.pk, "other": governance.pk}, follow=True)
    assert "“Governance” is merged into “Data”." in notices(answer)
    assert "Governance" not in order(draft)


def test_an_entry_is_split_by_the_page(curator, draft):
    data = entry(draft, "data")
    address = desk(draft, f"priorities/{data.pk}/split/")
    form = filled(curator.get(address), "desk_form")
    assert form["second-description"] == form["first-description"] == data.description
    refused = curator.post(address, form | {"second-title": "Workforce"})
    assert refused.status_code == 422
    assert "an entry with this name" in problems(refused)
    assert "is now a separate entry" in notices(
        curator.post(address, form | {"second-title": "Data Quality"}, follow=True)
    )
    assert order(draft)[2:4] == ["Data", "Data Quality"]


def test_a_correction_shows_the_difference_before_it_is_made(curator, world):
    rank(world.edition, world.member_a, "Data")
    data = entry(world.edition, "data")
    assert (
        f"{desk(world.edition, '')}priorities/{data.pk}/correct/"
        in curator.get(f"/admin/priorities/priority/{data.pk}/change/").content.decode()
    )
    address = desk(world.edition, f"priorities/{data.pk}/correct/")
    form = filled(curator.get(address), "desk_form") | {"description": "What Data really means to a CIO."}
    assert "This field is required." in problems(curator.post(address, form))
    shown = curator.post(address, form | {"reason": "A word was left out."})
    assert "put in: really" in text(page(shown))
    data.refresh_from_db()
    assert "really" not in data.description
    answer = curator.post(address, filled(shown, "desk_form"), follow=True)
    assert notices(answer) == "Corrected. The entry’s page shows the difference."
    data.refresh_from_db()
    assert "really" in data.description


def test_a_correction_of_a_draft_or_of_what_is_published_is_refused(phases, sign_in):
    curator = sign_in(phases.curator)
    for edition in (phases.drafting, phases.published):
        data = entry(edition, "data")
        address = desk(edition, f"priorities/{data.pk}/correct/")
        wording = {name: getattr(data, name) for name in Entry.WORDING}
        form = wording | {"title": "New", "reason": "Because.", "action": "correct"}
        assert curator.post(address, form).status_code == 422
        assert Entry.objects.get(pk=data.pk).title == "Data"


def test_next_years_edition_is_begun_from_the_desk(curator, world):
    curator.post(desk(world.edition, "do/next/"))
    assert order(Edition.objects.get(year=2031)) == order(world.edition)
    assert with_testid(page(curator.get("/2031/")), "turnout") is None
