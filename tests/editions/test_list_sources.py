"""Lists as they come from mails, spreadsheets, web pages and Markdown files."""

import pytest

from mixportal.editions.list_text import read_list

METERS, SENSORS, CABLES = (
    ("priorities", "Water meters", "Read them, and bill"),
    ("priorities", "Road sensors", "Know of ice"),
    ("challenges", "Old cables", "Older than the staff"),
)
SOURCES = {
    "a mail with a quotation and a signature": """Hi all,

> Top priorities
> 1. Water meters - Read them, and bill
> 2. Road sensors - Know of ice
>
> What stands in the way
> * Old cables - Older than the staff

Best regards,
Ada Byron""",
    "cells of a spreadsheet": """\tRank\tList\tTopic\tMeaning\tVotes
\t1\tPriority\tWater meters\t"Read them,
and bill"\t41
\t\tPriority\tRoad sensors\tKnow of ice\t33
\t1\tChallenge\tOld cables\tOlder than the staff\t12""",
    "cells whose first tab was lost": """Priorities
Title\tWhat it means
\tWater meters\tRead them, and bill
\tRoad sensors\tKnow of ice

Challenges
Old cables\tOlder than the staff""",
    "a quoted file with commas": """> Type,No.,Topic,Explanation
> priority,1,Water meters,"Read them, and bill"
> priority,2,Road sensors,Know of ice
> challenge,1,Old cables,Older than the staff""",
    "a web page": """<h2>Priorities</h2>
<ul><li><strong>Water meters</strong> &ndash; Read them, and bill</li><li><b>Road sensors</b>: Know of ice</li></ul>
<h2>Challenges</h2><ol><li>Old cables &mdash; Older than the staff</li></ol>""",
    "a table in Markdown": """## Priorities

| Rank | Title | Meaning |
|:---|---|---|
| 1 | Water meters | Read them, and bill |
| 2 | **Road sensors** | Know of ice |

## Challenges

| Old cables | Older than the staff |""",
    "headings in Markdown": """# MIX 2027
## Technology Priorities
### Water meters
Read them, and bill
### Road sensors
Know of ice
## Biggest challenges
### Old cables
   Older than the staff""",
    "bullets below numbers": """I. Priorities
1. Water meters
   - Read them, and bill
2. Road sensors
   - Know of ice
II. Challenges
1. Old cables
   – Older than the staff""",
    "lines that indent and wrap by turns": """Priorities
• Water meters –
  Read them,
and bill
• Road sensors – Know
of
  ice

Challenges
• Old cables – Older
  than the
staff""",
    "one cell on each line": """Priorities
1
Water meters
Read them, and bill
2
Road sensors
Know of ice
Our obstacles
1
Old cables – Older than the staff""",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_list_from_any_source_is_read(source):
    listed = read_list(SOURCES[source])
    entries = [(entry.kind, entry.title, entry.description) for entry in listed.entries]
    assert entries == [METERS, SENSORS, CABLES]
    assert listed.questions == []


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("1. Cyber - keep out\n2. Cloud - move it\n12", "12"),
        ("1. Cyber - keep out\n- 4 -\n2. Cloud - move it", "- 4 -"),
        ("1. Cyber - keep out\n5 | P a g e\n2. Cloud - move it", "5 | P a g e"),
        ("1. Cyber - keep out\n2. Cloud - move it\nhttps://forum.example/top10", "https://forum.example/top10"),
        ("1. Cyber - keep out\n2. Cloud - move it\n10/14/2025 3:12 PM", "10/14/2025 3:12 PM"),
        ("1. Cyber - keep out\n[3/3/2026 9:20 AM] Lee, Pat\n2. Cloud - move it", "[3/3/2026 9:20 AM] Lee, Pat"),
    ],
)
def test_numbers_of_pages_addresses_and_times_are_shown_and_belong_to_no_entry(pasted, shown):
    found = read_list(f"Priorities\n{pasted}")
    assert [(entry.title, entry.description) for entry in found.entries] == [
        ("Cyber", "keep out"),
        ("Cloud", "move it"),
    ]
    assert [left.text for left in found.left_out] == [shown]


def test_signs_written_out_in_a_chat_are_bullets():
    found = read_list("Priorities\n:one: *Cyber* - keep out\n:white_check_mark: Cloud - move it")
    assert [entry.title for entry in found.entries] == ["Cyber", "Cloud"]
