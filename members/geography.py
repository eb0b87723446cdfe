from django.db import models


class Region(models.TextChoices):
    NORTHEAST = "northeast"
    MIDWEST = "midwest"
    SOUTH = "south"
    WEST = "west"


_STATES_BY_REGION = {
    Region.NORTHEAST: "CT Connecticut|ME Maine|MA Massachusetts|NH New Hampshire|NJ New Jersey|NY New York"
    "|PA Pennsylvania|RI Rhode Island|VT Vermont",
    Region.MIDWEST: "IL Illinois|IN Indiana|IA Iowa|KS Kansas|MI Michigan|MN Minnesota|MO Missouri|NE Nebraska"
    "|ND North Dakota|OH Ohio|SD South Dakota|WI Wisconsin",
    Region.SOUTH: "AL Alabama|AR Arkansas|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|KY Kentucky"
    "|LA Louisiana|MD Maryland|MS Mississippi|NC North Carolina|OK Oklahoma|SC South Carolina|TN Tennessee|TX Texas"
    "|VA Virginia|WV West Virginia",
    Region.WEST: "AK Alaska|AZ Arizona|CA California|CO Colorado|HI Hawaii|ID Idaho|MT Montana|NV Nevada|NM New Mexico"
    "|OR Oregon|UT Utah|WA Washington|WY Wyoming",
}

REGION_OF_STATE: dict[str, Region] = {
    state[:2]: region for region, states in _STATES_BY_REGION.items() for state in states.split("|")
}
STATES: list[tuple[str, str]] = sorted(
    ((state[:2], state[3:]) for states in _STATES_BY_REGION.values() for state in states.split("|")),
    key=lambda state: state[1],
)
