// The queue on the page: puts the engine's state on the screen, and turns keys and clicks into commands.

import { h, time } from "./dom.js";
import { Engine, askServer } from "./engine.js";
import { formatFilter, fromSearch, parseFilter, toSearch } from "./filters.js";
import { KEYS, commandOf, isTyping, keyLabel } from "./keys.js";
import { awaitingReason, current, unsaved } from "./state.js";
import { cardView, contextView, upcomingView, whyView } from "./view.js";

const LOOK = "moderation.look";
const engines = new Map(); // by user: they outlive the page's component, as when one looks at another page
const mounted = new WeakMap();

// Streamlit calls this at first and whenever the page has run again; what it returns, when the component goes.
export default function mount({ data, parentElement }) {
  if (!mounted.has(parentElement)) mounted.set(parentElement, new Page(data, parentElement));
  return () => {
    mounted.get(parentElement)?.stop();
    mounted.delete(parentElement);
  };
}

function engineOf(user) {
  if (!engines.has(user)) engines.set(user, new Engine({ user, post: askServer, storage: window.sessionStorage }));
  return engines.get(user);
}

class Page {
  constructor(data, root) {
    Object.assign(this, { data, root, engine: engineOf(data.user) });
    this.look = { blur: false, size: 1, ...readLook() };
    this.drawn = {};
    this.revealed = null;
    this.around = null; // the comment whose context is open
    this.find = (selector) => root.querySelector(selector);
    this.abort = new AbortController();
    this.#listen();
    this.#drawLook();
    this.#drawHelp();
    this.unsubscribe = this.engine.subscribe(() => this.draw());
    const filter = fromSearch(window.location.search);
    this.find("#filter").value = formatFilter(filter, data);
    this.engine.start(filter);
    this.draw();
  }

  stop() {
    this.abort.abort();
    this.watch.disconnect();
    this.unsubscribe();
  }

  #listen() {
    const { signal } = this.abort;
    const on = (target, type, listener, options) => target.addEventListener(type, listener, { signal, ...options });
    on(document, "keydown", (event) => this.#key(event));
    this.watch = new MutationObserver(() => this.engine.link === "lost" && dismissOutage());
    this.watch.observe(document.body, { childList: true });
    on(this.find(".desk"), "click", (event) => {
      const command = event.target.closest?.("[data-command]")?.dataset.command;
      if (command) this.run({ name: command });
      else if (event.target.closest?.(".text.blurred")) this.run({ name: "reveal" });
    });
    on(this.find(".filter"), "submit", (event) => this.#filter(event));
    on(this.find("#filter"), "keydown", (event) => event.key === "Escape" && event.target.blur());
    on(this.find(".look"), "input", () => this.#setLook());
    on(window, "beforeunload", (event) => unsaved(this.engine.state) > 0 && event.preventDefault());
    on(window, "pagehide", () => this.engine.leave());
    on(window, "online", () => this.engine.retry());
    on(window, "focus", () => this.engine.link !== "ok" && this.engine.retry());
    on(document, "visibilitychange", () => !document.hidden && this.engine.look());
  }

  #key(event) {
    const target = event.composedPath()[0];
    const dialog = this.find(".help").open || document.querySelector("[role=dialog], dialog[open]") !== null;
    const command = commandOf(event, { typing: isTyping(target), dialog });
    if (!command) return;
    if (command.name === "reason" && !awaitingReason(this.engine.state, this.engine.now())) return;
    event.preventDefault();
    this.run(command);
  }

  run({ name, digit }) {
    const commands = {
      approve: () => this.engine.decide("approve"),
      reject: () => this.engine.decide("reject"),
      escalate: () => this.engine.decide("escalate"),
      skip: () => this.engine.decide("skip"),
      undo: () => this.engine.undo(),
      next: () => this.engine.move(1),
      previous: () => this.engine.move(-1),
      reason: () => this.engine.giveReason(this.data.reasons[digit - 1]),
      context: () => this.#toggleContext(),
      reveal: () => this.#reveal(),
      filter: () => this.find("#filter").select(),
      help: () => this.find(".help").showModal(),
    };
    commands[name]?.();
  }

  // Draws only what changed: the next comment has to be there at once.
  draw() {
    const { state, link, counts } = this.engine;
    const card = current(state);
    const blurred = Boolean(card?.severe && this.look.blur && this.revealed !== card.item);
    const warning = card ? state.warnings[card.item] : undefined;
    this.#once("card", [card, blurred, warning, state.loaded], () => this.#drawCard(card, { blurred, warning, state }));
    this.#once("bar", [unsaved(state), link, counts, state.cards.length], () => this.#drawBar(state, link, counts));
    this.#once("notice", [state.notice], () => this.find(".notice").replaceChildren(state.notice));
    this.#once("naming", [awaitingReason(state, this.engine.now())?.uid], () => this.#drawNaming());
    this.#once("upcoming", [state.cards, state.at, this.look.blur], () => {
      cancelAnimationFrame(this.soon);
      this.soon = requestAnimationFrame(() => this.#drawUpcoming()); // after the comment itself
    });
  }

  #once(part, seen, draw) {
    const before = this.drawn[part];
    if (before && seen.every((value, index) => Object.is(value, before[index]))) return;
    this.drawn[part] = seen;
    draw();
  }

  #drawCard(card, { blurred, warning, state }) {
    const article = this.find(".card");
    article.dataset.cid = card?.comment ?? "";
    article.classList.toggle("empty", !card);
    if (!card) {
      article.replaceChildren(h("p", {}, state.loaded ? "Nothing waits for you here." : "Loading…"));
      this.find(".why").replaceChildren();
    } else {
      article.replaceChildren(...cardView(card, { warning, blurred }).filter(Boolean));
      this.find(".why").replaceChildren(...whyView(card).filter(Boolean));
    }
    for (const button of this.root.querySelectorAll(".actions [data-command]")) {
      button.disabled = !card && button.dataset.command !== "undo";
    }
    if (this.around !== null && this.around !== card?.comment) this.#closeContext();
  }

  #drawBar(state, link, counts) {
    const waiting = counts ? [h("b", {}, counts.pending.toLocaleString("en")), " waiting",
      counts.escalated ? ` · ${counts.escalated} escalated` : "", counts.oldest ? [" · oldest ", time(counts.oldest)] : ""] : [];
    this.find(".counts").replaceChildren(...waiting.flat());
    const number = unsaved(state);
    const said = { ok: "", lost: `${this.engine.trouble || "No connection"}. `, login: "Logged out. " }[link];
    const login = link === "login" ? h("a", { href: "/auth/login", target: "_blank", rel: "noopener" }, "Log in") : null;
    const status = this.find(".link");
    status.className = `link ${link}`;
    status.replaceChildren(...[said, login, number ? ` unsaved ${number}` : ""].filter(Boolean));
  }

  #drawNaming() {
    const box = this.find(".naming");
    const waits = awaitingReason(this.engine.state, this.engine.now());
    box.hidden = !waits;
    clearTimeout(this.closing);
    if (!waits) return;
    const choice = (reason, index) => h("button", { type: "button", onclick: () => this.engine.giveReason(reason) },
      h("kbd", {}, String(index + 1)), ` ${reason.replaceAll("_", " ")}`);
    box.replaceChildren(h("span", {}, "Rejected. Why?"), ...this.data.reasons.map(choice));
    this.closing = setTimeout(() => this.draw(), waits.readyAt - this.engine.now() + 20);
  }

  #drawUpcoming() {
    const { cards, at } = this.engine.state;
    const options = { blur: this.look.blur, goTo: (item) => this.engine.goTo(item) };
    this.find(".upcoming").replaceChildren(...upcomingView(cards, at, options));
    this.find(".next-title").hidden = cards.length === 0;
  }

  #reveal() {
    this.revealed = current(this.engine.state)?.item ?? null;
    this.draw();
  }

  async #toggleContext() {
    const card = current(this.engine.state);
    if (!card || this.around === card.comment) return this.#closeContext();
    const box = this.find(".around");
    this.around = card.comment;
    box.hidden = false;
    box.replaceChildren(h("p", { class: "quiet" }, "Loading…"));
    this.find(".more").setAttribute("aria-expanded", "true");
    const message = { comment: card.comment, blind: card.blind };
    const content = await askServer("/desk/context", message).then(contextView, (error) => [h("p", {}, error.message)]);
    if (this.around === card.comment) box.replaceChildren(...content.filter(Boolean));
    return undefined;
  }

  #closeContext() {
    this.around = null;
    this.find(".around").hidden = true;
    this.find(".more").setAttribute("aria-expanded", "false");
  }

  #filter(event) {
    event.preventDefault();
    const input = this.find("#filter");
    const { query, problems } = parseFilter(input.value, this.data);
    this.find(".problem").textContent = problems.join("; ");
    input.setAttribute("aria-invalid", String(problems.length > 0));
    if (problems.length > 0) return;
    const search = toSearch(query, window.location.search);
    window.history.replaceState(window.history.state, "", `${window.location.pathname}${search}`);
    input.value = formatFilter(query, this.data);
    input.blur();
    this.engine.setFilter(query);
  }

  #setLook() {
    const fields = this.find(".look fieldset").querySelectorAll("input");
    this.look = { blur: fields[0].checked, size: Number(fields[1].value) };
    try {
      window.localStorage.setItem(LOOK, JSON.stringify(this.look));
    } catch {
      // not remembered where storage is forbidden
    }
    this.#drawLook();
    this.draw();
  }

  #drawLook() {
    const [blur, size] = this.find(".look fieldset").querySelectorAll("input");
    blur.checked = this.look.blur;
    size.value = this.look.size;
    const desk = this.find(".desk");
    desk.style.setProperty("--size", this.look.size);
    desk.classList.toggle("dark", isDark(desk));
  }

  async #drawHelp() {
    const layout = await navigator.keyboard?.getLayoutMap?.().catch(() => undefined);
    for (const key of this.root.querySelectorAll("kbd[data-code]")) key.textContent = keyLabel(key.dataset.code, layout);
    const row = ({ codes, symbol, what }) => h("tr", {},
      h("td", {}, ...(symbol ? [symbol] : codes.map((code) => keyLabel(code, layout))).map((label) => h("kbd", {}, label))),
      h("td", {}, what));
    this.find(".help tbody").replaceChildren(...KEYS.map(row));
  }
}

function readLook() {
  try {
    return JSON.parse(window.localStorage.getItem(LOOK) ?? "{}");
  } catch {
    return {};
  }
}

// Streamlit covers the page when its server is away. The bar says so already, and one can go on deciding.
function dismissOutage() {
  for (const dialog of document.querySelectorAll("[role=dialog]")) {
    if (dialog.textContent.startsWith("Connection error")) dialog.querySelector("button")?.click();
  }
}

// Streamlit's theme may differ from the system's: judge by the colour behind the page.
function isDark(element) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#fff";
  const [red, green, blue] = [1, 3, 5].map((start) => parseInt(canvas.fillStyle.slice(start, start + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
