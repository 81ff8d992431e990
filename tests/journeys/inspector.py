"""Axe on pages in a real browser: light and dark, wide and narrow.

Judging colours takes axe longer than all its other rules. It comes to the same for every text that looks the
same, so each look of a text (see `LOOKS`) is judged once in a process, on the first page where it is met.
What else can be wrong in another width hangs on sizes, or on what comes and goes with it: where that has happened
in the same places of a page before, only the sizes are judged.
"""

from collections import Counter

from tests.conftest import AXE_TAGS

WIDTHS = (1280, 320)
COLOURS = "color-contrast"
SIZES = [COLOURS, "target-size", "scrollable-region-focusable", "link-in-text-block"]

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
    // The looks of all texts that can be seen now, what came and went since `this.shown`, and how wide the page is.
    async looks() {
        await this.settle();
        const looked = new Map(), above = new Map();
        const before = this.shown, moved = new Set();
        this.shown = new Set();
        this.texts = new Map();
        // What of an element and those around it is painted behind its text: nothing below what covers it all.
        const surface = (element, isCovered = false) => {
            if (!element) return "";
            const key = isCovered ? "covered" : "seen";
            const known = above.get(element) ?? {};
            above.set(element, known);
            if (key in known) return known[key];
            const style = getComputedStyle(element), ground = style.backgroundColor;
            const isClear = ground === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
            const isOpaque = ground.startsWith("rgb(");
            const parts = [
                isCovered || isClear ? "" : ground + style.backgroundImage,
                isCovered || ["static", "relative"].includes(style.position) ? "" : style.position,
                style.opacity === "1" ? "" : style.opacity,
                style.mixBlendMode === "normal" ? "" : style.mixBlendMode,
                style.filter === "none" ? "" : style.filter,
                element.matches(":disabled, [aria-disabled=true]") ? "disabled" : "",
            ].join("");
            return known[key] = `${parts && `${parts};`}${surface(element.parentElement, isCovered || isOpaque)}`;
        };
        for (const element of document.body.querySelectorAll("*")) {
            const isShown = element.checkVisibility({visibilityProperty: true});
            if (isShown) this.shown.add(element);
            if (before && before.has(element) !== isShown) moved.add(this.place(element));
            const text = [...element.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE)
                .map((each) => each.data.trim()).join("") || element.value || element.placeholder;
            if (!text || element.localName === "option" || !isShown) continue;
            const style = getComputedStyle(element), label = element.closest("label");
            const look = [
                style.color, parseFloat(style.fontSize) < 18 || `${style.fontSize} ${style.fontWeight}`,
                style.textShadow, style.webkitTextFillColor,
                text.length === 1, Boolean(label?.control?.disabled), surface(element),
            ].join();
            if (!looked.has(look)) looked.set(look, []);
            looked.get(look).push(element);
        }
        for (const [look, elements] of looked) this.texts.set(this.brief(look), elements);
        return [[...this.texts.keys()], this.brief([...moved].join()), document.documentElement.scrollWidth];
    },
    // Where an element stands: its kind and that of all around it.
    place(element) {
        return element ? `${this.place(element.parentElement)} ${element.localName}.${element.className}` : "";
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
    // What these rules find wrong, those for colours at texts of these looks only, `ENOUGH` of each; the looks judged.
    async run(rules, looks) {
        this.wanted = new Map(looks.flatMap((look) => this.texts.get(look).map((element) => [element, look])));
        this.judged = new Map();
        const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false});
        const said = violations.flatMap(({id, nodes}) =>
            nodes.map(({target, any}) => `${id} (${target.join(" ")}) ${any[0]?.message ?? ""}`));
        return [said, [...this.judged.keys()]];
    },
};
{
    const ENOUGH = 3;
    const rule = axe._audit.rules.find(({id}) => id === "color-contrast"), matches = rule.matches;
    rule.matches = (element, ...more) => {
        const {wanted, judged} = inspected, look = wanted.get(element), count = judged.get(look) ?? 0;
        if (!look || count === ENOUGH || !matches.call(rule, element, ...more)) return false;
        return judged.set(look, count + 1);
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
# What came and went from one width to the next where every rule was asked, in this process.
_moved: set[str] = set()


class Inspector:
    """Looks at one address after the other and collects in `found` what is wrong.

    Light and dark differ in colours only, so in the dark only what depends on them is looked at again.
    """

    def __init__(self, page, axe_source):
        self.page, self.source = page, f"{axe_source}\n{PREPARE}"
        self.found, self._scheme = [], None
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
        for scheme, order in (("light", widths), ("dark", widths[::-1])):
            for width in order:
                self._show(scheme, width)
                self._judge(f"{name}, {scheme}, {width} px", scheme, width, is_first=width == widths[0])

    def _judge(self, where, scheme, width, is_first):
        looks, moved, found_width = self.page.evaluate(LOOKS)
        new = [each for each in looks if _shown[each] < CHANCES]
        if scheme == "light" or new:
            rules = [COLOURS]
            if scheme == "light":
                rules = SIZES if moved in _moved and not is_first else AXE_TAGS
                _moved.add(moved)
            said, judged = self.page.evaluate(RUN, [rules, new])
            self.found += [f"{where}: {each}" for each in said]
            _shown.update(new)
            _shown.update(dict.fromkeys(judged, CHANCES))
        if found_width > width:
            self.found.append(f"{where}: {found_width} wide")

    def _show(self, scheme, width):
        if scheme != self._scheme:
            self._scheme = scheme
            self.page.emulate_media(color_scheme=scheme)
        if self.page.viewport_size != (size := {"width": width, "height": 900}):
            self.page.set_viewport_size(size)
