"""`fields` and `omit`: documents with less in them.

Both take dotted paths that pass through lists: `defendants.names.text`. What is omitted is left
out even where `fields` asks for it, and the id or code always stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from drf_spectacular.drainage import get_override
from rest_framework import serializers

from cases.api.request import parameter_docs
from cases.api.request.parameter_docs import Described
from cases.api.request.parameters import Parameters

NAMES = {"fields", "omit"}

# What a client could not do without: whose document it is.
IDENTITY = {"id", "code"}

# What there is below a name; nothing = a value, or an object of any content.
Tree = dict[str, "Tree"]

Shape = type[serializers.Serializer]


@dataclass(frozen=True)
class Selection:
    """The parts of a document that were asked for. wanted: empty = all but the unwanted."""

    wanted: Tree
    unwanted: Tree

    def of(self, body: str | bytes) -> bytes:
        """The text of a document with these parts, in UTF-8."""
        document = orjson.loads(body)
        if self.wanted:
            document = _only(document, self.wanted)
        return orjson.dumps(_without(document, self.unwanted))

    def holds(self, keys: Sequence[str]) -> bool:
        """Whether what stands at these keys of a document is selected."""
        return (not self.wanted or _leads(self.wanted, keys)) and not _ends(self.unwanted, keys)


@cache
def tree_of(shape: Shape) -> Tree:
    """All that a document of a shape may hold."""
    return _tree(shape())


def paths(tree: Tree, above: str = "") -> Iterator[str]:
    """Every dotted path, each object before its parts."""
    for name, below in tree.items():
        yield f"{above}{name}"
        yield from paths(below, f"{above}{name}.")


def describe(shape: Shape) -> dict[str, Described]:
    tree = tree_of(shape)
    every = list(paths(tree))
    title = f"{shape.__name__.removesuffix('Document')}Path"
    fields = "Only these parts, by their dotted paths. The id or code always stays."
    omit = "Without these parts, even where `fields` names them."
    return {
        "fields": parameter_docs.paths(fields, every, title),
        "omit": parameter_docs.paths(omit, every, title, without=sorted(IDENTITY & tree.keys())),
    }


def selection(shape: Shape, parameters: Parameters) -> Selection | None:
    """What `fields` and `omit` select; null = the documents go out as they were published."""
    tree = tree_of(shape)
    wanted = _selected(parameters, "fields", tree)
    unwanted = _selected(parameters, "omit", tree)
    for name in IDENTITY & unwanted.keys():
        parameters.wrong("omit", name, f"“{name}” always stays.", tree.keys() - IDENTITY)
    if not wanted and not unwanted:
        return None
    if wanted:
        wanted |= {name: {} for name in IDENTITY & tree.keys()}
    return Selection(wanted, unwanted)


def _tree(field: Any) -> Tree:
    named = isinstance(field, serializers.SerializerMethodField)
    # What a field is declared to be for the schema is what it is here.
    stated = getattr(field.parent, field.method_name) if named else field
    declared = get_override(stated, "field", field)
    field = declared() if isinstance(declared, type) else declared
    if isinstance(field, serializers.ListSerializer):
        return _tree(field.child)
    if isinstance(field, serializers.Serializer):
        return {name: _tree(part) for name, part in field.fields.items()}
    return {}


def _selected(parameters: Parameters, name: str, tree: Tree) -> Tree:
    """The parts of the tree that a parameter names; nothing below a name = all below it."""
    selected: Tree = {}
    for path in parameters.many(name):
        known = tree
        for depth, step in enumerate(path.split(".")):
            if step not in known:
                _unknown(parameters, name, path, depth, known)
                break
            known = known[step]
        else:
            _select(selected, path.split("."))
    return selected


def _select(selected: Tree, steps: list[str]) -> None:
    *above, last = steps
    for step in above:
        if selected.get(step) == {}:
            return  # all of it is selected already
        selected = selected.setdefault(step, {})
    selected[last] = {}


def _unknown(parameters: Parameters, name: str, path: str, depth: int, known: Tree) -> None:
    above = ".".join(path.split(".")[:depth])
    if not known:
        detail = f"“{path}” does not exist: “{above}” has no parts to choose from."
        parameters.wrong(name, path, detail, [above])
    else:
        where = f"in “{above}”" if above else "in the document"
        stays = IDENTITY if name == "omit" and not above else set()
        allowed = [f"{above}.{step}" if above else step for step in known.keys() - stays]
        parameters.wrong(name, path, f"“{path}” does not exist {where}.", allowed)


def _leads(tree: Tree, keys: Sequence[str]) -> bool:
    """Whether the keys lead to something in the tree, or to something above it."""
    for key in keys:
        if not tree:
            return True
        if key not in tree:
            return False
        tree = tree[key]
    return True


def _ends(tree: Tree, keys: Sequence[str]) -> bool:
    """Whether the keys lead to the end of a branch of the tree, or beyond."""
    for key in keys:
        if key not in tree:
            return False
        tree = tree[key]
        if not tree:
            return True
    return False


def _only(value: Any, wanted: Tree) -> Any:
    if isinstance(value, list):
        return [_only(item, wanted) for item in value]
    if not wanted or not isinstance(value, dict):
        return value
    return {name: _only(part, wanted[name]) for name, part in value.items() if name in wanted}


def _without(value: Any, unwanted: Tree) -> Any:
    if isinstance(value, list):
        return [_without(item, unwanted) for item in value]
    if not unwanted or not isinstance(value, dict):
        return value
    kept = {name: part for name, part in value.items() if unwanted.get(name) != {}}
    return {name: _without(part, unwanted.get(name, {})) for name, part in kept.items()}
