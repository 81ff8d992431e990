"""Axe on pages in a real browser: light and dark, wide and narrow.

Judging colours takes axe longer than all its other rules. It comes to the same for every text that looks the
same, so each look of a text (see `LOOKS`) is judged once in a process, on the first page where it is met.
"""

from collections import Counter

from tests.conftest import AXE_TAGS

WIDTHS = (1280, 320)
COLOURS = "color-contrast"

# Run once for each page: `axe`, and what the inspector asks of it.
PREPARE = """
window.inspected = {
    // Nothing scrolled, and every colour arrived: no transition is left; one can set off the next.
    async settle() {
        // What lies half under the bar that stays in view can be scrolled out from under it.
        for (const each of document.querySelectorAll("*")) if (each.scrollTop) each.scrollTop = 0;
        do await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        while (document.getAnimations().some((each) => each instanceof CSSTransition));
    },
    // The looks of all texts that can be seen now, and how wide the page is.
    async looks() {
        await this.settle();
        const looked = new Map(), above = new Map();
        this.texts = new Map();
        const surface = (element) => {
            if (!element) return "";
            if (!above.has(element)) {
                const style = getComputedStyle(element);
                above.set(element, [
                    style.backgroundColor, style.backgroundImage,
                    style.opacity, style.position, style.mixBlendMode, style.filter,
                    element.matches(":disabled, [aria-disabled=true]"), surface(element.parentElement),
                ].join());
            }
            return above.get(element);
        };
        for (const element of document.body.querySelectorAll("*")) {
            const text = [...element.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE)
                .map((each) => each.data.trim()).join("") || element.value || element.placeholder;
            if (!text || element.localName === "option" || !element.checkVisibility({visibilityProperty: true})) continue;
            const style = getComputedStyle(element), label = element.closest("label");
            const look = [
                style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextFillColor,
                text.length === 1, Boolean(label?.control?.disabled), surface(element),
            ].join();
            if (!looked.has(look)) looked.set(look, []);
            looked.get(look).push(element);
        }
        for (const [look, elements] of looked) this.texts.set(this.brief(look), elements);
        return [[...this.texts.keys()], document.documentElement.scrollWidth];
    },
    // A number for a text.
    brief(text) {
        let [one, other] = [0xdeadbeef, 0x41c6ce57];
        for (let at = 0; at < text.length; at++) {
            const code = text.charCodeAt(at);
            one = Math.imul(one ^ code, 2654435761);
            other = Math.imul(other ^ code, 1597334677);
        }
        return `${one >>> 0}.${other >>> 0}`;
    },
    // What these rules find wrong, those for colours at texts of these looks only; which looks were judged at all.
    async run(rules, looks) {
        this.wanted = new Set(looks.flatMap((each) => this.texts.get(each)));
        this.judged = new Set();
        const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
        const said = violations.flatMap(({id, nodes}) =>
            nodes.map(({target, any}) => `${id} (${target.join(" ")}) ${any[0]?.message ?? ""}`));
        return [said, looks.filter((each) => this.texts.get(each).some((element) => this.judged.has(element)))];
    },
};
{
    const rule = axe._audit.rules.find(({id}) => id === "color-contrast"), matches = rule.matches;
    rule.matches = (element, ...more) => {
        const isJudged = inspected.wanted.has(element) && matches.call(rule, element, ...more);
        if (isJudged) inspected.judged.add(element);
        return isJudged;
    };
}
"done";
"""
LOOKS = "() => inspected.looks()"
RUN = "([rules, looks]) => inspected.run(rules, looks)"

# How often a look was shown to axe in this process, whatever the page; a fault is told where it is first met.
# What axe does not judge, because it lies outside the page or under something, gets further chances.
CHANCES = 3
_shown: Counter[str] = Counter()


class Inspector:
    """Looks at one address after the other and collects in `found` what is wrong.

    Light and dark differ in colours only, so in the dark only what depends on them is looked at again.
    """

    def __init__(self, page, axe_source):
        self.page, self.source = page, f"{axe_source}\n{PREPARE}"
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
        self.page.evaluate(self.source)
        for scheme, rules, order in (("light", AXE_TAGS, widths), ("dark", [COLOURS], widths[::-1])):
            for width in order:
                self._show(scheme, width)
                self._judge(f"{name}, {scheme}, {width} px", rules, width)

    def _judge(self, where, rules, width):
        looks, found_width = self.page.evaluate(LOOKS)
        new = [each for each in looks if _shown[each] < CHANCES]
        if new or rules != [COLOURS]:
            said, judged = self.page.evaluate(RUN, [rules, new])
            self.found += [f"{where}: {each}" for each in said]
            _shown.update(new)
            _shown.update(dict.fromkeys(judged, CHANCES))
        if found_width > width:
            self.found.append(f"{where}: {found_width} wide")

    def _show(self, scheme, width):
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 900})
