"""The repository keeps its own rules: the shape of the code, its words, its dependencies."""

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("config", "accounts", "documents")
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
MEDIAN_FUNCTION = 9
NINETIETH_FUNCTION = 30


def sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and "vendor" not in path.parts
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = [path.name for path in sources(*CODE, "tests") if len(path.read_text().splitlines()) > LONGEST_FILE]

    assert long == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in sources(*CODE, "tests")
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]

    assert long == []


def test_most_functions_are_short() -> None:
    lengths = sorted(length(function) for path in sources(*CODE) for function in functions(path))

    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert lengths[int(len(lengths) * 0.9)] <= NINETIETH_FUNCTION


def test_errors_are_caught_broadly_only_at_the_edge_of_a_task() -> None:
    broad = {
        str(path.relative_to(ROOT))
        for path in sources(*CODE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") == "Exception")
    }

    assert broad <= {"documents/tasks.py", "documents/reading/child.py"}


def test_every_dependency_says_why_it_is_there() -> None:
    silent, comment = [], False
    for line in (ROOT / "pyproject.toml").read_text().split("[tool.", 1)[0].splitlines():
        if line.strip().startswith('"') and not comment:
            silent.append(line.strip())
        # One comment may speak for the lines that follow it, up to the next.
        comment = line.strip().startswith("#") or (comment and line.strip().startswith('"'))

    assert silent == []


def test_the_lock_file_holds_what_is_asked_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = {package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}

    names = {re.split(r"[\[=<>~! ]", name)[0].lower() for name in asked}
    assert names <= locked


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)

    guilty = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if inline.search(path.read_text())
    ]

    assert guilty == []


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_links_between_our_documents_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / document).read_text())

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_nothing_generated_is_tracked() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert not re.search(r"(^|/)(var|\.venv|\.tools|__pycache__)/", tracked, re.MULTILINE)
