"""Reading YAML files, with the line of every value kept for error messages.

Only what an editor means is understood: `true`, `false`, numbers and text. Dates stay text, and
so does `no`, which older YAML takes for a boolean and which is also the code of a country.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cases.characters import cleaned
from cases.importing.problems import Place, Problem, printed

# What no file needs: lists and mappings within each other, and values, each as often as it is used.
MOST_NESTED = 50
MOST_VALUES = 200_000


@dataclass
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
    loader = _Loader(text)
    try:
        _refuse_depth(text)
        node = loader.get_single_node()
        if node is None:
            file.problems.append(Problem(path, 1, "", "the file is empty"))
        else:
            file.content = _value(loader, node, file, (), frozenset())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        file.problems.append(Problem(path, line, "", f"this is no YAML: {error.problem}"))
    except (yaml.YAMLError, ValueError) as error:
        file.problems.append(Problem(path, 1, "", f"this is no YAML: {error}"))
    finally:
        loader.dispose()
    return file


def _refuse_depth(text: str) -> None:
    """Before the parser builds anything: it calls itself for each level, and would crash."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_NESTED:
            raise _too_much(event, f"it is nested deeper than {MOST_NESTED} levels")


def _too_much(at: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _value(
    loader: _Loader, node: yaml.Node, file: DatasetFile, place: Place, above: frozenset[int]
) -> Any:
    file.lines.setdefault(place, node.start_mark.line + 1)
    if len(file.lines) > MOST_VALUES:
        raise _too_much(node, f"it has more than {MOST_VALUES:,} values")
    if id(node) in above:
        file.problems.append(file.problem(place, "refers to itself"))
        return None
    above |= {id(node)}
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_value(loader, item, file, (*place, index), above) for index, item in items]
    if isinstance(node, yaml.MappingNode):
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in content:
                twice = Problem(
                    file.path, key_node.start_mark.line + 1, printed((*place, key)), "stands twice"
                )
                file.problems.append(twice)
            file.lines[*place, key] = key_node.start_mark.line + 1
            content[key] = _value(loader, value_node, file, (*place, key), above)
        return content
    value = loader.construct_object(node)
    try:
        return cleaned(value)
    except ValueError as error:
        file.problems.append(file.problem(place, str(error)))
        return value
