"""Windows of a browser that look at pages, and what is wrong with what they show."""

from contextlib import contextmanager

from tests.waiting import WAIT_TIMEOUT

SIZES = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")


@contextmanager
def window(chromium, server, width=1280, scheme="light", scripts=True, quiet=True):
    """A window in which nothing may go wrong and nothing may be asked of another host.

    quiet=False: its console may say something. What it said is in `said`.
    """
    context = chromium.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,
        java_script_enabled=scripts,
        base_url=server.url,
    )
    tab = context.new_page()
    tab.set_default_timeout(1_000 * WAIT_TIMEOUT)
    tab.said, elsewhere = [], []
    tab.on("console", lambda message: tab.said.append(message.text))
    tab.on("pageerror", lambda error: tab.said.append(str(error)))
    tab.on("request", lambda call: call.url.startswith(server.url) or elsewhere.append(call.url))
    try:
        yield tab
    finally:
        context.close()
    # Said here, as pytest explains asserts in test modules only.
    assert elsewhere == [], elsewhere
    if quiet:
        assert tab.said == [], tab.said


def violations(tab, only=None):
    """What axe finds, and the first places of each: by `only` some of its rules, None = all."""
    from axe_playwright_python.sync_playwright import Axe

    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    found = tab.evaluate(
        """only => axe.run({
            preload: false, resultTypes: ["violations"],
            ...(only ? {runOnly: {type: "rule", values: only}} : {}),
        }).then(({violations}) => violations.map(
            ({id, nodes}) => [id, nodes.slice(0, 3).map(({html}) => html.slice(0, 150))]
        ))""",
        only,
    )
    return [(rule, places) for rule, places in found]
