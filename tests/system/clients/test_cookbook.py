"""Every recipe in the cookbook runs, and prints what stands below it."""

import re
import sys
from pathlib import Path

import pytest

from tests.system.processes import run
from tests.system.tools import TOOLS, skip_without

COOKBOOK = Path(__file__).parents[3] / "docs" / "cookbook.md"
RECIPES = re.findall(
    r"```(sh|python|r|js)\n(.*?)```\n\n```text\n(.*?)```", COOKBOOK.read_text("utf-8"), re.DOTALL
)
WRITTEN_FOR = "http://127.0.0.1:8000"
RUN_BY = {
    "sh": ["sh", "-eu"],
    "python": [sys.executable, "-"],
    "r": ["Rscript", "-"],
    "js": ["node", "--input-type=module", "-"],
}


def test_every_block_of_code_is_a_recipe_with_what_it_prints():
    blocks = re.findall(r"^```(\w+)$", COOKBOOK.read_text("utf-8"), re.MULTILINE)
    assert blocks == [language for recipe in RECIPES for language in (recipe[0], "text")]
    assert {language for language, _, _ in RECIPES} == RUN_BY.keys()


@pytest.mark.parametrize(("language", "code", "printed"), RECIPES)
def test_a_recipe_prints_what_stands_below_it(server, tmp_path, language, code, printed):
    program, *options = RUN_BY[language]
    if "curl" in code:
        skip_without("curl")
    if program in TOOLS:
        program = skip_without(program)
    (tmp_path / "downloads").mkdir()
    said = run(program, *options, input=code.replace(WRITTEN_FOR, server.url), cwd=tmp_path)
    assert said.replace(server.url, WRITTEN_FOR) == printed
