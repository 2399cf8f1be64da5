// Keeps the queue filled and the decisions sent: over lost connections, reloads and restarts of the server.

import * as pure from "./state.js";

const RETRY_MS = [500, 1000, 2000, 4000, 5000];
const RENEW_MS = 120_000; // leases last ten minutes
const IDLE_MS = 300_000; // without a key for so long, nobody is at work

export class Engine {
  // `post(path, message, {keepalive})` resolves to JSON or rejects with an error that has `status`, 0 if offline.
  constructor({ user, post, storage, now = () => performance.now(), uuid = () => crypto.randomUUID() }) {
    Object.assign(this, { post, storage, now, uuid });
    this.key = `moderation.outbox.${user}`;
    this.state = pure.initial(this.#stored());
    this.listeners = new Set();
    this.counts = null;
    this.filter = {};
    this.link = "ok"; // ok | lost | login
    this.trouble = ""; // what the server says of itself, where it can be reached
    this.failures = 0;
    this.sending = false;
    this.loading = false;
    this.lastKey = now();
    this.shown = null;
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(filter) {
    this.filter = filter;
    this.renewing ??= setInterval(() => this.#renew(), RENEW_MS);
    this.pump();
    return this.load();
  }

  // Ask and send nothing more.
  stop() {
    clearInterval(this.renewing);
    clearTimeout(this.sender);
    clearTimeout(this.retrying);
  }

  async setFilter(filter) {
    this.filter = filter;
    this.#change(pure.clear(pure.flushed(this.state, this.now())));
    await this.pump();
    return this.load({ afresh: true });
  }

  decide(kind) {
    const seconds = this.shown ? Math.min(86_400, (this.now() - this.shown.at) / 1000) : null;
    this.#act(pure.decide(this.state, kind, { uid: this.uuid(), now: this.now(), seconds }));
  }

  giveReason(reason) {
    this.#act(pure.giveReason(this.state, reason, this.now()));
  }

  undo() {
    this.#act(pure.undo(this.state, { uid: this.uuid(), now: this.now() }));
  }

  move(by) {
    this.#change(pure.move(this.state, by));
  }

  goTo(item) {
    const at = this.state.cards.findIndex((card) => card.item === item);
    if (at >= 0) this.#change({ ...this.state, at });
  }

  awaitingReason() {
    return pure.awaitingReason(this.state, this.now());
  }

  // The page is being left: send all that is left, and don't wait for an answer.
  leave() {
    this.#change(pure.flushed(this.state, this.now()));
    if (!this.sending) this.pump({ keepalive: true });
  }

  // Read from when the comment came on the screen, or came back on it.
  look() {
    const item = pure.current(this.state)?.item ?? null;
    this.shown = item === null ? null : { item, at: this.now() };
  }

  async load({ afresh = false } = {}) {
    if (this.loading) return;
    this.loading = true;
    const wanted = this.filter;
    try {
      const given = await this.post("/desk/next", { filter: wanted, afresh });
      if (wanted !== this.filter) return;
      this.counts = given.counts;
      this.#reached();
      this.#change(pure.add(this.state, given.cards));
    } catch (error) {
      this.#failed(error);
      if (error.status === 400) this.#change({ ...this.state, loaded: true, notice: error.message });
      else this.#later();
    } finally {
      this.loading = false;
      if (wanted !== this.filter) this.load({ afresh: true });
    }
  }

  async pump(options = {}) {
    if (this.sending || this.link === "login") return;
    this.sending = true;
    try {
      for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
        if (!(await this.#send(batch, options))) break;
      }
    } finally {
      this.sending = false;
    }
    this.#wait();
  }

  #next() {
    return pure.toSend(this.state, this.now());
  }

  async #send(batch, options) {
    this.#change(pure.tried(this.state, batch));
    const [first] = batch;
    const isUndo = first.type === "undo";
    try {
      const message = isUndo ? { uid: first.uid, verdict: first.verdict } : batch.map(onTheWire);
      const answer = await this.post(isUndo ? "/desk/undo" : "/desk/verdicts", message, options);
      this.#reached();
      this.#change(pure.acknowledge(this.state, batch, answer.results, answer.cards));
      const refused = answer.results.some(({ status }) => status === "changed" || status === "taken");
      if (refused || this.state.cards.length < pure.LOW) this.load();
      return true;
    } catch (error) {
      this.#failed(error);
      if (error.status !== 400 && error.status !== 404) return false; // kept, and sent again
      const refused = batch.map(({ uid }) => ({ uid, status: "refused", message: error.message }));
      this.#change(pure.acknowledge(this.state, batch, refused));
      return true;
    }
  }

  #act(state) {
    this.lastKey = this.now();
    if (state === this.state) return;
    this.#change(state);
    this.pump();
  }

  #change(state) {
    const outbox = this.state.outbox;
    this.state = state;
    if ((pure.current(state)?.item ?? null) !== (this.shown?.item ?? null)) this.look();
    this.#tell();
    if (state.outbox !== outbox) this.#store();
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }

  #reached() {
    this.failures = 0;
    if (this.link === "ok") return;
    this.link = "ok";
    this.#tell();
    this.pump();
  }

  #failed(error) {
    if (error.status === 401) this.link = "login";
    else if (error.status !== 400 && error.status !== 404) this.link = "lost";
    this.trouble = error.status > 0 ? error.message : "";
    this.failures += 1;
    this.#tell();
  }

  // Wake up when the next entry is ready, or when it is time to try again.
  #wait() {
    const [first] = this.state.outbox;
    if (!first) return;
    if (this.link === "ok") this.#at(Math.max(0, first.readyAt - this.now()), "sender", () => this.pump());
    else this.#later();
  }

  #later() {
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];
    this.#at(pause, "retrying", () => this.retry());
  }

  // Also called when the browser says that it is online, and when somebody has logged in again.
  async retry() {
    if (this.link === "login") this.link = "lost";
    await this.pump();
    if (this.link !== "ok" || !this.state.loaded) await this.load();
  }

  #at(pause, name, wake) {
    clearTimeout(this[name]);
    this[name] = setTimeout(wake, pause);
  }

  #renew() {
    const atWork = this.now() - this.lastKey < IDLE_MS && this.state.cards.length > 0;
    if (atWork && this.link === "ok") this.load(); // renews what is held, and brings the counts up to date
  }

  #stored() {
    try {
      return JSON.parse(this.storage?.getItem(this.key) ?? "[]");
    } catch {
      return []; // storage that is full of something else, or forbidden
    }
  }

  #store() {
    try {
      this.storage?.setItem(this.key, JSON.stringify(this.state.outbox));
    } catch {
      // storage is full or forbidden: the log still lives in memory, and the page warns before it is closed
    }
  }
}

function onTheWire({ uid, item, version, text_hash, kind, reason, seconds }) {
  return { uid, item, version, text_hash, kind, reason, seconds };
}

// Ask the server; an answer that is none becomes an error with `status`.
export async function askServer(path, message, { keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST", body: JSON.stringify(message), keepalive, credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-Moderation": "queue" },
    });
  } catch {
    throw Object.assign(new Error("no connection"), { status: 0 });
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const said = [answer.error, answer.hint].filter(Boolean).join(": ") || `the server answered ${response.status}`;
  throw Object.assign(new Error(said), { status: response.status });
}
