"""Reading YAML files, with the line of every value kept for error messages.

Only what an editor means is understood: `true`, `false`, numbers and text. Dates stay text, and
so does `no`, which older YAML takes for a boolean and which is also the code of a country. What
makes YAML a program, its anchors, aliases and tags, is refused at its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from cases.characters import cleaned
from cases.importing.problems import Place, Problem, printed

# What no file needs: lists and mappings within each other, values, and digits of a number.
MOST_NESTED = 50
MOST_VALUES = 200_000
MOST_DIGITS = 18
# Of one kind of mistake a file may be full.
MOST_PROBLEMS = 20

# Neither YAML nor PostgreSQL can hold them all, and nobody types them.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(eq=False)
class DatasetFile:
    """One file as read. lines: the line of each value by its place; problems: of the YAML."""

    path: Path
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Line of a value; where it is missing, of what should hold it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, detail: str) -> Problem:
        return Problem(self.path, self.line(place), printed(place), detail)


class _Loader(yaml.CSafeLoader):
    """YAML without the implicit types that surprise people."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^-?(0|[1-9][0-9]*)$"), list("-0123456789")
)
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")
)


def read(path: Path, content: bytes) -> DatasetFile:
    """The content of a YAML file in UTF-8. What cannot be read stands in `problems`."""
    file = DatasetFile(path)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        file.problems.append(Problem(path, line, "", "is not in UTF-8; save it as UTF-8"))
        return file
    if found := NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        file.problems.append(Problem(path, line, "", NO_TEXT_DETAIL))
        return file
    loader = _Loader(text)
    try:
        for line, detail in islice(_not_data(text), MOST_PROBLEMS):
            file.problems.append(Problem(path, line, "", detail))
        if file.problems:
            return file
        node = loader.get_single_node()
        if node is None:
            file.problems.append(Problem(path, 1, "", "the file is empty"))
        else:
            file.content = _value(loader, node, file, ())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        file.problems.append(Problem(path, line, "", f"this is no YAML: {error.problem}"))
    except (yaml.YAMLError, ValueError) as error:
        file.problems.append(Problem(path, 1, "", f"this is no YAML: {error}"))
    finally:
        loader.dispose()
    return file


def _not_data(text: str) -> Iterator[tuple[int, str]]:
    """What no file of data needs, with its line. Before the parser builds anything: it calls itself
    for each level, and an alias can make a short file unfold without end."""
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            yield line, f"*{event.anchor}: aliases are not read; write the value out"
        elif getattr(event, "anchor", None):
            yield (
                line,
                f"&{event.anchor}: anchors are not read; write the value wherever it belongs",
            )
        elif getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            yield line, f"{tag}: tags are not read; write the value alone, text in quotes"
        elif isinstance(event, yaml.ScalarEvent) and NO_TEXT.search(event.value):
            yield line, NO_TEXT_DETAIL
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_NESTED:
            raise _too_much(event, f"it is nested deeper than {MOST_NESTED} levels")


NO_TEXT_DETAIL = "holds a character that is no text; type it again"


def _too_much(at: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _value(loader: _Loader, node: yaml.Node, file: DatasetFile, place: Place) -> Any:
    file.lines.setdefault(place, node.start_mark.line + 1)
    if len(file.lines) > MOST_VALUES:
        raise _too_much(node, f"it has more than {MOST_VALUES:,} values")
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, item, file, (*place, index)) for index, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                detail = "a list or mapping is no name of a field"
                file.problems.append(Problem(file.path, line, printed(place), detail))
                continue
            key = str(key_node.value)
            if key in content:
                twice = Problem(file.path, line, printed((*place, key)), "stands twice")
                file.problems.append(twice)
            file.lines[*place, key] = line
            content[key] = _value(loader, value_node, file, (*place, key))
        return content
    if node.tag in _NUMBERS and sum(letter.isdigit() for letter in node.value) > MOST_DIGITS:
        detail = f"is a number of more than {MOST_DIGITS} digits; put it in quotes if it is text"
        file.problems.append(file.problem(place, detail))
        return None
    value = loader.construct_object(node)
    try:
        return cleaned(value)
    except ValueError as error:
        file.problems.append(file.problem(place, str(error)))
        return value
