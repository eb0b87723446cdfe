from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from members.models import User
from mixportal.demo.ballots import Voter
from mixportal.editions.models import Edition, slug_for
from mixportal.proposals.models import Proposal, Support


@dataclass(frozen=True)
class DemoProposal:
    """`supports` are reasons by the government's slug."""

    kind: str
    by: str
    days_ago: float
    title: str
    description: str
    why: str
    supports: Mapping[str, str]
    merged_into: str = ""
    declined_because: str = ""


PROPOSALS = (
    DemoProposal(
        "priorities",
        "kestrel-ridge",
        19,
        "Digital Accessibility",
        "Websites, forms and documents that people can use with a screen reader, by keyboard or on an old telephone, "
        "and a way to keep them so once the project is over.",
        "The federal rule has dates in it now, and nobody’s archive of scanned minutes is ready for them.",
        {
            "port-merrow-county": "We counted 41,000 PDFs. Nobody owns them.",
            "lindenport": "",
            "stonefield-county": "Our vendors say “mostly”. We would like a common answer to “mostly”.",
            "duskin": "",
            "pinnock-falls": "",
            "whitlow-county": "It belongs under its own name, or it will be done last.",
            "maplethorpe": "",
            "osterman-county": "",
            "winslade": "",
        },
    ),
    DemoProposal(
        "priorities",
        "alder-falls",
        15,
        "Identity for Residents",
        "One sign-in for everything a resident does with the city or county, with a helper at a counter for those who "
        "cannot or will not have one.",
        "We pay for five of them and residents forget the passwords of all five.",
        {
            "halloran-county": "Our tax and library sign-ins cannot even agree on how a name is spelled.",
            "marisol-bay": "",
            "copperline": "",
            "eastlake-harbor": "Only with the counter in it. Please keep that sentence.",
            "juniper-wells": "",
        },
    ),
    DemoProposal(
        "priorities",
        "tremaine-county",
        12,
        "Data Governance",
        "Who may decide what a record means, who may see it, and who answers when two departments’ figures differ.",
        "It is the part of Data that no tool brings.",
        {
            "fort-calloway": "",
            "ashdown-county": "Ours began with one spreadsheet of owners.",
            "ellery": "",
        },
        merged_into="Data",
    ),
    DemoProposal(
        "priorities",
        "port-merrow-county",
        8,
        "Records and Their Retention",
        "Keeping what must be kept, being able to find it, and letting go of the rest on a schedule that is followed.",
        "Every tool that searches for us finds what we should have deleted in 2009.",
        {
            "halloran-county": "",
            "thornbury-county": "The statute is clear; the shared drive is not.",
            "salcedo-county": "",
            "calder-county": "",
        },
    ),
    DemoProposal(
        "priorities",
        "san-amaro",
        2,
        "Shared Services Among Neighbors",
        "Running things together with the next city over: a service desk at night, a security watch, a data center.",
        "",
        {
            "strand-mills": "We are eighteen people. This is the only way that we get a night shift.",
            "tidewell": "",
        },
    ),
    DemoProposal(
        "challenges",
        "halloran-county",
        17,
        "Contracts That Renew Themselves",
        "Subscriptions that renew by default, at a price that rises by default, before anybody has asked whether they "
        "are still used.",
        "Last year a third of our increase was decided by no one.",
        {
            "port-merrow-county": "We found two for products that we had replaced.",
            "grand-marlowe": "",
            "vandermeer-county": "",
            "orrin-city": "Ninety days’ notice, in a mailbox of somebody who left.",
            "prairie-rose-county": "",
            "bellhaven-heights": "",
            "quillan": "",
        },
    ),
    DemoProposal(
        "challenges",
        "brightwater-county",
        10,
        "Trust in What Government Sends",
        "Residents cannot tell our text messages from those of swindlers, so they ignore both.",
        "Our evacuation notice was reported as spam.",
        {
            "carrow-beach": "",
            "saltmarsh-point": "The same here, the week of the storm.",
            "palmetto-reach": "",
            "tallis-county": "",
        },
    ),
    DemoProposal(
        "challenges",
        "birkholm",
        6,
        "The Price of Toner",
        "Printing still costs us more a year than the network does.",
        "",
        {"larkspur-bluffs": "It is true, though."},
        declined_because="True, and worth a note of its own; but a list for councils holds what many governments face "
        "for years. Please write it up as a practice: we would all read it.",
    ),
)


def enter_proposals(editions: Mapping[int, Edition], voters: Mapping[str, Voter], curator: User, now: datetime) -> None:
    edition = editions[max(editions)]
    for annual_list in edition.lists.in_order():
        listed = [each for each in PROPOSALS if each.kind == annual_list.kind]
        stored = Proposal.objects.bulk_create(
            Proposal(
                annual_list=annual_list,
                government=voters[each.by].government,
                proposed_by=voters[each.by].people[0],
                title=each.title,
                description=each.description,
                why=each.why,
                proposed_at=now - timedelta(days=each.days_ago),
            )
            for each in listed
        )
        Support.objects.bulk_create(
            Support(
                proposal=proposal,
                government=voters[slug].government,
                supported_by=voters[slug].caster(number),
                reason=reason,
                supported_at=now - timedelta(days=each.days_ago * (1 - (number + 1) / (len(each.supports) + 1))),
            )
            for proposal, each in zip(stored, listed, strict=True)
            for number, (slug, reason) in enumerate(each.supports.items())
        )
        for proposal, each in zip(stored, listed, strict=True):
            if each.merged_into:
                proposal.merge(annual_list.entries.get(slug=slug_for(each.merged_into)), curator)
            elif each.declined_because:
                proposal.decline(each.declined_because, curator)
