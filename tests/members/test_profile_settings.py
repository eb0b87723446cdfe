"""One's own profile: name, how others may reach one, which mails come; stopping a mail by its link."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from members.models import MailPreference, User
from members.preferences import SALT
from mixportal.mail.kinds import MAIL_KINDS
from tests.reading import page, said, text

PORT, HALLORAN = "/governments/port-merrow-county/", "/governments/halloran-county/"


def filled(user: User, **new: str) -> dict[str, str]:
    """What the form posts when somebody changes only what is `new`; `mail_reply` stands for mail-reply."""
    posted = {"name": user.name, "title": user.title, "phone": user.phone}
    posted |= {f"mail-{key}": how for key, how in user.mail_preferences_of_all().items() if MAIL_KINDS[key].can_be_off}
    return posted | {name.replace("mail_", "mail-", 1): value for name, value in new.items()}


def test_everybody_wants_every_mail_at_first(world):
    assert set(world.member_a.mail_preferences_of_all().values()) == {"at_once"}
    assert all(world.member_a.wants(kind.key) for kind in MAIL_KINDS.values())
    with pytest.raises(KeyError):
        world.member_a.wants("no-such-mail")


def test_name_title_and_ways_to_be_reached_are_changed_and_seen_by_insiders_alone(world, sign_in):
    client = sign_in(world.member_a)
    answer = client.post(
        "/profile/",
        filled(world.member_a, name=" Rosa   Delgado-Whitfield ", phone="919-555-0100 ext. 12", shows_email="on"),
    )
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    assert said(client.get("/profile/"), "message") == "Saved."
    world.member_a.refresh_from_db()
    assert (world.member_a.name, world.member_a.shows_email) == ("Rosa Delgado-Whitfield", True)
    for who, sees in ((None, False), ("former", False), ("leader_a", False), ("member_b", True), ("curator", True)):
        body = sign_in(getattr(world, who) if who else None).get(PORT).content.decode()
        assert ("919-555-0100 ext. 12" in body, "rosa@port.example" in body) == (sees, sees), who


def test_an_address_is_not_shown_unless_its_owner_says_so(world, sign_in):
    assert "rosa@port.example" not in sign_in(world.member_b).get(PORT).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "  ", "This field is required."),
        ("name", "x" * 121, "at most 120 characters"),
        ("phone", "call me", "a number that can be dialed"),
        ("phone", "12", "a number that can be dialed"),
        ("mail_reply", "hourly", "not one of the available choices"),
        ("mail_results", "digest", "not one of the available choices"),
        ("title", "a\x00b", "Null characters"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept_on_the_page(world, sign_in, field, value, says):
    answer = sign_in(world.member_a).post("/profile/", filled(world.member_a, title="Kept as typed") | filled(
        world.member_a, **{"title": "Kept as typed", field: value}
    ))  # fmt: skip
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert field == "title" or "Kept as typed" in answer.content.decode()
    world.member_a.refresh_from_db()
    assert world.member_a.title == ""


def test_each_kind_of_mail_is_switched_off_gathered_or_switched_on_again(world, sign_in):
    client = sign_in(world.member_a)
    client.post("/profile/", filled(world.member_a, mail_reply="digest", mail_results="off"))
    user = User.objects.get(pk=world.member_a.pk)
    assert (user.mail_preference("reply"), user.mail_preference("results")) == ("digest", "off")
    assert (user.wants("reply"), user.wants("results"), user.wants("reminder")) == (True, False, True)
    client.post("/profile/", filled(user, mail_results="at_once"))
    assert User.objects.get(pk=world.member_a.pk).wants("results")
    assert MailPreference.objects.count() == 2


def test_what_cannot_be_switched_off_is_not_offered(world, sign_in):
    client = sign_in(world.member_a)
    names = {field.get("name") for field in page(client.get("/profile/")).iter("select")}
    assert {"mail-reply", "mail-results"} <= names
    assert not {"mail-invitation", "mail-address_left", "mail-ballot_entered"} & names
    client.post("/profile/", filled(world.member_a) | {"mail-invitation": "off"})
    MailPreference.objects.create(user=world.member_a, kind="invitation", how="off")  # however it came about
    assert world.member_a.wants("invitation")
    assert world.member_a.unsubscribe_address("invitation") == ""


def test_a_former_member_is_offered_the_mails_of_everybody(world, sign_in):
    names = {field.get("name") for field in page(sign_in(world.former).get("/profile/")).iter("select")}
    assert names == {"mail-results"}


# The link in a mail


def stop_path(user: User, kind: str) -> str:
    address = user.unsubscribe_address(kind)
    assert address.startswith("http://localhost")
    return "/" + address.split("/", 3)[3]


def test_the_link_in_a_mail_asks_and_a_post_stops_that_kind_without_a_session(world):
    client = Client(enforce_csrf_checks=True)
    path = stop_path(world.member_a, "reply")
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Stop “Reply to your note”?" in text(page(answer))
    assert answer["Cache-Control"] == "private, no-store"
    assert world.member_a.wants("reply")  # a mail scanner follows links: reading changes nothing
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert said(answer, "stopped").startswith("No more mails of the kind")
    assert not world.member_a.wants("reply")
    assert world.member_a.wants("mention")
    assert client.post(path).status_code == 200
    assert MailPreference.objects.count() == 1


def test_a_link_that_nobody_signed_or_for_what_must_come_is_no_page(world):
    client = Client()
    good = stop_path(world.member_a, "reply")
    forged = [
        "/mail/stop/x/",
        good[:-3] + "xx/",
        f"/mail/stop/{signing.dumps([world.member_a.pk, 'reply'], salt='another')}/",
        f"/mail/stop/{signing.dumps([world.member_a.pk, 'invitation'], salt=SALT)}/",
        f"/mail/stop/{signing.dumps([world.member_a.pk, 'nothing'], salt=SALT)}/",
        f"/mail/stop/{signing.dumps([999_999, 'reply'], salt=SALT)}/",
        f"/mail/stop/{signing.dumps(['x'], salt=SALT)}/",
    ]
    for path in forged:
        assert (path, client.get(path).status_code) == (path, 404)
        assert (path, client.post(path).status_code) == (path, 404)
    assert MailPreference.objects.count() == 0


def test_the_page_of_a_government_says_how_to_ask_it_something(world, sign_in):
    told = text(page(sign_in(world.member_a).get(HALLORAN)))
    assert "name Halloran County in it: @halloran-county" in told
    assert "@port-merrow-county" not in text(page(sign_in(world.member_a).get(PORT)))
