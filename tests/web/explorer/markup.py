"""A page of the explorer as its readers and their programs find it."""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

VOID = {"meta", "link", "input", "br", "img", "source", "hr", "path", "rect", "circle"}


class Markup(HTMLParser):
    """numbers: value, pointer and the text shown, each with the address that the pointer is for;
    links: their attributes and text; fields: what its form holds, in order, with attributes; sent:
    what a browser without scripts would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.numbers, self.links, self.fields, self.images = [], [], [], []
        self.options: list[tuple[dict, dict]] = []
        self.home = ""
        self.by_id: dict[str, str] = {}
        self._open: list[tuple[str, dict, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "link" and given.get("type") == "application/json":
            self.home = given["href"]
        if tag in ("input", "select") and "name" in given:
            self.fields.append(given)
        if tag == "option":
            self.options.append((self.fields[-1], given))
        if tag == "img":
            self.images.append(given)
        if tag not in VOID:
            self._open.append((tag, given, []))

    def handle_data(self, text):
        for _, _, texts in self._open:
            texts.append(text)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while True:
            name, given, texts = self._open.pop()
            text = " ".join("".join(texts).split())
            if "id" in given:
                self.by_id[given["id"]] = text
            if name == "a":
                self.links.append((given, text))
            if name == "data":
                self.numbers.append((given["value"], self._place(given["data-at"]), text))
            if name == tag:
                return

    def _place(self, at):
        address, _, pointer = at.partition("#")
        around = [given["data-answer"] for _, given, _ in self._open if "data-answer" in given]
        if not address and around:
            address = around[-1]
        return address or self.home, pointer

    def names(self):
        return {given["name"] for given in self.fields}

    def link(self, **wanted):
        """The only link with these attributes."""
        [found] = [
            given["href"]
            for given, _ in self.links
            if all(given.get(name.replace("_", "-")) == value for name, value in wanted.items())
        ]
        return found

    def records(self):
        """The records that are listed: addresses of their pages."""
        found = [given["href"] for given, _ in self.links if given.get("class") == "record-id"]
        return [re.split("[?#]", address)[0] for address in found]

    def sent(self):
        """The query of the form as it stands."""
        pairs = []
        for given in self.fields:
            kind = given.get("type", "text")
            chosen = [option for field, option in self.options if field is given]
            if chosen:
                first = next((one for one in chosen if "selected" in one), chosen[0])
                pairs.append((given["name"], first.get("value") or ""))
            elif kind not in ("checkbox", "radio") or "checked" in given:
                pairs.append((given["name"], given.get("value") or ""))
        return urlencode(pairs)


def pointed(answer, pointer):
    """What a JSON pointer points at."""
    for part in pointer.strip("/").split("/"):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer
