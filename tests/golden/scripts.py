"""What people post: scripts of one step or a few, each run on a fresh copy of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from tests.golden.addresses import OPEN_YEAR, PUBLISHED_YEAR, Link, changelist, desk, first_row, government_verb

OTHER_EMAIL = "brian.nakamura@halloran.example"


@dataclass(frozen=True)
class Step:
    """`actor` fills in the form of `page` whose address contains `form`, and presses `button` (field, value).

    Without a `button` the form's first one is pressed. `type` says what is typed in by field; None leaves a field out.
    The page AS_ANSWERED is what the step before was answered.
    A `blind` step posts what is typed to `page` itself, whether it shows such a form or not.
    """

    actor: str
    page: str | Link
    type: dict[str, Any] = field(default_factory=dict)
    button: tuple[str, str] | None = None
    form: str = ""
    blind: bool = False
    fragment: bool = False


AS_ANSWERED = "as answered"


def press(action: str) -> tuple[str, str]:
    return "action", action


def blind(actor: str, page: str | Link, fragment: bool = False, **typed: Any) -> Step:
    return Step(actor, page, typed, blind=True, fragment=fragment)


BALLOT, OTHER_BALLOT = f"/{OPEN_YEAR}/priorities/ballot/", f"/{OPEN_YEAR}/challenges/ballot/"
SAVE, CAST = press("save"), press("cast")
CHANGED = {"rank-social-media": "1", "rank-data": ""}
RANKED = {"version": "1", "rank-data": "1", "rank-workforce": "2"}
CLOSE = Step("curator", desk(OPEN_YEAR, "do/close/"))
ENTRY = f"/{PUBLISHED_YEAR}/priorities/cybersecurity/"
OWN_NOTE = Link("member_a", ENTRY, r"/notes/\d+/$")
DIALOGUE = f"/{PUBLISHED_YEAR}/priorities/data/"
REASONS = f"/{OPEN_YEAR}/priorities/ballot/reasons/"
INVESTMENT = f"/{OPEN_YEAR}/priorities/cybersecurity/investment/"
HINDRANCES = f"/{OPEN_YEAR}/hindrances/ours/"
PROPOSALS = "/2027/proposals/"
OWN_PROPOSAL = Link("member_a", PROPOSALS, r"/proposals/\w+/\d+/$")
OWN = "/governments/port-merrow-county/"
PEOPLE, SHARES = f"{OWN}people/", f"{OWN}shares/"
ENTER = reverse("admin:enter-ballot", args=[OPEN_YEAR])
CLOSES_AT = "2027-02-01T17:00"
MAIL_READ = Step("curator", desk(2027, "mail/"))
LIST = "Priorities\n1. Cybersecurity - Keeping attackers out.\n2. Quantum - New.\n\nChallenges\n1. Shadow IT - Old.\n"

SCRIPTS: dict[str, tuple[Step, ...]] = {
    # ballots
    "save a ballot": (Step("member_a", BALLOT, CHANGED, SAVE),),
    "save a ballot as a fragment": (Step("member_a", BALLOT, CHANGED, SAVE, fragment=True),),
    "cast a ballot": (Step("member_a", BALLOT, CHANGED, CAST),),
    "cast a ballot as a fragment, then as the delegate": (
        Step("member_a", BALLOT, {}, CAST, fragment=True),
        Step("delegate_a", BALLOT, CHANGED, SAVE),
        Step("delegate_a", BALLOT, {}, CAST),
    ),
    "withdraw a cast ballot": (Step("member_b", BALLOT, {}, press("uncast")),),
    "move a row up": (Step("member_a", BALLOT, {}, press("up:cybersecurity")),),
    "move a row to the top as a fragment": (Step("member_a", BALLOT, {}, press("top:social-media"), fragment=True),),
    "take a row off": (Step("member_a", BALLOT, {}, press("drop:data")),),
    "save a stale ballot": (
        Step("delegate_a", BALLOT, CHANGED, SAVE),
        blind("member_a", BALLOT, action="save", **RANKED),
    ),
    "save a stale ballot as a fragment": (blind("member_a", BALLOT, True, action="save", **RANKED | {"version": "0"}),),
    "save a ballot with a word for a number": (Step("member_a", BALLOT, {"rank-data": "first"}, SAVE),),
    "cast an empty ballot": (blind("member_a", OTHER_BALLOT, action="cast", version="0"),),
    "save a first ballot": (Step("member_a", OTHER_BALLOT, {"rank-it-governance": "1"}, SAVE),),
    "save a ballot of a published list": (
        blind("member_a", f"/{PUBLISHED_YEAR}/priorities/ballot/", action="save", **RANKED),
    ),
    "cast a ballot after the close": (CLOSE, blind("member_a", BALLOT, action="cast", **RANKED)),
    "cast a ballot without agreeing to the notice, then with": (
        Step("member_b", OTHER_BALLOT, {"rank-it-governance": "1"}, SAVE),
        Step("member_b", OTHER_BALLOT, {}, CAST),
        Step("member_b", OTHER_BALLOT, {"consent": "yes"}, CAST),
    ),
    "others save a ballot": (
        *(blind(actor, BALLOT, action="save", **RANKED) for actor in ("visitor", "former", "leader_a", "curator")),
        blind("visitor", BALLOT, True, action="save", **RANKED),
    ),
    # notes
    "ask a question on an entry": (
        Step(
            "member_a", DIALOGUE, {"kind": "question", "body": "Who keeps the catalog?"}, press("post"), "data/notes/"
        ),
    ),
    "post an empty note": (Step("member_a", DIALOGUE, {"body": " "}, press("post"), "data/notes/"),),
    "give a reason beside the ballot": (
        Step("member_a", REASONS, {"body": "Eleven posts are open."}, press("post"), "workforce/notes/"),
    ),
    "give a second reason as a fragment": (
        Step(
            "member_a", REASONS, {"body": "It is old."}, press("post"), "it-system-modernization/notes/", fragment=True
        ),
        blind(
            "member_a",
            f"/{OPEN_YEAR}/priorities/it-system-modernization/notes/",
            kind="reason",
            body="It is older.",
            audience="members",
            action="post",
        ),
    ),
    "take over last year's reason": (Step("member_a", REASONS, {}, press("earlier"), "data/notes/"),),
    "mention a government in a public note": (
        Step(
            "member_a",
            DIALOGUE,
            {"kind": "question", "body": "@halloran-county, how?", "audience": "public"},
            press("post"),
            "data/notes/",
        ),
    ),
    "edit an own note": (Step("member_a", OWN_NOTE, {"body": "Now another reason."}, press("post")),),
    "edit a stale note": (
        Step("delegate_a", OWN_NOTE, {"body": "The delegate was first."}, press("post")),
        Step("member_a", OWN_NOTE, {"body": "Now another reason.", "version": "1"}, press("post")),
    ),
    "withdraw an own note": (Step("member_a", OWN_NOTE, {}, press("withdraw")),),
    "answer a note": (
        Step(
            "member_b",
            Link("member_b", DIALOGUE, r"reply_to="),
            {"body": "We do, by hand."},
            press("post"),
            "data/notes/",
        ),
    ),
    "say the same, then no longer": (
        Step("member_a", DIALOGUE, {}, press("same"), "/notes/", fragment=True),
        Step("member_a", DIALOGUE, {}, press("not-same"), "/notes/"),
    ),
    "hide a note without a reason, then with one, then show it": (
        Step("curator", OWN_NOTE, {"reason": ""}, press("hide")),
        Step("curator", OWN_NOTE, {"reason": "It names a vendor."}, press("hide")),
        blind("curator", OWN_NOTE, action="show"),
    ),
    "others post, edit and withdraw notes": (
        *(
            blind(actor, f"{DIALOGUE}notes/", kind="question", body="May I?", action="post")
            for actor in ("visitor", "leader_a", "curator")
        ),
        blind("member_b", OWN_NOTE, action="withdraw"),
        blind("leader_a", OWN_NOTE, action="same"),
        blind("member_b", OWN_NOTE, body="Not mine.", audience="members", version="1", action="post"),
        blind("member_b", OWN_NOTE, reason="I say so.", action="hide"),
    ),
    # investments and hindrances
    "change an investment": (Step("member_a", INVESTMENT, {"summary": "A better watch.", "staff": "3"}, SAVE),),
    "change a stale investment": (
        Step("delegate_a", INVESTMENT, {"staff": "4"}, SAVE),
        Step("member_a", INVESTMENT, {"staff": "5", "version": "1"}, SAVE),
    ),
    "save an investment with a wrong year": (
        Step("member_a", INVESTMENT, {"from_year": "2030", "to_year": "1"}, SAVE),
    ),
    "remove an investment": (Step("member_a", INVESTMENT, {}, press("remove")),),
    "tell of a first investment": (
        Step(
            "member_a",
            "/2027/priorities/it-system-modernization/investment/",
            {"status": "planned", "summary": "Soon."},
            SAVE,
        ),
    ),
    "others save an investment": tuple(
        blind(actor, INVESTMENT, status="planned") for actor in ("visitor", "leader_a", "curator")
    ),
    "mark hindrances": (
        Step("member_a", HINDRANCES, {"stands": ["shadow-it:data", "it-governance:governance"]}, SAVE),
    ),
    "mark stale hindrances": (
        Step("delegate_a", HINDRANCES, {"stands": ["shadow-it:data"]}, SAVE),
        Step("member_a", HINDRANCES, {"stands": [], "version": "1"}, SAVE),
    ),
    "mark hindrances after the close": (CLOSE, blind("member_a", HINDRANCES, version="1", stands="shadow-it:data")),
    # proposals
    "propose an entry": (
        Step(
            "member_a",
            PROPOSALS,
            {"kind": "priorities", "title": "Quantum", "description": "New.", "why": "It comes."},
            form="propose",
        ),
    ),
    "propose an entry without a title": (Step("member_a", PROPOSALS, {"kind": "challenges"}, form="propose"),),
    "support a proposal, then take it back": (
        Step("member_a", PROPOSALS, {"reason": "We need it."}, press("support"), "/support/"),
        Step("member_a", PROPOSALS, {}, press("take-back"), "/support/", fragment=True),
    ),
    "reword an own proposal": (Step("member_a", OWN_PROPOSAL, {"title": "Records"}, SAVE),),
    "withdraw an own proposal": (Step("member_a", OWN_PROPOSAL, {}, press("withdraw")),),
    "support an own proposal": (blind("member_a", replace(OWN_PROPOSAL, then="support/"), action="support"),),
    "others propose": (
        blind("curator", PROPOSALS, kind="priorities", title="Mine", description="New.", why="So."),
        blind("leader_a", PROPOSALS, kind="priorities", title="Mine", description="New.", why="So."),
        blind("member_a", f"/{OPEN_YEAR}/proposals/", kind="priorities", title="Late", description="New.", why="So."),
        blind("member_b", OWN_PROPOSAL, action="withdraw"),
    ),
    # people and their settings
    "change the profile": (
        Step(
            "member_a",
            "/profile/",
            {"name": "Rosa Delgado", "phone": "", "shows_email": None, "mail-reminder": "off"},
        ),
    ),
    "change the profile to no name": (Step("member_a", "/profile/", {"name": ""}),),
    "invite a delegate": (
        Step(
            "member_a",
            PEOPLE,
            {"role": "delegate", "name": "Noor Haddad", "email": "noor@port-merrow.example"},
            form="invite",
        ),
    ),
    "invite somebody who is there already": (
        blind("member_a", PEOPLE, action="invite", role="leader", name="Brian", email=OTHER_EMAIL),
    ),
    "remove a delegate": (Step("member_a", PEOPLE, {}, form="remove"),),
    "others invite": tuple(
        blind(actor, PEOPLE, action="invite", role="leader", name="X", email="x@port-merrow.example")
        for actor in ("delegate_a", "member_b", "leader_a", "visitor")
    ),
    "make a share link, then end one": (
        Step("member_a", SHARES, {"label": "Council"}, form="make"),
        Step("delegate_a", SHARES, {}, form="end"),
    ),
    "mail the brief": (
        Step("member_a", SHARES, {"to": "clerk@port-merrow.example", "line": "As promised."}, form="mail"),
    ),
    "stop a kind of mail": (
        Step("visitor", Link("visitor", Link("visitor", "/demo/mail/", r"/demo/mail/[0-9][^/]+/$"), r"/mail/stop/")),
    ),
    "sign in as a persona, then out": (
        Step("visitor", "/demo/", {}, ("persona", "member-a")),
        Step("visitor", "/", {}, form="sign-out"),
    ),
    "sign in as nobody known": (blind("visitor", "/demo/sign-in/", persona="mayor-of-nowhere"),),
    "sign out everywhere": (Step("member_a", "/account/sessions/", form="sessions"),),
    "use a link that nobody made": (
        blind("visitor", "/account/invitation/a-token-that-nobody-made/", name="X"),
        blind("visitor", "/mail/stop/a-token-that-nobody-signed/"),
    ),
    # the desk
    "open a list before its mail is read, while another is open, then after": (
        Step("curator", desk(2027, "do/open/"), {"closes_at": CLOSES_AT}),
        MAIL_READ,
        Step("curator", desk(2027, "do/open/"), {"closes_at": CLOSES_AT}),
        CLOSE,
        Step("curator", desk(2027, "do/open/"), {"closes_at": CLOSES_AT}),
    ),
    "set a window and take it back": (
        MAIL_READ,
        Step("curator", desk(2027, "do/window/"), {"opens_at": "2027-01-04T09:00", "closes_at": CLOSES_AT}),
        Step("curator", desk(2027, "do/unset/")),
    ),
    "move a close without a reason, then with one": (
        Step("curator", desk(OPEN_YEAR, "do/move/"), {"closes_at": CLOSES_AT, "reason": ""}),
        Step("curator", desk(OPEN_YEAR, "do/move/"), {"closes_at": CLOSES_AT, "reason": "The storm."}),
        Step("curator", desk(OPEN_YEAR, "do/move/"), {"closes_at": "2026-11-28T09:00", "reason": "Sooner."}),
    ),
    "publish before the close, then after": (
        Step("curator", desk(OPEN_YEAR, "do/publish/")),
        CLOSE,
        Step("curator", desk(OPEN_YEAR, "do/publish/")),
    ),
    "count again": (Step("curator", desk(PUBLISHED_YEAR, "do/again/"), {"reason": "A doubt."}),),
    "add an erratum": (Step("curator", desk(PUBLISHED_YEAR, "do/erratum/"), {"body": "A digit was wrong."}),),
    "begin next year": (
        MAIL_READ,
        CLOSE,
        Step("curator", desk(2027, "do/open/"), {"closes_at": CLOSES_AT}),
        Step("curator", desk(2027, "do/next/")),
    ),
    "paste a list, then confirm it": (
        Step("curator", desk(2027, "list/"), {"text": LIST}),
        Step("curator", desk(2027, "list/"), {"text": LIST, "previewed": "another"}),
        Step("curator", AS_ANSWERED),
    ),
    "paste a list that is none": (Step("curator", desk(2027, "list/"), {"text": "Dear all,"}),),
    "paste a list that is open": (blind("curator", desk(OPEN_YEAR, "list/"), text=LIST),),
    "move an entry down": (Step("curator", desk(2027, "priorities/order/"), {}, press("down:*")),),
    "correct an open entry": (
        Step(
            "curator",
            Link("curator", first_row("priorities", "?q=IT+Transformation"), r"/correct/$"),
            {"title": "IT Renewal", "reason": "Spelling."},
        ),
        Step("curator", AS_ANSWERED),
    ),
    "split an entry": (
        Step(
            "curator",
            Link("curator", first_row("priorities"), r"/split/$"),
            {"first-title": "One", "second-title": "Two"},
        ),
    ),
    "enter a ballot, looking first": (
        Step(
            "curator",
            f"{ENTER}?kind=challenges&government=port-merrow-county",
            {"rank-it-governance": "1", "reason": "By telephone."},
        ),
        Step("curator", AS_ANSWERED, {}, press("enter")),
    ),
    "enter a ballot over a cast one": (
        blind(
            "curator",
            ENTER,
            kind="priorities",
            government="halloran-county",
            action="enter",
            reason="By telephone.",
            **{"rank-data": "1"},
        ),
    ),
    "others use the desk": (
        *(blind(actor, desk(OPEN_YEAR, "do/close/")) for actor in ("visitor", "member_a", "leader_a", "bare_staff")),
        blind("bare_staff", ENTER, kind="priorities", government="halloran-county"),
    ),
    # proposals and people in the admin
    "accept a proposal": (Step("curator", first_row("proposals"), {"decision": "accept"}, ("_save", "Save")),),
    "decline a proposal without a reason, then with one": (
        Step("curator", first_row("proposals"), {"decision": "decline"}, ("_save", "Save")),
        Step(
            "curator",
            first_row("proposals"),
            {"decision": "decline", "reason": "Too narrow."},
            ("_save", "Save"),
        ),
    ),
    "change a government": (
        Step("curator", government_verb("port-merrow-county", "change"), {"population": "613000"}, ("_save", "Save")),
    ),
    "give a seat, twice": (
        Step("curator", government_verb("scottsdale", "give-seat"), {"number": "7", "reason": "Taken."}),
        Step("curator", government_verb("port-merrow-county", "give-seat"), {"number": "9", "reason": "Another."}),
    ),
    "release a seat, then give it to another": (
        Step("curator", government_verb("port-merrow-county", "release-seat"), {"reason": "They left."}),
        Step("curator", government_verb("scottsdale", "give-seat"), {"number": "", "reason": "They came."}),
        Step("curator", government_verb("scottsdale", "invite"), {"name": "Sky", "email": "sky@scottsdale.example"}),
    ),
    "hand over to a new CIO": (
        Step(
            "curator",
            government_verb("port-merrow-county", "hand-over"),
            {"name": "New Person", "email": "new@port-merrow.example", "reason": "Retired."},
        ),
    ),
    "bind a user to a new address": (
        Step(
            "curator",
            first_row("users", "?q=delgado", "../bind/"),
            {"email": "rosa@new.example", "checked": "By phone."},
        ),
    ),
    "change a user's role": (
        Step("curator", first_row("users", "?q=delgado"), {"role": "none", "government": ""}, ("_save", "Save")),
    ),
    "add an office": (
        Step(
            "curator",
            f"{changelist('offices')}add/",
            {"person_name": "A. Person", "government": "1", "from_year": "1999"},
            ("_save", "Save"),
        ),
    ),
}
