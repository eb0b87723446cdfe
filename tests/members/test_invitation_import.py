"""Many people are invited by one CSV, on a page and by a command."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from members.invitation_import import InvitationImport
from members.models import Invitation
from mixportal.mail.models import Mail
from mixportal.tables.reader import TableError
from tests.curating import notices
from tests.desk.test_list_pages import previewed
from tests.members.inviting import link_in
from tests.reading import page, said, text
from tests.worlds import make_government, seat_governments

PAGE = "/admin/members/invitation/import/"
HEAD = "name,address,role,government\n"


@pytest.fixture
def elm(world):
    return make_government("Elm", 40)


def refusals(text: str, by) -> str:
    with pytest.raises(TableError) as refused:
        InvitationImport(text, by).plan()
    return str(refused.value)


def test_sixty_two_members_are_invited_by_two_presses_each_with_an_own_link(world, sign_in):
    governments = [member.government for member in seat_governments(60)]
    for government in governments:
        government.people.all().delete()
    rows = "".join(f"CIO {each.seat},cio{each.seat}@x.example,member,{each.name}\n" for each in governments)
    curator = sign_in(world.curator)
    shown = curator.post(PAGE, {"text": HEAD + rows}, follow=True)
    assert shown.content.decode().count('data-testid="change"') == 60
    assert not Invitation.objects.exists()
    digest = previewed(shown)
    done = curator.post(PAGE, {"text": HEAD + rows, "previewed": digest}, follow=True)
    assert "Imported: 60 new." in done.content.decode()
    links = {mail.text.split("/invitation")[1].split()[0] for mail in Mail.objects.filter(kind="invitation")}
    assert len(links) == 60


def test_a_government_is_found_by_slug_by_name_and_by_name_and_state(world, elm):
    for given in ("elm", "ELM", "Elm", '"Elm, AZ"', "Elm AZ"):
        found = InvitationImport(f"{HEAD}Ada,ada@elm.example,,{given}\n", world.curator)
        found.plan()
        assert [change.instance.government for change in found.changes] == [elm]
        assert found.changes[0].instance.role == "member"


def test_two_governments_of_a_name_are_told_apart_by_their_state(world, elm):
    other = make_government("Elm", 41, slug="elm-nc", state="NC")
    assert "may be elm, elm-nc" in refusals(f"{HEAD}Ada,ada@elm.example,,Elm\n", world.curator)
    found = InvitationImport(f'{HEAD}Ada,ada@elm.example,,"Elm, NC"\n', world.curator)
    found.plan()
    assert found.changes[0].instance.government == other


def test_each_row_that_cannot_be_invited_is_named_and_nobody_is(world, elm):
    told = refusals(
        f"{HEAD}A,no-address,,Elm\nB,b@x.example,king,Elm\nC,c@x.example,,Nowhere\nD,{world.member_a.email},leader,Elm\n"
        "E,e@x.example,member,Port Merrow County\nF,f@x.example,,Elm\nG,f@x.example,leader,Elm\nH,h@x.example,,Elm\n",
        world.curator,
    )
    for line, words in (
        (2, "not an e-mail address"), (3, "write member, delegate or leader"), (4, "There is no government"),
        (5, "speaks for"), (6, "has a member"), (8, "is on line 7 already"), (9, "The member of Elm is on line 7"),
    ):  # fmt: skip
        assert any(f"Line {line}:" in row and words in row for row in told.splitlines()), (line, told)
    assert not Invitation.objects.exists()


def test_who_is_there_or_invited_already_is_passed_over(world, elm):
    text = f"{HEAD}Ada,ada@elm.example,,Elm\nRosa,{world.member_a.email},member,Port Merrow County\n"
    assert InvitationImport(text, world.curator).apply(reason="x").counts == "1 new, 1 unchanged"
    assert InvitationImport(text, world.curator).apply(reason="x").counts == "2 unchanged"
    assert Mail.objects.filter(kind="invitation").count() == 1


def test_an_address_that_is_invited_to_another_government_is_asked_about(world, elm, sign_in, client):
    oak = make_government("Oak", 41)
    InvitationImport(f"{HEAD}Ada,ada@elm.example,,Elm\n", world.curator).apply(reason="x")
    again = InvitationImport(f"{HEAD}Ada,ADA@elm.example,leader,Oak\nBo,bo@oak.example,,Oak\n", world.curator)
    with pytest.raises(TableError, match=r"Line 2: ada@elm\.example also has an invitation to Elm"):
        again.apply(reason="x")
    curator = sign_in(world.curator)
    shown = curator.post(PAGE, {"text": again.text}, follow=True)
    assert "Elm" in said(shown, "questions")
    curator.post(PAGE, {"text": again.text, "previewed": previewed(shown)})
    assert Invitation.objects.filter(government=oak).count() == 2
    mails = Mail.objects.filter(kind="invitation", to__iexact="ada@elm.example")
    first, second = map(link_in, mails.order_by("pk"))
    client.post(first, {"name": "Ada"})
    unusable = client.get(second)
    assert unusable.status_code == 404
    assert "You may have joined already" in text(page(unusable))


def test_an_invitation_by_hand_says_that_the_address_has_one_to_another_government(world, elm, sign_in):
    InvitationImport(f"{HEAD}Ada,ada@elm.example,,Elm\n", world.curator).apply(reason="x")
    address = f"/admin/members/government/{world.port.pk}/invite/"
    typed = {"role": "leader", "name": "Ada", "email": "ada@elm.example"}
    told = notices(sign_in(world.curator).post(address, typed, follow=True))
    assert "It also has one to Elm" in told


def test_members_and_visitors_do_not_get_the_page(world, sign_in, client):
    assert client.get(PAGE).status_code == 302
    assert sign_in(world.member_a).get(PAGE).status_code in (302, 404)
    assert sign_in(world.bare_staff).get(PAGE).status_code == 403


def test_the_command_invites_in_a_curators_name(world, elm, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(f"{HEAD}Ada,ada@elm.example,,Elm\n")
    with pytest.raises(CommandError, match="No curator has the address"):
        call_command("invite", str(file), by=world.member_a.email)
    said_so = io.StringIO()
    call_command("invite", str(file), by=world.curator.email, dry_run=True, stdout=said_so)
    assert not Invitation.objects.exists()
    call_command("invite", str(file), by=world.curator.email, stdout=said_so)
    assert "Imported: 1 new." in said_so.getvalue()
    assert Invitation.objects.get().invited_by == world.curator


@pytest.mark.parametrize(("action", "done"), [("send_again", "sent again"), ("withdraw", "withdrawn")])
def test_invitations_are_sent_again_and_withdrawn_many_at_once(world, elm, sign_in, action, done):
    rows = "".join(f"L{n},l{n}@elm.example,leader,Elm\n" for n in range(3))
    InvitationImport(HEAD + rows, world.curator).apply(reason="x")
    first, *_ = Invitation.objects.order_by("pk")
    first.revoke(reason="by hand")
    chosen = {"action": action, "_selected_action": [each.pk for each in Invitation.objects.all()]}
    answer = sign_in(world.curator).post("/admin/members/invitation/", chosen, follow=True)
    told = answer.content.decode()
    assert f"2 invitations {done}." in told
    assert "1 invitation cannot be" in told
    live = Invitation.objects.live()
    assert (live.count(), sum(each.times_sent for each in live)) == ((2, 4) if action == "send_again" else (0, 0))


def test_governments_are_imported_on_a_page(world, sign_in):
    curator = sign_in(world.curator)
    text = "name,kind,state,seat\nOak,city,TX,50\n"
    shown = curator.post("/admin/members/government/import/", {"text": text}, follow=True)
    assert "Oak" in said(shown, "change")
    digest = previewed(shown)
    answer = curator.post("/admin/members/government/import/", {"text": text, "previewed": digest}, follow=True)
    assert "Imported: 1 new." in answer.content.decode()
