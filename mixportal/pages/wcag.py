from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    FULL = "supported"
    PARTIAL = "partly supported"
    NONE = "not supported"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Criterion:
    number: str
    name: str
    level: str
    support: Support
    remark: str


@dataclass(frozen=True)
class Principle:
    name: str
    criteria: tuple[Criterion, ...]

    @property
    def counts(self) -> list[tuple[Support, int]]:
        return counts_of(self.criteria)


def counts_of(criteria: Iterable[Criterion]) -> list[tuple[Support, int]]:
    counts = Counter(criterion.support for criterion in criteria)
    return [(support, counts[support]) for support in Support]


YES, PARTLY, ABSENT = Support.FULL, Support.PARTIAL, Support.NOT_APPLICABLE
NO_MEDIA = "The portal has no sound and no video."

PERCEIVABLE = (
    Criterion("1.1.1", "Non-text Content", "A", YES,
              "Each chart has a name, and its figures are text or a table. Seals and icons "
              "stand beside words. The key behind a QR code is also text."),
    Criterion("1.2.1", "Audio-only and Video-only (Prerecorded)", "A", ABSENT, NO_MEDIA),
    Criterion("1.2.2", "Captions (Prerecorded)", "A", ABSENT, NO_MEDIA),
    Criterion("1.2.3", "Audio Description or Media Alternative", "A", ABSENT, NO_MEDIA),
    Criterion("1.2.4", "Captions (Live)", "AA", ABSENT, NO_MEDIA),
    Criterion("1.2.5", "Audio Description (Prerecorded)", "AA", ABSENT, NO_MEDIA),
    Criterion("1.3.1", "Info and Relationships", "A", YES,
              "Headings, lists, tables, groups and labels are HTML’s own."),
    Criterion("1.3.2", "Meaningful Sequence", "A", YES,
              "A row that moves on the screen moves in the document too."),
    Criterion("1.3.3", "Sensory Characteristics", "A", YES,
              "No instruction depends on a shape, a color or a side. “Drag a row by its dots” "
              "is one of several ways."),
    Criterion("1.3.4", "Orientation", "AA", YES,
              "A test reads every style rule for a fixed orientation."),
    Criterion("1.3.5", "Identify Input Purpose", "AA", YES,
              "Your name, title, telephone, email address and mailed code."),
    Criterion("1.4.1", "Use of Color", "A", YES,
              "What a color says is also a word, a number or a mark."),
    Criterion("1.4.2", "Audio Control", "A", ABSENT, NO_MEDIA),
    Criterion("1.4.3", "Contrast (Minimum)", "AA", YES,
              "axe measures it in the light and the dark scheme."),
    Criterion("1.4.4", "Resize Text", "AA", YES, "Measured at twice the type, 360 pixels wide."),
    Criterion("1.4.5", "Images of Text", "AA", YES, "The text of charts is text. Seals are logos."),
    Criterion("1.4.10", "Reflow", "AA", YES,
              "Measured at 320 pixels (400% zoom). Wide tables scroll by themselves."),
    Criterion("1.4.11", "Non-text Contrast", "AA", PARTLY,
              "Fields, buttons and the focus ring have 3:1 or more. The lighter steps of shaded "
              "charts have less, down to 1.1:1. Their figures are also text."),
    Criterion("1.4.12", "Text Spacing", "AA", YES,
              "Measured at the spacing of the criterion, 360 pixels wide."),
    Criterion("1.4.13", "Content on Hover or Focus", "AA", YES,
              "On the map of likeness a dot shows its name when you point at it. You can point at "
              "the name too, and Escape hides it. Elsewhere only the browser’s own tips appear."),
)  # fmt: skip

OPERABLE = (
    Criterion("2.1.1", "Keyboard", "A", YES,
              "Tests rank a ballot, enter a paper ballot, set the voting window and turn the "
              "slides by keyboard alone. Dragging has keys and buttons beside it."),
    Criterion("2.1.2", "No Keyboard Trap", "A", YES,
              "No part of a page holds the focus. Escape leaves the slides."),
    Criterion("2.1.4", "Character Key Shortcuts", "A", PARTLY,
              "On the slides, F fills the screen and N shows what to say; these keys cannot be "
              "switched off. The ballot’s number keys work only while a row has the focus."),
    Criterion("2.2.1", "Timing Adjustable", "A", PARTLY,
              "A mailed code is valid for 15 minutes. You cannot extend it, but you can ask for "
              "another. You stay signed in for 7 days after your last visit, and 30 at most. If "
              "that ends while you type, nothing is lost. The close of voting is essential."),
    Criterion("2.2.2", "Pause, Stop, Hide", "A", PARTLY,
              "Nothing moves by itself. The page for a projector at a conference looks for news "
              "every three seconds and has no button to stop that."),
    Criterion("2.3.1", "Three Flashes or Below Threshold", "A", YES, "Nothing flashes."),
    Criterion("2.4.1", "Bypass Blocks", "A", YES, "“Skip to the page” is the first link."),
    Criterion("2.4.2", "Page Titled", "A", YES, "The page first, then the portal."),
    Criterion("2.4.3", "Focus Order", "A", YES, "The focus stays with a row that moves."),
    Criterion("2.4.4", "Link Purpose (In Context)", "A", YES,
              "A link, or its sentence, names what it opens."),
    Criterion("2.4.5", "Multiple Ways", "AA", YES, "A menu, a search, and links between pages."),
    Criterion("2.4.6", "Headings and Labels", "AA", YES,
              "Labels name the entry: “Place of Data”, not “Place”."),
    Criterion("2.4.7", "Focus Visible", "AA", YES,
              "A ring with 8:1 or more. A test looks at each control of a ballot row."),
    Criterion("2.4.11", "Focus Not Obscured (Minimum)", "AA", YES,
              "Pages scroll so that what has the focus is clear of the bars at the top and the "
              "bottom."),
    Criterion("2.5.1", "Pointer Gestures", "A", YES,
              "One finger and no path: tapping does everything."),
    Criterion("2.5.2", "Pointer Cancellation", "A", YES,
              "Buttons act when released. Escape puts a dragged row back."),
    Criterion("2.5.3", "Label in Name", "A", YES,
              "The name of a button begins with the word that it shows."),
    Criterion("2.5.4", "Motion Actuation", "A", ABSENT, "Nothing reacts to moving the device."),
    Criterion("2.5.7", "Dragging Movements", "AA", YES,
              "Each row has buttons, a number field and keys."),
    Criterion("2.5.8", "Target Size (Minimum)", "AA", YES,
              "Buttons, links and fields are at least 44 pixels high and wide. The dots of the "
              "map of likeness have 24 and can overlap. Its table has the same names."),
)  # fmt: skip

UNDERSTANDABLE = (
    Criterion("3.1.1", "Language of Page", "A", YES, "English (United States)."),
    Criterion("3.1.2", "Language of Parts", "AA", PARTLY,
              "Our pages are in English. A note in another language cannot be marked as such."),
    Criterion("3.2.1", "On Focus", "A", YES, "To move the focus changes nothing."),
    Criterion("3.2.2", "On Input", "A", YES,
              "Filters apply while you choose; the focus stays where it is."),
    Criterion("3.2.3", "Consistent Navigation", "AA", YES,
              "Menu, search and foot are in one order on every page."),
    Criterion("3.2.4", "Consistent Identification", "AA", YES,
              "The same icon and word everywhere for the same thing."),
    Criterion("3.2.6", "Consistent Help", "A", YES,
              "The foot of every page links to the method and to this page, which says whom to "
              "write to."),
    Criterion("3.3.1", "Error Identification", "A", YES,
              "An error is named in words at its field, and above the form."),
    Criterion("3.3.2", "Labels or Instructions", "A", YES,
              "Each field has a label; what is unusual has a hint."),
    Criterion("3.3.3", "Error Suggestion", "AA", YES,
              "Errors say what to write: “Write one such as 2, or leave it blank.”"),
    Criterion("3.3.4", "Error Prevention (Legal, Financial, Data)", "AA", YES,
              "A ballot can be changed or withdrawn until the close. What cannot be undone asks "
              "first."),
    Criterion("3.3.7", "Redundant Entry", "A", YES,
              "What was typed comes back after an error, an outage or a sign-in."),
    Criterion("3.3.8", "Accessible Authentication (Minimum)", "AA", YES,
              "No password and no puzzle: a passkey, or a code that you can paste."),
)  # fmt: skip

ROBUST = (
    Criterion("4.1.2", "Name, Role, Value", "A", YES,
              "HTML’s own elements. A row of the ballot is a button that says its place and "
              "whether it is pressed."),
    Criterion("4.1.3", "Status Messages", "AA", PARTLY,
              "Moves, errors and the result of a search are announced. “Saving” and “Saved” on "
              "the ballot are not; they are text beside the button that casts."),
)  # fmt: skip

PRINCIPLES = (
    Principle("1. Perceivable", PERCEIVABLE),
    Principle("2. Operable", OPERABLE),
    Principle("3. Understandable", UNDERSTANDABLE),
    Principle("4. Robust", ROBUST),
)
