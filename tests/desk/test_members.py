"""Curating people, governments and offices."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Government, Office, User
from tests.curating import change, editable, filled, notices, problems
from tests.members.signing import is_signed_in
from tests.reading import links, page
from tests.worlds import make_government

USERS, GOVERNMENTS, OFFICES = "/admin/members/user/", "/admin/members/government/", "/admin/members/office/"


@pytest.fixture
def clerk(world, sign_in):
    """A curator without superuser status, with the permissions of a group."""
    group = Group.objects.create(name="Curators")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=["members", "auth"]))
    world.bare_staff.groups.add(group)
    return sign_in(world.bare_staff)


def government(**fields):
    return {"name": "Tidewell", "slug": "tidewell", "kind": "city", "state": "FL"} | fields


def test_the_address_of_a_government_is_made_of_its_name(curator):
    curator.post(f"{GOVERNMENTS}add/", government(name="Cañon Bay", slug=""))
    assert Government.objects.get(name="Cañon Bay").slug == "canon-bay"
    assert "This field is required" in problems(curator.post(f"{GOVERNMENTS}add/", government(name="", slug="")))
    answer = curator.post(f"{GOVERNMENTS}add/", government(name="Canon Bay", slug="", state="AZ"))
    assert "already exists" in problems(answer)


def test_the_admin_carries_the_portals_name_and_leads_back_to_it(curator):
    answer = curator.get("/admin/")
    assert "MIX: curate" in answer.content.decode()
    assert '<a href="/">Go to the portal</a>' in answer.content.decode()
    assert "Demonstration:" in answer.content.decode()


def test_sign_in_to_the_admin_is_the_personas_page_and_keeps_where_one_was_going(client, world, sign_in):
    for visitor in (client, sign_in(world.member_a), sign_in(world.gone_curator)):
        answer = visitor.get("/admin/members/user/", follow=True)
        assert answer.redirect_chain[-1][0] == "/demo/?next=/admin/members/user/"
        assert b'type="password"' not in answer.content
    assert client.post("/admin/login/", {"username": "x", "password": "y"})["Location"] == "/demo/?next=/admin/"
    assert sign_in(world.curator).get("/admin/login/")["Location"] == "/admin/"


def test_ballots_placements_and_tallies_are_nowhere_in_the_admin(curator):
    shown = links(page(curator.get("/admin/")))
    assert not [link for link in shown if re.search("ballots/(ballot|placement)|tall", link)]
    assert curator.get("/admin/ballots/ballot/").status_code == 404
    assert curator.get("/admin/ballots/placement/").status_code == 404


def test_no_form_adds_a_person_or_holds_a_role_a_government_an_address_or_a_password(curator, world):
    assert curator.get(f"{USERS}add/").status_code == curator.post(f"{USERS}add/", {"name": "X"}).status_code == 403
    shown = curator.get(f"{USERS}{world.member_a.pk}/change/")
    assert editable(shown, "user_form") == {"name", "title", "is_staff", "is_superuser"}
    unchanged = {"role": "leader", "government": world.halloran.pk, "email": "x@x.example", "password": "x"}
    curator.post(f"{USERS}{world.member_a.pk}/change/", filled(shown, "user_form") | unchanged | {"title": "New"})
    member = User.objects.get(pk=world.member_a.pk)
    assert (member.title, member.role, member.government) == ("New", "member", world.port)
    assert (member.email, member.is_active, member.has_usable_password()) == ("rosa@port.example", True, False)


def act(client, person, verb, reason="because"):
    return client.post(f"{USERS}{person.pk}/{verb}/", {"reason": reason}, follow=True)


def test_people_are_deactivated_with_a_reason_and_never_deleted(curator, world, sign_in):
    signed_in = sign_in(world.member_a)
    address = f"{USERS}{world.member_a.pk}/"
    assert curator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert b"delete_selected" not in curator.get(USERS).content
    assert problems(act(curator, world.member_a, "deactivate", reason=" ")) == "This field is required."
    assert is_signed_in(signed_in)
    act(curator, world.member_a, "deactivate")
    world.member_a.refresh_from_db()
    assert (world.member_a.is_active, world.member_a.role) == (False, "member")
    assert not is_signed_in(signed_in)


def test_a_person_who_is_reactivated_has_the_role_from_before(curator, world):
    act(curator, world.delegate_a, "deactivate")
    act(curator, world.delegate_a, "reactivate")
    world.delegate_a.refresh_from_db()
    assert (world.delegate_a.is_voter, world.delegate_a.government) == (True, world.port)
    assert "is already active" in problems(act(curator, world.delegate_a, "reactivate"))


def test_a_member_is_not_reactivated_beside_another_or_without_a_seat(curator, world):
    world.member_a.deactivate(reason="on leave")
    User.objects.filter(pk=world.delegate_a.pk).update(role="member")
    assert "already has a member, Ines Marchetti" in problems(act(curator, world.member_a, "reactivate"))
    Government.objects.filter(pk=world.port.pk).update(seat=None)
    assert "holds no seat" in problems(act(curator, world.member_a, "reactivate"))
    act(curator, world.member_a, "leave")
    act(curator, world.member_a, "reactivate")
    world.member_a.refresh_from_db()
    assert (world.member_a.is_active, world.member_a.role) == (True, "none")


def test_a_curator_makes_someone_a_former_member(curator, world, sign_in):
    signed_in = sign_in(world.leader_a)
    act(curator, world.leader_a, "leave")
    world.leader_a.refresh_from_db()
    assert (world.leader_a.role, world.leader_a.government) == ("none", None)
    assert not is_signed_in(signed_in)


def test_the_page_of_a_person_offers_what_fits_them(curator, world):
    def offered(person):
        shown = links(page(curator.get(f"{USERS}{person.pk}/change/")))
        own = [link.split("/")[-2] for link in shown if f"/user/{person.pk}/" in link]
        return set(own) - {"history"}

    assert offered(world.member_a) == {"bind", "leave", "deactivate"}
    assert offered(world.former) == {"bind", "deactivate", "anonymize"}
    assert offered(world.gone_curator) == {"bind", "reactivate", "anonymize"}


def test_what_the_database_refuses_on_a_person_is_said_in_words(curator, world):
    new = User.objects.create_user("new@port.example", name="New", role="delegate", government=world.port)
    answer = change(curator, new, is_staff="on")
    assert "nor a new voter become a curator" in notices(curator.get(answer["Location"]))
    curating = User.objects.create_user("cur@port.example", name="Cur", role="leader", government=world.port)
    User.objects.filter(pk=curating.pk).update(is_staff=True)
    posted = {"name": "Cur", "email": "cur@port.example", "reason": "promoted"}
    answer = curator.post(f"{GOVERNMENTS}{world.port.pk}/hand-over/", posted)
    assert "a curator cannot gain a vote" in problems(answer)
    assert world.port.current_member == world.member_a


def test_a_curator_cannot_lock_themselves_out(curator, world):
    address = f"{USERS}{world.curator.pk}/change/"
    answer = curator.get(address)
    assert editable(answer, "user_form") & {"is_staff", "is_superuser"} == set()
    curator.post(address, filled(answer, "user_form"))
    world.curator.refresh_from_db()
    assert world.curator.is_superuser
    assert "Ask another curator" in problems(act(curator, world.curator, "deactivate"))
    assert User.objects.get(pk=world.curator.pk).is_active


def test_only_a_superuser_hands_out_power(clerk, world):
    address = f"{USERS}{world.member_a.pk}/change/"
    answer = clerk.get(address)
    assert editable(answer, "user_form") & {"is_staff", "is_superuser"} == set()
    clerk.post(address, filled(answer, "user_form") | {"is_staff": "on", "is_superuser": "on", "title": "Changed"})
    world.member_a.refresh_from_db()
    assert (world.member_a.title, world.member_a.is_staff, world.member_a.is_superuser) == ("Changed", False, False)
    assert clerk.get("/admin/auth/group/").status_code == 404


def test_only_a_superuser_changes_another_curators_account(clerk, world):
    address = f"{USERS}{world.curator.pk}/change/"
    assert editable(clerk.get(address), "user_form") == set()
    assert clerk.post(address, {"name": "Thief"}).status_code == 403
    assert act(clerk, world.gone_curator, "reactivate").status_code == 403


@pytest.mark.parametrize(
    ("seat", "said"),
    [
        ("65", "Give a seat from 1 to 64."),
        ("0", "Give a seat from 1 to 64."),
        ("2", "Government with this Seat already exists."),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("10" * 30, "Ensure this value is less than or equal to 32767."),
        ("first", "Enter a whole number."),
        ("1\x00", "Enter a whole number."),
    ],
)
def test_a_seat_that_cannot_be_held_is_an_error(curator, seat, said):
    answer = curator.post(f"{GOVERNMENTS}add/", government(seat=seat))
    assert answer.status_code == 200
    assert problems(answer) == said


def test_the_list_of_governments_names_each_member(curator, world):
    shown = curator.get(GOVERNMENTS).content.decode()
    for member in User.objects.filter(role=User.Role.MEMBER, is_active=True):
        assert f'<td class="field-member">{member.name}</td>' in shown


def test_a_government_takes_a_free_seat_and_its_page_lists_its_people(curator, world):
    curator.post(f"{GOVERNMENTS}add/", government(seat="64", website="tidewell.example"))
    tidewell = Government.objects.get(slug="tidewell")
    assert (tidewell.seat, tidewell.website) == (64, "https://tidewell.example")
    page = curator.get(f"{GOVERNMENTS}{world.port.pk}/change/").content.decode()
    people = "/admin/members/user/?q=Port%20Merrow%20County"
    assert f'href="{people}"' in page
    page = curator.get(people).content.decode()
    assert "rosa@port.example" in page
    assert "mayor@port.example" in page


def test_a_population_without_its_year_is_refused(curator):
    for half in ({"population": "1000"}, {"population_year": "2024"}):
        answer = curator.post(f"{GOVERNMENTS}add/", government(**half))
        assert problems(answer) == "Give a population together with its year."


def test_a_government_that_has_held_a_seat_keeps_its_address_and_is_not_deleted(curator, world):
    world.halloran.seat = None
    world.halloran.save()
    address = f"{GOVERNMENTS}{world.halloran.pk}/"
    assert "slug" not in editable(curator.get(f"{address}change/"), "government_form")
    assert curator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": world.halloran.pk, "index": "0"}
    answer = curator.post(GOVERNMENTS, chosen, follow=True)
    assert notices(answer) == "Nothing was deleted. Halloran County has held a seat and stays in the record."


def test_a_government_with_an_office_but_never_a_seat_is_protected_in_words(curator):
    scottsdale = make_government("Scottsdale", None)
    Office.objects.create(person_name="Brad Hartig", government=scottsdale)
    answer = curator.post(f"{GOVERNMENTS}{scottsdale.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 200
    assert "President: Brad Hartig" in answer.content.decode()
    Office.objects.all().delete()
    curator.post(f"{GOVERNMENTS}{scottsdale.pk}/delete/", {"post": "yes"})
    assert not Government.objects.filter(pk=scottsdale.pk).exists()


def test_an_office_that_ends_before_it_begins_is_refused(curator, world):
    posted = {
        "office": "president",
        "person_name": "A",
        "government": world.port.pk,
        "from_year": 2018,
        "to_year": 2017,
    }
    assert problems(curator.post(f"{OFFICES}add/", posted)) == "The office ends before it begins."


def test_lists_take_the_same_number_of_queries_at_ten_times_the_data(curator, world):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(address).status_code == 200
        return len(queries)

    Office.objects.create(person_name="First", government=world.port)
    curator.get("/admin/")  # the first request notes the visit
    before = {address: count(address) for address in (USERS, GOVERNMENTS, OFFICES)}
    for number in range(3, 33):
        each = make_government(f"City {number}", number)
        User.objects.create_user(f"m{number}@example.org", name=f"M {number}", role="member", government=each)
        Office.objects.create(person_name=f"P {number}", government=each)
    assert {address: count(address) for address in before} == before
    assert max(before.values()) <= 12


@pytest.mark.parametrize("query", ["q=%00", "p=abc", "p=-1", "p=" + "9" * 30, "o=99.-99.x", "all=", "o=%00", "e=1"])
@pytest.mark.parametrize("address", [USERS, GOVERNMENTS, OFFICES])
def test_a_senseless_list_address_still_shows_the_list(curator, address, query):
    assert curator.get(f"{address}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("role__exact=%00", 200),
        ("role__exact=emperor", 200),
        ("is_active__exact=maybe", 200),
        ("is_active__exact=" + "9" * 30, 200),
        ("is_active__isnull=maybe", 200),
        ("is_active__in=1,2", 400),
        ("no_such_filter=1", 400),
    ],
)
def test_a_senseless_filter_is_answered_calmly(curator, query, status):
    assert curator.get(f"{USERS}?{query}", follow=True).status_code == status


@pytest.mark.parametrize(
    "lookup",
    [
        "password__startswith=pbkdf2",
        "ballots__isnull=0",
        "government__ballots__version__gt=0",
        "people__password__startswith=x",
        "events__isnull=0",
    ],
)
def test_a_list_answers_no_question_but_its_own_filters(curator, lookup):
    for address in (USERS, GOVERNMENTS):
        assert curator.get(f"{address}?{lookup}").status_code == 400


@pytest.mark.parametrize("key", ["abc", "%00", "0", "-1", "9" * 30, "1e3"])
def test_a_key_that_is_none_leads_back_to_the_index(curator, key):
    for action in ("change", "delete", "history"):
        answer = curator.get(f"{OFFICES}{key}/{action}/", follow=True)
        assert answer.status_code == 200
        assert "doesn’t exist" in notices(answer)


@pytest.mark.parametrize("chosen", ["abc", "\x00", "9" * 30, ""])
def test_an_action_on_rows_that_are_none_changes_nothing(curator, chosen):
    posted = {"action": "delete_selected", "_selected_action": chosen, "index": "0"}
    answer = curator.post(OFFICES, posted, follow=True)
    assert notices(answer) == "Choose from the rows of this list."


def test_a_nul_in_a_text_is_an_error_beside_the_field(curator, world):
    assert problems(change(curator, world.member_a, name="No\x00ra")) == "Null characters are not allowed."


def test_there_is_no_autocomplete_since_no_field_uses_it(curator):
    asked = "/admin/autocomplete/?app_label=members&model_name=user&field_name=government&term="
    assert curator.get(asked + "Halloran").status_code == curator.get(asked + "%00").status_code == 404


def test_staff_without_permissions_see_an_empty_admin(world, sign_in):
    staff = sign_in(world.bare_staff)
    assert "don’t have permission" in staff.get("/admin/").content.decode()
    assert {staff.get(address).status_code for address in (USERS, GOVERNMENTS, OFFICES, f"{USERS}add/")} == {403}
