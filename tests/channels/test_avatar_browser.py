"""The face of 小新 in a real browser, from the server's own files, on a clock that the test turns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from chromium import CHROMIUM
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

pytestmark = pytest.mark.browser

EXPRESSIONS = ("idle", "greet", "listen", "think", "explain", "smile", "sorry")
VISEMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")

RAISE = """async () => {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = "/static/avatar.css";
  const host = document.createElement("div");
  host.id = "host";
  document.body.replaceChildren(sheet, host);
  window.Avatar = (await import("/static/avatar.js")).Avatar;
  window.avatar = new Avatar(host);
}"""


@pytest.fixture(scope="module")
def browser() -> Browser:
    return CHROMIUM.browser()


@dataclass
class Stage:
    """小新 on an empty page. Time stands still but for `after`."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def do(self, script: str) -> Any:
        return self.page.evaluate(script)

    def after(self, ms: int) -> None:
        self.page.clock.run_for(ms)

    def express(self, name: str, ms: int = 1500) -> None:
        self.do(f"avatar.express('{name}')")
        self.after(ms)

    def say(self, timeline: list[list[object]], start: str = "performance.now()") -> None:
        self.do(f"avatar.speak({timeline}, {start})")

    def shape(self, part: str, attribute: str = "d") -> str:
        return self.do(f"""document.querySelector('[data-part="{part}"]').getAttribute('{attribute}')""")

    def height(self, part: str) -> float:
        return self.do(f"""document.querySelector('[data-part="{part}"]').getBBox().height""")

    def head(self) -> str:
        return self.do("document.querySelector('.avatar-head').style.transform")

    def drawing(self) -> str:
        return self.do("document.querySelector('.avatar').outerHTML")


def is_complaint(message: ConsoleMessage) -> bool:
    """The page that she is raised on has no icon; a browser asks for one."""
    return message.type in ("error", "warning") and "favicon" not in message.location["url"]


def raised(browser: Browser, server: str, motion: str) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 720, "height": 856}, reduced_motion=motion)  # type: ignore[arg-type]
    page = context.new_page()
    one = Stage(page)
    page.on("console", lambda m: one.complaints.append(m.text) if is_complaint(m) else None)
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    page.clock.install()
    page.goto(f"{server}/healthz")
    one.do(RAISE)
    page.clock.pause_at("2099-01-01")
    one.after(1500)
    yield one
    context.close()
    assert one.complaints == []


@pytest.fixture
def calm(browser: Browser, server: str) -> Iterator[Stage]:
    """For a visitor who asked for less motion: she holds still, so that what moves was told to."""
    yield from raised(browser, server, "reduce")


@pytest.fixture
def lively(browser: Browser, server: str) -> Iterator[Stage]:
    yield from raised(browser, server, "no-preference")


def test_each_expression_is_a_face_of_its_own(calm: Stage) -> None:
    faces = set()
    for name in EXPRESSIONS:
        calm.express(name)
        expect(calm.page.locator(".avatar")).to_have_attribute("data-expression", name)
        faces.add(calm.shape("brow-left") + calm.shape("upper-lip") + calm.shape("features", "transform"))
    assert len(faces) == len(EXPRESSIONS)


def test_each_viseme_is_a_mouth_of_its_own(calm: Stage) -> None:
    mouths = set()
    for viseme in VISEMES:
        calm.say([[0, viseme], [2000, "sil"]])
        calm.after(800)
        mouths.add("".join(calm.shape(part) for part in ("upper-lip", "lower-lip", "upper-teeth", "tongue")))
        calm.do("avatar.hush()")
        calm.after(400)
    assert len(mouths) == len(VISEMES)


def test_the_mouth_opens_for_a_closes_for_p_and_rests_at_the_end(calm: Stage) -> None:
    calm.say([[0, "aa"], [300, "PP"], [400, "aa"], [700, "sil"]])
    calm.after(200)
    assert calm.height("mouth-opening") > 18
    calm.after(150)
    assert calm.height("mouth-opening") < 6
    calm.after(200)
    assert calm.height("mouth-opening") > 18
    calm.after(500)
    assert calm.height("mouth-opening") < 6


def test_lips_glide_and_do_not_jump(calm: Stage) -> None:
    calm.say([[100, "aa"], [400, "sil"]])
    heights = []
    for _ in range(40):
        calm.after(16)
        heights.append(calm.height("mouth-opening"))
    assert max(abs(later - earlier) for earlier, later in pairwise(heights)) < 8


def test_sentences_of_one_speech_are_added_one_by_one(calm: Stage) -> None:
    calm.do("window.began = performance.now()")
    calm.say([[0, "aa"], [400, "sil"]], "began")
    calm.say([[1000, "aa"], [1400, "sil"]], "began")
    for wait, opened in ((250, True), (600, False), (400, True), (450, False)):
        calm.after(wait)
        assert (calm.height("mouth-opening") > 15) is opened


def test_she_follows_the_clock_of_the_sound_that_plays(calm: Stage) -> None:
    calm.do("window.at = 0; avatar.clock = () => at")
    calm.say([[1000, "aa"], [1400, "sil"]], "0")
    calm.after(1200)
    assert calm.height("mouth-opening") < 6
    calm.do("at = 1200")
    calm.after(200)
    assert calm.height("mouth-opening") > 18


def test_hushed_she_closes_her_mouth_at_once(calm: Stage) -> None:
    calm.say([[0, "aa"], [5000, "sil"]])
    calm.after(500)
    calm.do("avatar.hush()")
    calm.after(120)
    assert calm.height("mouth-opening") < 6


def test_without_visemes_the_mouth_follows_loudness(calm: Stage) -> None:
    for _ in range(10):
        calm.do("avatar.level(0.4)")
        calm.after(32)
    assert calm.height("mouth-opening") > 8
    calm.after(500)
    assert calm.height("mouth-opening") < 6


def test_what_she_does_not_know_leaves_her_at_rest(calm: Stage) -> None:
    before = calm.shape("upper-lip")
    calm.express("toString")
    calm.say([[0, "constructor"], ["soon", "aa"]])  # type: ignore[list-item]
    calm.do("avatar.level(NaN)")
    calm.after(300)
    expect(calm.page.locator(".avatar")).to_have_attribute("data-expression", "idle")
    assert calm.shape("upper-lip") == before


def test_a_new_face_comes_within_three_tenths_of_a_second(calm: Stage) -> None:
    def brows() -> float:
        return float(calm.shape("brow-left").split("C")[1].split()[-1])

    start = brows()
    calm.express("sorry", 64)
    middle = brows()
    calm.after(240)
    soon = brows()
    calm.after(2000)
    way = brows() - start
    assert 0.1 < (middle - start) / way < 0.7
    assert (soon - start) / way > 0.93


def test_she_blinks_every_few_seconds_but_not_by_the_beat(lively: Stage) -> None:
    lively.do(
        """() => { window.blinks = []; let shut = false; const eye = document.querySelector('[data-part="white-left"]');
          new MutationObserver(() => {
            const was = shut; shut = eye.getBBox().height < 19;
            if (shut && !was) blinks.push(performance.now());
          }).observe(eye, {attributeFilter: ["d"]}); }"""
    )
    for _ in range(30):
        lively.after(1000)
    blinks = lively.do("blinks")
    gaps = [later - earlier for earlier, later in pairwise(blinks)]
    assert 4 <= len(blinks) <= 20
    assert max(gaps) < 6800
    assert len({round(gap / 100) for gap in gaps}) > 2


def test_at_rest_she_breathes_and_sways(lively: Stage) -> None:
    seen = set()
    for _ in range(10):
        lively.after(300)
        seen.add(lively.head())
    assert len(seen) == 10


def test_she_waves_when_she_greets_and_lowers_her_arm_again(lively: Stage) -> None:
    assert lively.shape("arm", "visibility") == "hidden"
    lively.express("greet")
    assert lively.shape("arm", "visibility") == "visible"
    there = lively.shape("forearm", "transform")
    lively.after(200)
    assert lively.shape("forearm", "transform") != there
    lively.express("idle", 2500)
    assert lively.shape("arm", "visibility") == "hidden"


def test_who_asked_for_less_motion_gets_a_still_head_and_no_waving_but_a_moving_mouth(calm: Stage) -> None:
    calm.express("greet")
    still = calm.head()
    calm.after(3000)
    assert calm.head() == still
    assert calm.shape("arm", "visibility") == "hidden"
    calm.say([[0, "aa"], [500, "sil"]])
    calm.after(300)
    assert calm.height("mouth-opening") > 15


def test_asking_for_less_motion_takes_effect_while_she_waves(lively: Stage) -> None:
    lively.express("greet")
    lively.do(
        """() => { window.told = new Promise((tell) => {
          matchMedia("(prefers-reduced-motion: reduce)").addEventListener("change", tell, {once: true}); }); }"""
    )
    lively.page.emulate_media(reduced_motion="reduce")
    lively.do("told.then(() => {})")
    lively.after(2500)
    assert lively.shape("arm", "visibility") == "hidden"


def test_stopped_she_freezes_until_started(lively: Stage) -> None:
    lively.do("avatar.stop()")
    frozen = lively.drawing()
    lively.after(3000)
    assert lively.drawing() == frozen
    lively.do("avatar.start()")
    lively.after(300)
    assert lively.drawing() != frozen


def test_destroyed_she_is_gone_and_nothing_goes_on(lively: Stage) -> None:
    lively.do(
        """() => { window.changes = 0; window.root = document.querySelector(".avatar");
          new MutationObserver((seen) => { changes += seen.length; })
            .observe(root, {subtree: true, attributes: true, childList: true}); }"""
    )
    lively.after(300)
    assert lively.do("changes") > 0
    lively.do("avatar.destroy()")
    lively.do("avatar.start()")
    lively.do("changes = 0")
    lively.page.emulate_media(reduced_motion="reduce")
    lively.after(3000)
    assert lively.do("changes") == 0
    assert lively.do("document.getElementById('host').childElementCount") == 0


def test_a_screen_reader_hears_one_picture_with_a_name(calm: Stage) -> None:
    expect(calm.page.get_by_role("img", name="数字人小新")).to_have_count(1)
    expect(calm.page.locator("#host [aria-live]")).to_have_count(0)
    expect(calm.page.locator("#host svg:not([aria-hidden=true])")).to_have_count(0)
    calm.do("() => { host.setAttribute('aria-label', 'Xiaoxin'); new Avatar(host); }")
    expect(calm.page.get_by_role("img", name="Xiaoxin")).to_have_count(1)


def test_two_of_her_on_one_page_do_not_share_paints(calm: Stage) -> None:
    calm.do("() => { new Avatar(host); }")
    ids = calm.do("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("framing", "shape"), [("", 720 / 856), ("bust", 1.0)])
@pytest.mark.parametrize("height", [240, 800])
def test_she_fits_the_room_that_her_host_gives(calm: Stage, framing: str, shape: float, height: int) -> None:
    calm.do(f"() => {{ host.style.height = '{height}px'; host.dataset.framing = '{framing}'; }}")
    box = calm.page.locator(".avatar-figure").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(min(height, calm.do("host.clientWidth") / shape), abs=1)
    assert box["width"] / box["height"] == pytest.approx(shape, abs=0.02)
    assert calm.do("document.documentElement.scrollWidth <= innerWidth") is True


def test_her_small_portrait_is_a_picture_that_a_browser_shows(calm: Stage) -> None:
    calm.do(
        "() => { const one = new Image(); one.id = 'small'; one.src = '/static/avatar_small.svg'; host.after(one); }"
    )
    expect(calm.page.locator("#small")).to_have_js_property("complete", True)
    assert calm.do("document.getElementById('small').naturalWidth") > 0
