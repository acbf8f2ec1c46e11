"""The examples in the README are what the API answers."""

import json
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
EXAMPLES = re.findall(
    r"```http\nGET (\S+)\n```\n\n```json\n(.*?)```", README.read_text("utf-8"), re.DOTALL
)


def holds(answer, shown):
    """Whether the answer says all that is shown; a list may show its first items only."""
    if isinstance(shown, dict):
        return all(key in answer and holds(answer[key], shown[key]) for key in shown)
    if isinstance(shown, list) and shown and isinstance(shown[0], dict):
        return len(answer) >= len(shown) and all(map(holds, answer, shown))
    return answer == shown


def test_the_readme_has_an_example_for_each_audience():
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(("address", "shown"), EXAMPLES, ids=[address for address, _ in EXAMPLES])
def test_an_example_shows_the_real_answer(dataset, client, address, shown):
    assert holds(client.get(address).json(), json.loads(shown))


def test_the_readme_counts_what_there_is(dataset, client):
    counts = client.get("/api/v1/").json()["counts"]
    text = " ".join(README.read_text("utf-8").split())
    facets = client.get("/api/v1/cases/facets/?by=country").json()["facets"]
    of = {row["value"]: row["count"] for row in facets["country"]["values"]}
    assert (
        f"{counts['cases']} cases ({of['KZ']} in Kazakhstan, {of['KG']} in Kyrgyzstan,"
        f" {of['UZ']} in Uzbekistan)"
    ) in text
    assert f"against {counts['defendants']} people, {counts['verdicts']} rulings" in text
    assert f"{counts['statistics']} published figures and {counts['sources']} sources" in text
