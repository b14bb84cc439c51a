// Which view stands beside 小新: home, the services of a life event, the turn, a checklist. It alone scrolls.

const $ = (id) => document.getElementById(id);
const NEARLY_PX = 24;

export class Views {
  constructor() {
    this.scroll = $("scroll");
    this.more = $("more");
    this.now = "home";
    this.more.addEventListener("click", () => this.#page());
    this.scroll.addEventListener("scroll", () => this.#affordance(), { passive: true });
    const watch = new ResizeObserver(() => this.#affordance());
    watch.observe(this.scroll);
    for (const view of this.scroll.children) watch.observe(view);
  }

  show(id, { focus = true } = {}) {
    for (const view of this.scroll.children) view.hidden = view.id !== id;
    this.now = id;
    document.body.dataset.view = id.replace(/-\d+$/, "");
    this.scroll.scrollTop = 0;
    this.#affordance();
    if (focus) $(id).querySelector("h2[tabindex]")?.focus({ preventScroll: true });
  }

  top() {
    this.scroll.scrollTop = 0;
  }

  #page() {
    this.scroll.scrollBy({ top: this.scroll.clientHeight * 0.8, behavior: "smooth" });
  }

  #affordance() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    this.more.hidden = scrollHeight - clientHeight - scrollTop < NEARLY_PX;
    this.scroll.toggleAttribute("data-above", scrollTop > 4);
    this.scroll.toggleAttribute("data-below", !this.more.hidden);
    // a keyboard scrolls it too, where there is something to scroll
    this.scroll.tabIndex = scrollHeight > clientHeight + 1 ? 0 : -1;
  }
}
