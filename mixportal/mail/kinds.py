"""A kind's key names its templates: mail/<key>.txt and mail/<key>.html."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailKind:
    key: str
    title: str
    explanation: str
    can_be_off: bool = True
    digest: bool = False
    insiders: bool = True


MAIL_KINDS = {
    kind.key: kind
    for kind in (
        MailKind("edition_opens", "Ballots open", "Once a year, when a list can be ranked."),
        MailKind(
            "reminder",
            "Reminder to rank",
            "While the ballots are open and your government has not cast.",
        ),
        MailKind(
            "closing_tomorrow",
            "Ballots close tomorrow",
            "On the last day, if your government has not cast.",
        ),
        MailKind(
            "moved_close",
            "The close has moved",
            "When a curator moves the date on which ballots close.",
        ),
        MailKind(
            "ballot_cast_by_other",
            "Ballot cast for you",
            "When another person of your government casts or changes it.",
        ),
        MailKind(
            "ballot_entered",
            "Paper ballot entered",
            "When a curator types in a ballot of yours that came on paper or by phone.",
            can_be_off=False,
        ),
        MailKind(
            "voters_changed",
            "Who votes for you",
            "When a person begins to vote for your government, or another person changes how a voter signs in.",
            can_be_off=False,
            insiders=False,
        ),
        MailKind(
            "curators_changed",
            "Who curates",
            "For curators: when one of them hands the curatorship over to another.",
            can_be_off=False,
        ),
        MailKind("closed", "Ballots are closed", "When members can see how all governments ranked."),
        MailKind(
            "results",
            "Results are in",
            "When a list that was ranked has its result.",
            insiders=False,
        ),
        MailKind("reply", "Reply to your note", "When there is an answer to what you wrote.", digest=True),
        MailKind(
            "mention",
            "You are named in a note",
            "When a note names you or your government.",
            digest=True,
        ),
        MailKind(
            "to_curators",
            "A note to the curators",
            "For curators: when a member writes to them, or a curator answers.",
            digest=True,
        ),
        MailKind(
            "new_note",
            "New notes",
            "When there is a new note on an entry that your government wrote on.",
            digest=True,
        ),
        MailKind(
            "hidden",
            "A note is hidden",
            "When a curator hides a note of your government.",
            can_be_off=False,
        ),
        MailKind(
            "digest",
            "Daily digest",
            "One mail a day with all that you gather; none on a day without news.",
        ),
        MailKind(
            "proposal_decided",
            "Your proposal is decided",
            "When a curator takes up or declines what you proposed.",
        ),
        MailKind(
            "brief",
            "A brief",
            "A government’s page for its leaders, by a link.",
            can_be_off=False,
            insiders=False,
        ),
        MailKind(
            "invitation",
            "Invitations",
            "The way into the portal.",
            can_be_off=False,
            insiders=False,
        ),
        MailKind(
            "address_left",
            "Your address has changed",
            "Told to the old address, so that nobody takes over an account unseen.",
            can_be_off=False,
            insiders=False,
        ),
    )
}
