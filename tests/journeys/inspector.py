"""Axe on pages in a real browser: light and dark, wide and narrow."""

from tests.conftest import AXE_TAGS

WIDTHS = (1280, 320)
EVERYTHING = {"type": "tag", "values": AXE_TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}

RUN_AXE = """async (rules) => {
    // What lies half under the bar that stays in view can be scrolled out from under it.
    for (const each of document.querySelectorAll("*")) if (each.scrollTop) each.scrollTop = 0;
    // Every colour has arrived when no transition is left; one can set off the next.
    do await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    while (document.getAnimations().some((each) => each instanceof CSSTransition));
    const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
    return violations.flatMap(({id, nodes}) => nodes.map(({target, any}) => `${id} (${target.join(" ")}) ${any[0]?.message ?? ""}`));
}"""


class Inspector:
    """Looks at one address after the other and collects in `found` what is wrong.

    Light and dark differ in colours only, so in the dark only what depends on them is looked at again.
    """

    def __init__(self, page, axe_source):
        self.page, self.axe_source = page, axe_source
        self.found = []
        self._show("light", WIDTHS[0])

    def look(self, address, widths=WIDTHS):
        """Open an address and inspect it; returns the status of the answer."""
        self._show("light", widths[0])
        response = self.page.goto(address)
        self.inspect(address, widths)
        return response.status

    def inspect(self, name, widths=WIDTHS):
        """Inspect what the page shows now, without loading it anew."""
        # By the debugger, because the policy of the page allows no other script.
        self.page.evaluate(self.axe_source)
        for scheme, rules, order in (("light", EVERYTHING, widths), ("dark", COLOURS, widths[::-1])):
            for width in order:
                where = f"{name}, {scheme}, {width} px"
                self._show(scheme, width)
                self.found += [f"{where}: {each}" for each in self.page.evaluate(RUN_AXE, rules)]
                found_width = self.page.evaluate("document.documentElement.scrollWidth")
                if found_width > width:
                    self.found.append(f"{where}: {found_width} wide")

    def _show(self, scheme, width):
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 900})
