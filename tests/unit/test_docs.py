"""The documentation holds together: pages follow the code, links lead somewhere, commands exist."""

import importlib.util
import re
import shlex
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from docs.reference import FOLDER, PAGES
from docs.reference import page as generated
from orchestration.cli import main
from orchestration.seeds import seed_rows
from orchestration.settings import PROJECT_ROOT

INDEX = PROJECT_ROOT / "docs/README.md"
README = PROJECT_ROOT / "README.md"
FILES = [README, *sorted((PROJECT_ROOT / "docs").rglob("*.md"))]
NAMES = [str(file.relative_to(PROJECT_ROOT)) for file in FILES]
every_page = pytest.mark.parametrize("file", FILES, ids=NAMES)

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_ZENGSHOU = re.compile(r"(?:^|&& )(?:[A-Z_]+=\S+ +)*(?:\S*/)?zengshou(?= |$)(.*)")
_MAKE = re.compile(r"(?:^|\s)make ([a-z-]+)")
_PYTHON = re.compile(r"(?:^|[\s/])python (-m )?([\w./]+)")
_PATH = re.compile(
    r"(?:orchestration|docs|seeds|tests|dbt_project|bi|benchmarks|expectations)/[\w./-]+"
)


@cache
def prose(file: Path) -> str:
    """Return a page without its blocks of code."""
    return _FENCE.sub("", file.read_text("utf-8"))


@cache
def anchors(file: Path) -> set[str]:
    """Return the anchors of a page's headings, as a forge makes them."""
    found: Counter[str] = Counter()
    slugs = set()
    for heading in re.findall(r"^#{1,6} +(.*?) *$", prose(file), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        slugs.add(f"{slug}-{found[slug]}" if found[slug] else slug)
        found[slug] += 1
    return slugs


def links(file: Path) -> list[tuple[Path, str]]:
    """Return where a page's relative links and images lead: file and anchor."""
    found = []
    for target in _LINK.findall(_INLINE.sub("", prose(file))):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = unquote(target).partition("#")
            found.append(((file.parent / path).resolve() if path else file, anchor))
    return found


def code(file: Path) -> list[str]:
    """Return the lines and the pieces of code of a page."""
    blocks = [block.splitlines()[1:-1] for block in _FENCE.findall(file.read_text("utf-8"))]
    return [line for block in blocks for line in block] + _INLINE.findall(prose(file))


def broken(file: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    return [
        f"{path}#{anchor}"
        for path, anchor in links(file)
        if not path.exists() or (anchor and anchor not in anchors(path))
    ]


def unknown_commands(piece: str) -> list[str]:
    """Return what a piece of code calls that is not there."""
    found = [target for target in _MAKE.findall(piece) if target not in make_targets()]
    if match := _ZENGSHOU.search(piece):
        found += _unknown_to_click(shlex.split(match[1], comments=True))
    for is_module, name in _PYTHON.findall(piece):
        is_there = importlib.util.find_spec(name) if is_module else (PROJECT_ROOT / name).exists()
        if not is_there:
            found.append(name)
    return found


def _unknown_to_click(words: list[str]) -> list[str]:
    command: click.Command = main
    if words and not words[0].startswith("-"):
        if words[0] not in main.commands:
            return [words[0]]
        command = main.commands[words.pop(0)]
    try:
        context = click.Context(command, help_option_names=["-h", "--help"])
        command.make_parser(context).parse_args(words)
    except click.UsageError as error:
        return [error.format_message()]
    return []


@cache
def make_targets() -> set[str]:
    text = (PROJECT_ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_follow_what_they_are_made_from(name: str) -> None:
    written = (FOLDER / f"{name}.md").read_text("utf-8")
    assert written == generated(name), "run `python -m docs.reference`"


@every_page
def test_every_link_and_image_leads_somewhere(file: Path) -> None:
    assert broken(file) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# 核查线索 (lead), `x`\n\n## Lead\n\n## Lead\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text("[a](other.md#lead-1) [b](other.md#核查线索-lead-x) `[c](d.md)`", "utf-8")
    assert broken(page) == []
    wrong = tmp_path / "wrong.md"
    wrong.write_text("[a](other.md#lead-2) [b](#page)\n![c](no.png)\n[`d`](no.md)", "utf-8")
    assert len(broken(wrong)) == 4


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = {INDEX}, [INDEX]
    while waiting:
        for path, _ in links(waiting.pop()):
            if path.suffix == ".md" and path not in reached:
                reached.add(path)
                waiting.append(path)
    assert set(FILES) - {README} <= reached
    assert INDEX in {path for path, _ in links(README)}


@every_page
def test_every_command_exists_with_its_options(file: Path) -> None:
    assert [(piece, found) for piece in code(file) if (found := unknown_commands(piece))] == []


def test_a_command_that_does_not_exist_is_found() -> None:
    assert unknown_commands("make demo && .venv/bin/zengshou run --quarter 2024Q3  # one") == []
    assert unknown_commands("zengshou explain 'a.b?c=d' --format xlsx --out x.xlsx") == []
    assert unknown_commands("make cake") == ["cake"]
    assert unknown_commands("zengshou bake") == ["bake"]
    assert unknown_commands("ZENGSHOU_HOME=x zengshou run --quick")
    assert unknown_commands("zengshou run --quarter")
    assert unknown_commands(".venv/bin/python -m orchestration.nothing") == [
        "orchestration.nothing"
    ]
    assert unknown_commands("python tests/unit/nothing.py") == ["tests/unit/nothing.py"]


@every_page
def test_every_path_of_the_project_exists(file: Path) -> None:
    paths = {path for piece in code(file) for path in re.findall(rf"^{_PATH.pattern}$", piece)}
    assert [path for path in sorted(paths) if not (PROJECT_ROOT / path).exists()] == []


def test_every_library_that_is_named_is_explained() -> None:
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    explained = set(code(PROJECT_ROOT / "docs/explanation/why-these-libraries.md"))
    assert {re.split(r"[\[<>=; ]", library)[0] for library in named} <= explained


def test_the_glossary_says_each_term_once_in_both_languages() -> None:
    terms = seed_rows("glossary")
    for language in ("zh", "en"):
        names = [term[f"term_{language}"] for term in terms]
        assert len(set(names)) == len(names)
    for term in terms:
        assert re.search("[一-鿿]", term["meaning_zh"]), term
        assert re.fullmatch("[^。]+", term["meaning_en"]), term
