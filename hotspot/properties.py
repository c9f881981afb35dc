"""
What each kind of row says, as a table: name, type, Dutch and English title, meaning, unit, who may see it.

`catalogue` turns it into values. Who may see it: `all` for everybody, `partner` for partners and those who
work with the register, `internal` for the latter only. What could tell a small number, an hour or an address
is never for everybody.
"""

# ruff: noqa: E501 - a table: one line for each property.

from __future__ import annotations

Line = tuple[str, str, str, str, str, str, str]
"""Name, type, title in Dutch and in English, description, unit (empty for none) and who may see it."""

AREAS: tuple[Line, ...] = (
    ("code", "text", "Code", "Code", "Code of the area as Statistics Netherlands gives it.", "", "all"),
    ("name", "text", "Naam", "Name", "Name of the area.", "", "all"),
    ("level", "text", "Niveau", "Level", "How the area nests: neighbourhood or district.", "", "all"),
    ("parent_code", "text", "Ligt in", "Part of", "Code of the area that holds it.", "", "all"),
    ("vintage", "integer", "Jaargang", "Vintage", "Year for which the border holds.", "", "all"),
    ("area_ha", "number", "Oppervlakte", "Area", "Size within the border.", "ha", "all"),
    ("inhabitants", "integer", "Inwoners", "Inhabitants", "Number of inhabitants, where known.", "", "all"),
    ("schematic", "boolean", "Schematisch", "Schematic", "Whether it is a drawing, no real border.", "", "all"),
)  # fmt: skip

_LISTED: tuple[Line, ...] = (
    ("week", "text", "Week", "Week", "ISO week of the list, such as 2026-W30.", "", "all"),
    ("edition", "integer", "Editie", "Edition", "1 for the first publication of the week, then one more for each correction.", "", "all"),
    ("theme", "text", "Thema", "Theme", "Theme of the incidents.", "", "all"),
)  # fmt: skip

_PLACED: tuple[Line, ...] = (
    ("kind", "text", "Soort", "Kind", "acute: more than before; chronic: denser all year than its surroundings explain.", "", "all"),
    ("grade", "text", "Zekerheid", "Grade", "confirmed or likely; each has its own stated error rate.", "", "all"),
    ("rank", "integer", "Rang", "Rank", "Place in the list of the theme, from 1.", "", "all"),
    ("previous_rank", "integer", "Vorige rang", "Previous rank", "Rank in the week before; absent if it was not listed.", "", "all"),
)  # fmt: skip

_WHERE_AND_WHEN: tuple[Line, ...] = (
    ("neighbourhood", "text", "Buurtcode", "Neighbourhood code", "Neighbourhood that holds most of its incidents.", "", "all"),
    ("neighbourhood_name", "text", "Buurt", "Neighbourhood", "Name of that neighbourhood.", "", "all"),
    ("window_start", "date", "Vanaf", "From", "First local day of the period in which it stands out.", "", "all"),
    ("window_end", "date", "Tot en met", "Until", "Last local day of that period.", "", "all"),
    ("window_weeks", "integer", "Weken", "Weeks", "Length of that period.", "week", "all"),
)  # fmt: skip

_COUNTED: tuple[Line, ...] = (
    ("observed", "integer", "Voorvallen", "Events", "Events in the period; for partners at least so many.", "", "partner"),
    ("expected", "number", "Verwacht", "Expected", "Events to be expected in the period.", "", "internal"),
    ("relative_risk", "number", "Zo veel keer", "Times as many", "Observed against expected; for partners at least so many times.", "", "partner"),
    ("p_value", "number", "p-waarde", "p-value", "Chance that a list without hotspots shows one as extreme.", "", "internal"),
    ("q_value", "number", "q-waarde", "q-value", "Share of false ones to be expected down to here.", "", "internal"),
    ("score", "number", "Score", "Score", "Events too many in four weeks, shrunken; the order follows it within kind and grade.", "", "internal"),
    ("score_lower", "number", "Score minimaal", "Score at least", "Lower end of the 90 % interval.", "", "internal"),
    ("score_upper", "number", "Score maximaal", "Score at most", "Upper end of the 90 % interval.", "", "internal"),
    ("rank_lower", "integer", "Beste rang", "Best rank", "Best rank of the 90 % interval.", "", "internal"),
    ("rank_upper", "integer", "Slechtste rang", "Worst rank", "Worst rank of the 90 % interval.", "", "internal"),
    ("p_top3", "number", "Kans op top 3", "Chance of top 3", "Chance that it truly stands among the first three.", "", "internal"),
    ("p_top10", "number", "Kans op top 10", "Chance of top 10", "Chance that it truly stands among the first ten.", "", "internal"),
    ("tie", "integer", "Gelijk met", "Tied with", "First rank of those that cannot be told apart from it.", "", "partner"),
    ("too_little_data", "boolean", "Weinig gegevens", "Little data", "Whether it holds too few events to be ranked in earnest.", "", "internal"),
)  # fmt: skip

_COURSE: tuple[Line, ...] = (
    ("first_week", "text", "Eerste week", "First week", "ISO week in which it was listed first.", "", "all"),
    ("weeks_listed", "integer", "Weken op de lijst", "Weeks listed", "In how many weeks it was listed.", "", "all"),
    ("event", "text", "Gebeurtenis", "Event", "new, continued, returned, split or merged.", "", "all"),
    ("lifecycle", "text", "Levensloop", "Lifecycle", "Its course over the year, such as new or persistent.", "", "partner"),
    ("trend", "text", "Trend", "Trend", "up, down or none over the year.", "", "partner"),
    ("gap_weeks", "integer", "Weken weg", "Weeks away", "Weeks that it was not listed before it returned.", "", "partner"),
)  # fmt: skip

_EVIDENCE: tuple[Line, ...] = (
    ("baseline", "integer", "Vergelijkingsperiode", "Baseline", "Incidents in the time before.", "", "internal"),
    ("relative_risk_lower", "number", "Minstens zo veel keer", "At least times as many", "Lower end of the 90 % interval.", "", "internal"),
    ("relative_risk_upper", "number", "Hoogstens zo veel keer", "At most times as many", "Upper end of the 90 % interval.", "", "internal"),
    ("recurrence_weeks", "number", "Bij toeval eens in", "By chance once in", "Weekly runs in which chance shows one such.", "week", "internal"),
    ("recurrence_years", "number", "Bij toeval eens in (jaren)", "By chance once in (years)", "The same in years.", "a", "internal"),
    ("area_m2", "number", "Oppervlakte", "Area", "Size of the footprint.", "m2", "internal"),
    ("counts_weeks_1", "integer", "Laatste week", "Last week", "Incidents in the week.", "", "internal"),
    ("counts_weeks_4", "integer", "Laatste 4 weken", "Last 4 weeks", "Incidents in four weeks.", "", "internal"),
    ("counts_weeks_12", "integer", "Laatste 12 weken", "Last 12 weeks", "Incidents in twelve weeks.", "", "internal"),
    ("counts_weeks_52", "integer", "Laatste 52 weken", "Last 52 weeks", "Incidents in a year.", "", "internal"),
    ("harm_score", "number", "Score naar schade", "Score by harm", "The score weighed by harm; absent where all weigh alike.", "", "internal"),
    ("harm_rank", "integer", "Rang naar schade", "Rank by harm", "Rank if the order followed the harm.", "", "internal"),
    ("peak_start_hour", "integer", "Piek vanaf", "Peak from", "First local hour of the busiest part of the day.", "h", "partner"),
    ("peak_hours", "integer", "Duur van de piek", "Length of the peak", "How long that part lasts.", "h", "partner"),
    ("peak_share", "number", "Aandeel in de piek", "Share in the peak", "Share of the incidents in it, 0 to 1.", "", "internal"),
    ("is_pattern", "boolean", "Tijdpatroon", "Pattern in time", "Whether the hours differ from those of the theme.", "", "partner"),
    ("form", "text", "Vorm", "Form", "dot: one address; line: along a street; area: around.", "", "internal"),
    ("places", "integer", "Plekken", "Places", "Distinct places among its incidents.", "", "internal"),
    ("largest_pile_up", "integer", "Grootste stapel", "Largest pile", "Incidents at the one place that has most.", "", "internal"),
    ("pile_up", "boolean", "Stapel", "Pile", "Whether most of its incidents share one coordinate.", "", "internal"),
    ("repeat_share", "number", "Aandeel herhaling", "Share of repeats", "Share of incidents at a place with another, 0 to 1.", "", "internal"),
    ("sources_citizen", "integer", "Van burgers", "By citizens", "Incidents that citizens reported.", "", "internal"),
    ("sources_police", "integer", "Van de politie", "By the police", "Incidents that the police found.", "", "internal"),
    ("sources_unknown", "integer", "Bron onbekend", "Source unknown", "Incidents of which the source is unknown.", "", "internal"),
    ("near_repeats_pairs", "integer", "Near repeats", "Near repeats", "Pairs of incidents close in space and time.", "", "internal"),
    ("near_repeats_expected", "number", "Near repeats verwacht", "Near repeats expected", "Such pairs to be expected.", "", "internal"),
    ("caveats", "texts", "Voorbehouden", "Caveats", "What to look at before going there.", "", "partner"),
    ("neighbourhoods", "texts", "Buurten", "Neighbourhoods", "Codes of all neighbourhoods that hold its incidents.", "", "partner"),
    ("why_nl", "text", "Waarom", "Why (Dutch)", "The first reason, in Dutch.", "", "all"),
    ("why_en", "text", "Waarom (Engels)", "Why", "The first reason, in English.", "", "all"),
    ("what_changed_nl", "text", "Wat is er veranderd", "What changed (Dutch)", "Since the week before, in Dutch.", "", "internal"),
    ("what_changed_en", "text", "Wat is er veranderd (Engels)", "What changed", "Since the week before, in English.", "", "internal"),
    ("when_nl", "text", "Wanneer", "When (Dutch)", "At what hours, in Dutch.", "", "internal"),
    ("when_en", "text", "Wanneer (Engels)", "When", "At what hours, in English.", "", "internal"),
)  # fmt: skip

_HOTSPOT: Line = ("hotspot_id", "text", "Hotspot", "Hotspot", "Name that the place keeps from week to week.", "", "all")  # fmt: skip

HOTSPOTS: tuple[Line, ...] = (
    _HOTSPOT,
    *_LISTED,
    *_PLACED,
    *_WHERE_AND_WHEN,
    *_COUNTED,
    *_COURSE,
    *_EVIDENCE,
)

RANKINGS: tuple[Line, ...] = (
    *_LISTED,
    ("area", "text", "Gebiedscode", "Area code", "Code of the municipality, district or neighbourhood whose list it is.", "", "all"),
    ("area_name", "text", "Gebied", "Area", "Name of that area.", "", "all"),
    ("area_level", "text", "Gebiedsniveau", "Level of the area", "municipality, district or neighbourhood.", "", "all"),
    ("area_rank", "integer", "Rang in het gebied", "Rank in the area", "Place among the hotspots of the theme that touch the area, from 1.", "", "all"),
    *_PLACED,
    _HOTSPOT,
    *_WHERE_AND_WHEN,
    *_COUNTED,
    *_COURSE,
)  # fmt: skip

INCIDENTS: tuple[Line, ...] = (
    ("incident_id", "text", "Voorval", "Incident", "Name that stays the same as long as it is stored.", "", "internal"),
    ("theme", "text", "Thema", "Theme", "Theme.", "", "internal"),
    ("subtheme", "text", "Subthema", "Subtheme", "Subtheme.", "", "internal"),
    ("started_at", "instant", "Begin", "Start", "When it happened, or can have begun.", "", "internal"),
    ("ended_at", "instant", "Einde", "End", "When it happened, or can have ended.", "", "internal"),
    ("reported_at", "instant", "Gemeld", "Reported", "When it was reported, where known.", "", "internal"),
    ("neighbourhood", "text", "Buurtcode", "Neighbourhood code", "Neighbourhood in which it lies.", "", "internal"),
    ("precision", "text", "Nauwkeurigheid", "Precision", "How exactly the source tells when: minute, day or month.", "", "internal"),
    ("reporter", "text", "Melder", "Reporter", "Who made it known: citizen, police or unknown.", "", "internal"),
    ("source", "text", "Bron", "Source", "Which source told it.", "", "internal"),
)  # fmt: skip

CELLS: tuple[Line, ...] = (
    *_LISTED,
    ("cell", "text", "Cel", "Cell", "Name of the square, the same in all weeks.", "", "all"),
    ("size_m", "integer", "Zijde", "Side", "Length of a side of the square.", "m", "all"),
    ("window_start", "date", "Vanaf", "From", "First local day of the period that is counted.", "", "all"),
    ("window_end", "date", "Tot en met", "Until", "Last local day of that period.", "", "all"),
    ("incidents", "integer", "Voorvallen", "Incidents", "Incidents in the square; for everybody rounded down to a multiple of five.", "", "all"),
    ("density_per_km2", "number", "Dichtheid", "Density", "Incidents per square kilometre; smoothed where all is told.", "km-2", "all"),
    ("ratio", "number", "Zo veel keer", "Times as many", "Against what was expected, where there is such an expectation.", "", "all"),
)  # fmt: skip

STREETS: tuple[Line, ...] = (
    ("street_id", "text", "Straat", "Street", "Name of this piece of street; it follows from its name, class and course.", "", "all"),
    ("name", "text", "Naam", "Name", "What the street is called, where known.", "", "all"),
    ("street_class", "text", "Klasse", "Class", "Kind of street as the file calls it, where it does.", "", "all"),
    ("importance", "integer", "Belang", "Importance", "1 for main roads, 2 for roads through quarters and where the class is unknown, 3 for all others.", "", "all"),
    ("length_m", "number", "Lengte", "Length", "Length of this piece.", "m", "all"),
)  # fmt: skip
