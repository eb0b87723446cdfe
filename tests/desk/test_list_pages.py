"""The desk's pages paste, order, link, merge, split and correct a list."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mixportal.editions.models import Edition, Entry, Kind, Lineage
from mixportal.trends.models import OutsideItem, OutsideList, OutsideSeries
from tests.curating import EDITIONS, filled, notices, order, problems
from tests.reading import page, text, with_testid
from tests.worlds import make_edition, rank

LIST = "Priorities\n- Data – What Data means now.\n- Cloud – Other people’s computers.\n"


@pytest.fixture
def curator(world, sign_in):
    return sign_in(world.curator)


@pytest.fixture
def draft(world):
    return make_edition(2031)


def desk(edition, rest: str) -> str:
    return f"{EDITIONS}{edition.pk}/desk/{rest}"


def entry(edition, slug: str) -> Entry:
    return edition.list_of(Kind.PRIORITIES).entries.get(slug=slug)


def previewed(answer) -> str:
    found = [field.get("value", "") for field in page(answer).iter("input") if field.get("name") == "previewed"]
    return found[0] if found else ""


# Pasted


def test_a_pasted_list_is_previewed_first_and_then_written(curator, draft):
    answer = curator.post(desk(draft, "list/"), {"text": LIST})
    said = text(page(answer))
    assert "1 new, 1 changed, 7 not in the list, left as it is" in said
    assert changes(answer) == [
        "Priorities changed: description, position Data What Data means to a CIO. Data What Data means now.",
        "Priorities new Cloud Other people’s computers.",
        *(
            f"Priorities not in the list, left as it is: position {title} What {title} means to a CIO."
            for title in order(draft)
            if title != "Data"
        ),
    ]
    assert order(draft)[0] == "Cybersecurity", "a preview writes nothing"
    answer = curator.post(desk(draft, "list/"), {"text": LIST, "previewed": previewed(answer)}, follow=True)
    assert "1 new, 1 changed" in notices(answer)
    assert order(draft)[:2] == ["Data", "Cloud"]


def changes(answer) -> list[str]:
    return [text(row) for row in page(answer).iter("tr") if row.get("data-testid") == "change"]


def test_the_preview_says_whose_line_a_new_entry_gets_and_shows_its_old_meaning(curator, draft):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").delete()
    earlier = make_edition(2029).list_of(Kind.PRIORITIES).entries.get(slug="data")
    answer = curator.post(desk(draft, "list/"), {"text": "Priorities\n- Data\n"})
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
    answer = curator.post(desk(draft, "list/"), {"text": cells})
    assert answer.status_code == 422
    assert "Are these priorities or challenges?" in text(page(answer))
    answer = curator.post(desk(draft, "list/"), {"text": cells, "kind": "challenges"})
    assert "Challenges new Heat Too much of it." in changes(answer)
    curator.post(desk(draft, "list/"), preview_form(answer))
    assert order(draft, Kind.CHALLENGES)[0] == "Heat"


def preview_form(answer) -> dict[str, str]:
    form = next(form for form in page(answer).iter("form") if form.find(".//input[@name='previewed']") is not None)
    fields = {field.get("name"): field.get("value") or "" for field in form.iter("input") if field.get("name")}
    return fields | {area.get("name"): area.text or "" for area in form.iter("textarea")}


def test_the_preview_shows_headings_and_what_is_left_out_in_full(curator, draft):
    pasted = "Our priorities\n- Data – Kept.\n\nStaff only\n- Cloud – Rented.\n\nRegards,\nAda\n"
    answer = page(curator.post(desk(draft, "list/"), {"text": pasted}))
    assert "“Our priorities” (line 1)" in text(with_testid(answer, "headings"))
    items = [text(item) for item in with_testid(answer, "left-out").iter("li")]
    assert [item.rpartition(": ")[2] for item in items] == ["Staff only", "Regards,", "Ada"]


def test_an_uploaded_file_is_read_and_confirmed_as_text(curator, draft):
    file = SimpleUploadedFile(
        "list.csv", "kind,title,description\nchallenge,Heat,Too much of it.\n".encode("utf-8-sig")
    )
    answer = curator.post(desk(draft, "list/"), {"file": file})
    assert "Challenges new Heat Too much of it." in changes(answer)
    kept = next(area.text for area in page(answer).iter("textarea") if area.get("hidden") is not None)
    curator.post(desk(draft, "list/"), {"text": kept, "previewed": previewed(answer)})
    assert order(draft, Kind.CHALLENGES)[0] == "Heat"


@pytest.mark.parametrize("meanwhile", ["an entry", "the text"])
def test_what_changed_since_the_preview_is_409_and_previewed_anew(curator, draft, meanwhile):
    answer = curator.post(desk(draft, "list/"), {"text": LIST})
    posted = {"text": LIST, "previewed": previewed(answer)}
    if meanwhile == "an entry":
        draft.list_of(Kind.PRIORITIES).entries.filter(slug="data").update(description="Somebody else wrote this.")
    else:
        posted["text"] = LIST + "- Drones – They fly.\n"
    before = order(draft)
    answer = curator.post(desk(draft, "list/"), posted)
    assert answer.status_code == 409
    assert "not what was previewed" in text(page(answer))
    assert order(draft) == before
    assert curator.post(desk(draft, "list/"), posted | {"previewed": previewed(answer)}).status_code == 302


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"text": "Priorities\n- – Data\n"}, "Line 2:"),
        ({"text": ""}, "No line is the heading"),
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
    answer = curator.post(desk(world.edition, "list/"), {"text": LIST})
    assert answer.status_code == 422
    assert "its list stands as it is" in text(page(answer))


def test_a_list_that_says_what_is_there_has_nothing_to_write(curator, draft):
    answer = curator.post(
        desk(draft, "list/"), {"text": "Priorities\n- Cybersecurity – What Cybersecurity means to a CIO.\n"}
    )
    assert "The list says this already." in text(page(answer))


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
    assert "Somebody changed this list meanwhile" in text(page(answer))


def test_a_position_that_is_none_is_422(curator, draft):
    for typed in ("", "x", "-1", "1.5", "²", "9" * 30):
        answer = curator.post(desk(draft, "priorities/order/"), positions(draft, data=typed))
        assert answer.status_code == 422, typed
        assert "Give “Data” a whole number." in text(page(answer))


def test_the_order_of_a_list_that_stands_is_refused(curator, world):
    answer = curator.post(desk(world.edition, "priorities/order/"), positions(world.edition, data=1))
    assert answer.status_code == 422
    assert "its entries stand" in text(page(answer))


# Lineage


def kept(edition) -> set[tuple[str, str, int, str]]:
    """Return how each entry comes from earlier ones: a link's type, or "same" for its line."""
    links = Lineage.objects.filter(later__annual_list__edition=edition).select_related("later", "earlier")
    found = {(link.later.slug, link.earlier.slug, link.earlier.edition.year, link.type) for link in links}
    for each in edition.list_of(Kind.PRIORITIES).entries.all():
        for earlier in each.earlier_on_line()[:1]:
            found.add((each.slug, earlier.slug, earlier.edition.year, "same"))
    return found


def test_suggestions_are_shown_and_none_counts_until_it_is_chosen(curator, world, draft):
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="citizen-engagement").update(title="Resident Engagement")
    address = desk(draft, "priorities/lineage/")
    said = text(page(curator.get(address)))
    assert "renamed from Citizen Engagement, 2030" in said
    assert "Take every suggestion" in said
    assert kept(draft) == set()
    pair = [entry(each, "citizen-engagement").pk for each in (draft, world.edition)]
    curator.post(address, {f"guess-{pair[0]}-{pair[1]}": "on", "action": "save"})
    assert kept(draft) == {("citizen-engagement", "citizen-engagement", 2030, "same")}
    curator.post(address, {"action": "all"})
    assert len(kept(draft)) == 8
    assert "Not on this list any more" not in text(page(curator.get(address)))


def test_the_page_says_what_is_continued_renamed_and_returned(curator, world):
    make_edition(2029)
    curator.post(desk(world.edition, "priorities/lineage/"), joining(world.edition, "data", 2029))
    draft = world.edition.begin_next()
    entries = draft.list_of(Kind.PRIORITIES).entries
    entries.filter(slug="workforce").update(title="People")
    entries.get(slug="governance").delete()
    later = draft.begin_next()
    later.list_of(Kind.PRIORITIES).add_entries(
        [Entry(title="Governance", slug="governance", description="d", position=99,
               line=entry(world.edition, "governance").line)]
    )  # fmt: skip
    said = text(page(curator.get(desk(draft, "priorities/lineage/"))))
    assert "Data continues Data, 2030" in said
    assert "People renamed from Workforce, 2030" in said
    assert "Not on this list any more: Governance." in said
    assert "Governance returns from Governance, 2030" in text(page(curator.get(desk(later, "priorities/lineage/"))))
    assert "Data continues Data, 2029" in text(page(curator.get(desk(world.edition, "priorities/lineage/"))))


def test_a_link_is_chosen_by_hand_changed_and_taken_away(curator, world, draft):
    address = desk(draft, "priorities/lineage/")
    data, earlier = entry(draft, "data"), entry(world.edition, "governance")
    curator.post(address, {f"earlier-{data.pk}": earlier.pk, f"type-{data.pk}": "merged"})
    assert kept(draft) == {("data", "governance", 2030, "merged")}
    link = Lineage.objects.get()
    curator.post(address, {f"link-{link.pk}": "split"})
    assert kept(draft) == {("data", "governance", 2030, "split")}
    curator.post(address, {f"link-{link.pk}": "none"})
    assert kept(draft) == set()


def joining(edition, slug, year, reason="They mean the same.") -> dict[str, object]:
    """Return the form data that puts an entry on the line of the earlier entry with that title."""
    later, earlier = entry(edition, slug), entry(Edition.objects.get(year=year), slug)
    return {f"earlier-{later.pk}": earlier.pk, f"type-{later.pk}": "same", "reason": reason}


@pytest.mark.parametrize("phase", ["drafting", "open", "published"])
def test_lines_are_joined_and_separated_in_every_phase_with_a_reason(phases, sign_in, phase):
    curator = sign_in(phases.curator)
    edition, old = getattr(phases, phase), phases.unranked
    address = desk(edition, "priorities/lineage/")
    outside = [
        OutsideItem.objects.create(
            outside_list=OutsideList.objects.create(series=series, year=year),
            title="Data",
            line=entry(edition, "data").line,
        )
        for series in [OutsideSeries.objects.create(body="A body", short_name="a body’s", slug="a-body")]
        for year in (edition.year - 1, edition.year)
    ]
    for reason in ("", " "):
        answer = curator.post(address, joining(edition, "data", 2027, reason))
        assert answer.status_code == 422
        assert "Say why" in text(page(answer))
    curator.post(address, joining(edition, "data", 2027))
    assert kept(edition) == {("data", "data", 2027, "same")}
    assert {item.line for item in OutsideItem.objects.all()} == {entry(old, "data").line}
    data = entry(edition, "data")
    assert data.events.order_by("pgh_id").last().pgh_context["reason"] == "They mean the same."
    assert curator.post(address, {f"line-{data.pk}": "separate"}).status_code == 422
    curator.post(address, {f"line-{data.pk}": "separate", "reason": "Another thing now."})
    assert kept(edition) == set()
    lines = [entry(old, "data").line, entry(edition, "data").line]
    assert [OutsideItem.objects.get(pk=item.pk).line for item in outside] == lines
    event = OutsideItem.pgh_event_model.objects.order_by("pgh_id").last()
    assert (event.pgh_label, event.pgh_context["reason"]) == ("update", "Another thing now.")


def test_two_lines_that_one_list_has_both_of_are_two_things(curator, world, draft):
    address = desk(draft, "priorities/lineage/")
    curator.post(address, joining(draft, "data", 2030))
    workforce, data = entry(draft, "workforce"), entry(world.edition, "data")
    posted = {f"earlier-{workforce.pk}": data.pk, f"type-{workforce.pk}": "same", "reason": "Alike."}
    answer = curator.post(address, posted)
    assert answer.status_code == 422
    assert "they are two things" in text(page(answer))
    assert kept(draft) == {("data", "data", 2030, "same")}
    again = {f"earlier-{entry(draft, 'data').pk}": data.pk, f"type-{entry(draft, 'data').pk}": "merged"}
    assert "neither is a part" in text(page(curator.post(address, again)))


def test_what_turns_out_to_be_one_thing_has_not_been_merged_from_itself(curator, world, draft):
    Lineage.objects.create(later=entry(draft, "data"), earlier=entry(world.edition, "data"), type="split")
    curator.post(desk(draft, "priorities/lineage/"), joining(draft, "data", 2030))
    assert kept(draft) == {("data", "data", 2030, "same")}


def test_a_suggestion_of_a_line_that_is_taken_is_a_part_of_it(curator, world, draft):
    curator.post(desk(draft, "priorities/lineage/"), joining(draft, "data", 2030))
    draft.list_of(Kind.PRIORITIES).entries.filter(slug="governance").update(title="Data Management")
    curator.post(desk(draft, "priorities/lineage/"), {"action": "all"})
    assert {each for each in kept(draft) if each[0] in ("data", "governance")} == {
        ("data", "data", 2030, "same"),
        ("governance", "data", 2030, "split"),
    }


def test_a_link_that_is_no_choice_is_422_and_nothing_is_kept(curator, world, draft):
    data, earlier = (entry(each, "data").pk for each in (draft, world.edition))
    for key, kind in (("x", "merged"), (data, "merged"), (earlier, "cats"), ("\x00", "split")):
        posted = {f"earlier-{data}": key, f"type-{data}": kind, "action": "all"}
        assert curator.post(desk(draft, "priorities/lineage/"), posted).status_code == 422, (key, kind)
    assert kept(draft) == set()


def test_the_merges_and_splits_of_a_list_that_stands_are_read_only(curator, world):
    make_edition(2029)
    Lineage.objects.create(
        later=entry(world.edition, "data"), earlier=entry(Edition.objects.get(year=2029), "data"), type="split"
    )
    address = desk(world.edition, "priorities/lineage/")
    said = text(page(curator.get(address)))
    assert "split from Data, 2029" in said
    assert "Take every suggestion" not in said
    data, workforce = entry(world.edition, "data"), entry(Edition.objects.get(year=2029), "workforce")
    for posted in (
        {"action": "all"},
        {f"link-{Lineage.objects.get().pk}": "none"},
        {f"earlier-{data.pk}": workforce.pk, f"type-{data.pk}": "merged"},
    ):
        assert curator.post(address, posted).status_code == 422
    assert kept(world.edition) == {("data", "data", 2029, "split")}


# Merged, split, corrected


def test_two_entries_are_merged_by_the_page(curator, draft):
    data, governance = (entry(draft, slug) for slug in ("data", "governance"))
    address = desk(draft, "priorities/merge/")
    same = curator.post(address, {"keep": data.pk, "other": data.pk})
    assert (same.status_code, problems(same)) == (422, "An entry is not merged into itself: choose another one.")
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
    assert "of that name already" in problems(refused)
    assert "is an entry of its own now" in notices(
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
        form = filled(curator.get(address), "desk_form") | {"title": "New", "reason": "Because.", "action": "correct"}
        assert curator.post(address, form).status_code == 422
        assert Entry.objects.get(pk=data.pk).title == "Data"


def test_next_years_edition_is_begun_from_the_desk(curator, world):
    curator.post(desk(world.edition, "do/next/"))
    assert order(Edition.objects.get(year=2031)) == order(world.edition)
    assert with_testid(page(curator.get("/2031/")), "turnout") is None
