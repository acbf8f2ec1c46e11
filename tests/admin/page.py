"""A form of the desk as a browser without scripts sees it: read, filled in, sent."""

from functools import cached_property
from html.parser import HTMLParser


class Page:
    """A page with a form. Where it leads to is opened, and a form read, when a test asks for it.

    answer: of the server; null = `form` is set instead.
    """

    def __init__(self, client, address, answer):
        self._client, self._address, self._answer = client, address, answer

    @property
    def was_saved(self):
        """Whether the form was accepted, so that the answer leads to another page."""
        return self._answer is not None and self._answer.status_code == 302

    @property
    def address(self):
        return self._answer["Location"] if self.was_saved else self._address

    @cached_property
    def response(self):
        if not self.was_saved:
            return self._answer
        shown = self._client.get(self.address, follow=True)
        assert shown.status_code == 200, shown.status_code
        return shown

    @cached_property
    def html(self):
        return self.response.content.decode()

    @cached_property
    def form(self):
        return Form(self.html)

    @property
    def sent(self):
        return self.form.sent

    def fill(self, **fields):
        """Sets fields by name, with `__` for a hyphen; a list for several values."""
        for name, value in fields.items():
            values = value if isinstance(value, list) else [value]
            self.sent[name.replace("__", "-")] = [str(part) for part in values]
        return self

    def add(self, rows, **fields):
        """One more row of a set such as "defendants-0-names", from its template; its prefix."""
        total = f"{rows}-TOTAL_FORMS"
        number = int(self.sent[total][0])
        self.sent[total] = [str(number + 1)]
        prefix = f"{rows}-{number}"
        # Of the row itself, and of the rows that it begins with.
        for template in (f"{rows}-__prefix__-", f"{rows}-empty-"):
            for name, values in list(self.sent.items()):
                if name.startswith(template):
                    self.sent[f"{prefix}-{name.removeprefix(template)}"] = list(values)
        for name, value in fields.items():
            self.fill(**{f"{prefix}-{name}": value})
        return prefix

    def data(self, **buttons):
        return self.sent | buttons

    def send(self, client, **buttons):
        """Sends the form where it came from; what came back."""
        data = self.data(**(buttons or {"_continue": "1"}))
        return Page(client, self.address, client.post(self.address, data))

    @property
    def errors(self):
        """What is wrong, as the form says it: prefix and field: messages."""
        if self.was_saved:
            return {}
        context = self.response.context
        found = dict(context["adminform"].form.errors)
        for inline in context["inline_admin_formsets"]:
            found |= _errors(inline.formset)
        return {name: list(messages) for name, messages in found.items()}


class Form(HTMLParser):
    """The fields of the main form of a page.

    sent: what a browser would send, name: values.
    """

    def __init__(self, html):
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = None
        self._fallback = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    self.sent.setdefault(name, []).append(given.get("value", "on"))
            elif kind not in ("submit", "button"):
                self.sent.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select = (name, "multiple" in given)
        elif tag == "option" and self._select:
            name, multiple = self._select
            if "selected" in given:
                self.sent.setdefault(name, []).append(given.get("value", ""))
            elif not multiple:
                self._fallback.setdefault(name, given.get("value", ""))
        elif tag == "textarea":
            self._area = (name, [])

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            name, multiple = self._select
            if not multiple and name not in self.sent:
                self.sent[name] = [self._fallback.get(name, "")]
            self._select = None
        elif tag == "textarea" and self._area:
            name, text = self._area
            # The first line break after the tag belongs to the markup.
            self.sent.setdefault(name, []).append("".join(text).removeprefix("\n"))
            self._area = None


def _errors(formset):
    found = {}
    if formset.non_form_errors():
        found[formset.prefix] = formset.non_form_errors()
    for form in formset.forms:
        found |= {f"{form.prefix}-{name}": said for name, said in form.errors.items()}
        for nested in getattr(form, "nested_formsets", []):
            found |= _errors(nested)
    return found
