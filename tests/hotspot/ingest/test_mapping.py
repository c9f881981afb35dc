from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import InvalidMapping
from hotspot.ingest.mapping import parse_mapping, read_mapping, shipped_mappings
from hotspot.ingest.rules import Category, CodeRange, Withheld
from hotspot.model import Label, Reporter

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """
name = "small"

[position]
crs = "EPSG:28992"
x = "x"
y = "y"

[time]
zone = "Europe/Amsterdam"
start = "begin"
formats = ["%Y-%m-%d %H:%M"]

[category]
columns = "code"

[themes.theft]
nl = "Diefstal"
en = "Theft"

[themes.theft.shoplifting]
nl = "Winkeldiefstal"
en = "Shoplifting"
codes = ["A50"]
"""


def mistakes(text: str) -> str:
    with pytest.raises(InvalidMapping) as caught:
        parse_mapping(text.encode(), origin="m.toml")
    return str(caught.value)


def test_read_mapping__takes_every_value_from_its_key() -> None:
    mapping = parse_mapping(SMALL.encode(), origin="m.toml")
    assert (mapping.name, mapping.source) == ("small", "small")
    assert mapping.columns == ("x", "y", "begin", "code")
    assert mapping.clock.zone == ZoneInfo("Europe/Amsterdam")
    assert mapping.clock.earliest == dt.date(1970, 1, 1)
    assert mapping.labels == {
        "theft": Label("Diefstal", "Theft"),
        "shoplifting": Label("Winkeldiefstal", "Shoplifting"),
    }
    assert mapping.themes == {"theft": ("shoplifting",)}
    assert mapping.reversal is None
    assert mapping.duplicate == ()
    assert mapping.reporting.default is Reporter.UNKNOWN
    assert len(mapping.sha256) == 64


@pytest.mark.parametrize("name", shipped_mappings())
def test_shipped_mappings__can_be_read_and_label_all_they_name(name: str) -> None:
    mapping = read_mapping(name)
    assert mapping.name == name
    for theme, subthemes in mapping.themes.items():
        assert {theme, *subthemes} <= set(mapping.labels)
    assert all(label.nl and label.en for label in mapping.labels.values())


def test_dutch_generic__knows_every_class_of_the_police_and_withholds_the_sensitive(
    shared_data: Path,
) -> None:
    rules = read_mapping("dutch_generic").rules
    lines = (shared_data / "maastricht" / "misdaadcodes.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        code, _, classes, hic, theme = line.split(";")
        meaning = rules.meaning(code)
        assert meaning is not None, code
        if theme.startswith("gevoelig"):
            assert isinstance(meaning, Withheld)
            assert meaning.sensitive
        for bvh in classes.replace("...", "").split(","):
            for end in bvh.split("-"):
                if end:
                    assert rules.meaning(end) == meaning, (code, end)
        if hic == "1" and code not in {"1.4.3", "1.4.4"}:
            assert isinstance(meaning, Category)
            assert meaning.theme == "high_impact_crime"


def test_dutch_generic__says_that_drug_trade_is_found_by_the_police() -> None:
    rules = read_mapping("dutch_generic").rules
    assert (
        rules.meaning("F41")
        == rules.meaning("3.1.1")
        == Category("drug_nuisance", "drug_trade", Reporter.POLICE)
    )
    assert rules.meaning("F47") == Category("drug_nuisance", "drug_use")


def test_read_mapping__tells_all_mistakes_at_once_with_their_paths() -> None:
    text = SMALL.replace("EPSG:28992", "EPSG:1").replace("Europe/Amsterdam", "Mars").replace("%Y-", "%Q-")
    told = mistakes(text.replace('codes = ["A50"]', "codes = []") + "\n[extra]\nkey = 1\n")
    for path in ("position.crs", "time.zone", "time.formats", "themes.theft.shoplifting.codes", "extra"):
        assert path in told
    assert told.startswith("m.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "small"', "", "name is required"),
        ('name = "small"', 'name = ""', "name must be a text that is not empty, got ''"),
        ('x = "x"\n', "", "position.x and y go together"),
        ('start = "begin"', "", "time.start is required"),
        ('start = "begin"', "start = 3", "time.start must be a text or a list of texts"),
        ('columns = "code"', "", "category.columns or category.constant is required"),
        ('columns = "code"', 'columns = "code"\nconstant = "c"', "and not both"),
        ('columns = "code"', 'columns = "code"\njoined = "yes"', "category.joined must be true or false"),
        ('zone = "', 'precision = "second"\nzone = "', "time.precision must be one of minute, day, month"),
        ('zone = "', 'earliest = "2005"\nzone = "', "time.earliest must be a date without quotes"),
        (
            'zone = "',
            'earliest = 2005-01-01T00:00:00\nzone = "',
            "time.earliest must be a date without quotes",
        ),
        ('zone = "', 'earliest = 1900-01-01\nzone = "', "time.earliest must be 1970-01-01 or later"),
        ('nl = "Winkeldiefstal"', 'nl = "Winkeldiefstal"\nranges = ["F9-F10"]', "look like F520-F527"),
        ('nl = "Winkeldiefstal"', 'nl = "Winkeldiefstal"\nreporter = "me"', "reporter must be one of"),
        ('codes = ["A50"]', "", "codes or prefixes or ranges are required"),
        ("[themes.theft.shoplifting]", "[themes.theft.Shoplifting]", "small letters, digits and _"),
        ("[themes.theft.shoplifting]", "[themes.theft.theft]", "repeats the name 'theft' with another label"),
        ("[position]", "position = 1\n[other]", "position must be a section [position]"),
        ("[position]", "withheld = 1\n[position]", "withheld must be sections [[withheld]]"),
        ("[position]", '[[withheld]]\ncodes = "x"\n[position]', "withheld[1].why is required"),
        ("[position]", '[file]\ndelimiter = ";;"\n[position]', "file.delimiter must be one character"),
        ("[position]", '[file]\nencoding = "ebcdic"\n[position]', "file.encoding must be one of"),
        ("[position]", "[reversal]\n[position]", "reversal.match is required"),
        (
            "[position]",
            '[reporter]\ncolumn = "c"\n[position]',
            "reporter.column and reporter.values go together",
        ),
        (
            "[position]",
            '[reporter.values]\ncitizen = "b"\npolice = "B"\n[position]',
            "which another list names",
        ),
    ],
)
def test_read_mapping__says_what_was_required_and_what_came(old: str, new: str, told: str) -> None:
    assert told in mistakes(SMALL.replace(old, new, 1))


def test_read_mapping__needs_a_theme_with_a_subtheme() -> None:
    bare = SMALL[: SMALL.index("[themes.theft]")]
    assert "themes needs at least one theme" in mistakes(bare)
    assert "themes.theft needs at least one subtheme" in mistakes(
        bare + '[themes.theft]\nnl = "a"\nen = "b"\n'
    )


def test_read_mapping__refuses_codes_with_two_meanings() -> None:
    second = """
    [themes.theft.pickpocketing]
    nl = "Zakkenrollen"
    en = "Pickpocketing"
    codes = [" a50"]
    prefixes = ["B"]
    ranges = ["C10-C20", "C15-C16"]
    [themes.theft.other]
    nl = "Overige"
    en = "Other"
    prefixes = ["b"]
    ranges = ["C20-C30"]
    """
    told = mistakes(SMALL + second)
    assert "' a50' stands under themes.theft.shoplifting and themes.theft.pickpocketing" in told
    assert "'b' stands under themes.theft.pickpocketing and themes.theft.other" in told
    assert told.count("overlap") == 1


def test_read_mapping__names_the_shipped_ones_for_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidMapping, match=r"one of chicago, .*, got 'chigaco'"):
        read_mapping("chigaco")
    with pytest.raises(InvalidMapping, match="a mapping file is required at"):
        read_mapping(tmp_path / "none.toml")


def test_read_mapping__reads_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(
        SMALL.replace('crs = "EPSG:28992"', 'crs = "ESRI:102696"\ndecimal = ","'), encoding="utf-8"
    )
    assert read_mapping(path).position.decimal == ","
    assert read_mapping(str(path)) == read_mapping(path)


def test_read_mapping__without_columns_takes_the_points_of_the_file() -> None:
    mapping = parse_mapping(SMALL.replace('x = "x"\ny = "y"', "").encode(), origin="m.toml")
    assert not mapping.position.from_columns
    assert mapping.columns[:2] == ("geometry.x", "geometry.y")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_parse_mapping__any_bytes_parse_or_raise_our_error(content: bytes) -> None:
    with pytest.raises(InvalidMapping):
        parse_mapping(content, origin="m.toml")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3) | st.just("x"),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
).filter(lambda value: value is not None)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return (
        str(value) if isinstance(value, int) else '"' + "".join(f"\\U{ord(c):08x}" for c in str(value)) + '"'
    )


@given(st.data(), values)
def test_parse_mapping__any_value_at_any_key_parses_or_raises_our_error(
    data: st.DataObject, value: object
) -> None:
    lines = SMALL.splitlines()
    number = data.draw(st.sampled_from([i for i, line in enumerate(lines) if "=" in line]))
    lines[number] = f"{lines[number].split('=')[0]}= {toml(value)}"
    try:
        parse_mapping("\n".join(lines).encode(errors="replace"), origin="m.toml")
    except InvalidMapping as error:
        assert "m.toml: " in str(error)


def test_code_range__takes_codes_of_its_own_form_only() -> None:
    span = CodeRange.parse("F520-F527")
    assert span is not None
    assert [
        code
        for code in ("f519", "f520", "f527", "f528", "f5200", "f52", "g523", "f5²3")
        if span.contains(code)
    ] == [
        "f520",
        "f527",
    ]


@pytest.mark.parametrize("text", ["F520", "F520-G527", "F520-F52", "F527-F520", "-", "A-B", ""])
def test_code_range__is_none_for_ends_of_different_form(text: str) -> None:
    assert CodeRange.parse(text) is None


@given(st.text(max_size=12))
def test_code_range__any_text_parses_or_is_none(text: str) -> None:
    span = CodeRange.parse(text)
    assert span is None or span.first <= span.last


def test_rules__withheld_before_exact_before_range_before_longest_prefix() -> None:
    text = (
        SMALL.replace('codes = ["A50"]', 'codes = ["A50", "D1"]\nprefixes = ["A"]')
        + """
    [themes.theft.ranged]
    nl = "r"
    en = "r"
    ranges = ["A50-A59"]
    prefixes = ["A6"]
    [[withheld]]
    why = "secret"
    prefixes = ["D"]
    """
    )
    rules = parse_mapping(text.encode(), origin="m.toml").rules
    exact, ranged = Category("theft", "shoplifting"), Category("theft", "ranged")
    assert [rules.meaning(code) for code in (" a50 ", "A55", "A69", "A7", "B")] == [
        exact,
        ranged,
        ranged,
        exact,
        None,
    ]
    assert rules.meaning("D1") == Withheld("secret")
