// What the queue in the browser is, and how it changes. Pure: no clock, no network, no page.
//
// A decision lives in `outbox` from the key press until the server has said what became of it. `done` is
// what can be undone, latest last. `versions` is the least version of an item that is still news.

export const REASON_MS = 2500; // how long a rejection waits for the key that names its reason
export const LOW = 15; // comments left at which more are asked for
const MOST_DONE = 100;
const MOST_SENT = 20;
const SAVED = new Set(["applied", "repeated"]);

export function initial(outbox = []) {
  const kept = outbox.map((entry) => ({ ...entry, tried: true, readyAt: 0 })); // perhaps the server has them
  return { cards: [], at: 0, outbox: kept, done: [], versions: {}, warnings: {}, notice: "", loaded: false };
}

export const current = (state) => state.cards[state.at] ?? null;
export const unsaved = (state) => state.outbox.length;
const isPending = (state, item) => state.outbox.some((entry) => entry.type === "verdict" && entry.item === item);

// Take what the server gave: known comments are replaced, new ones follow, and what it no longer gives
// goes, except the one that is being read. An answer from before the last decision brings nothing back.
export function add(state, given, { complete = true } = {}) {
  const fresh = given.filter((card) => !isPending(state, card.item) && card.version >= (state.versions[card.item] ?? 0));
  const byItem = new Map(fresh.map((card) => [card.item, card]));
  const reading = current(state);
  const kept = state.cards
    .filter((card) => !complete || byItem.has(card.item) || card === reading)
    .map((card) => byItem.get(card.item) ?? card);
  const known = new Set(kept.map((card) => card.item));
  const added = fresh.filter((card) => !known.has(card.item));
  const urgent = added.filter((card) => state.warnings[card.item]);
  const at = Math.max(0, kept.findIndex((card) => card.item === reading?.item));
  const cards = [...kept.slice(0, at), ...urgent, ...kept.slice(at), ...added.filter((card) => !urgent.includes(card))];
  return { ...state, cards, at, loaded: true };
}

// Forget the comments of another filter.
export const clear = (state) => ({ ...state, cards: [], at: 0, loaded: false });

export function move(state, by) {
  const at = Math.min(Math.max(0, state.at + by), Math.max(0, state.cards.length - 1));
  return at === state.at ? state : { ...state, at };
}

export function decide(state, kind, { uid, now, seconds = null }) {
  const card = current(state);
  if (!card) return state;
  const cards = state.cards.filter((other) => other !== card);
  const entry = {
    type: "verdict", uid, kind, item: card.item, version: card.version, text_hash: card.text_hash,
    reason: "", seconds, tried: false, readyAt: kind === "reject" ? now + REASON_MS : now,
  };
  const { [card.item]: _, ...warnings } = state.warnings;
  return {
    ...state,
    cards,
    at: Math.min(state.at, Math.max(0, cards.length - 1)),
    outbox: [...ready(state.outbox, now), entry],
    done: [...state.done, { uid, kind, card, verdict: null }].slice(-MOST_DONE),
    warnings,
    notice: "",
  };
}

const ready = (outbox, now) => outbox.map((entry) => (entry.readyAt > now ? { ...entry, readyAt: now } : entry));
export const flushed = (state, now) => ({ ...state, outbox: ready(state.outbox, now) });

// The rejection that still waits for its reason, or null.
export function awaitingReason(state, now) {
  const last = state.outbox.at(-1);
  return last?.kind === "reject" && !last.tried && last.readyAt > now ? last : null;
}

export function giveReason(state, reason, now) {
  const last = awaitingReason(state, now);
  if (!last || !reason) return state;
  return { ...state, outbox: [...state.outbox.slice(0, -1), { ...last, reason, readyAt: now }] };
}

// What hasn't been sent is simply taken back; for the rest the server is asked, and it gives the comment back.
export function undo(state, { uid, now }) {
  const last = state.done.at(-1);
  const done = state.done.slice(0, -1);
  const entry = last && state.outbox.find((other) => other.uid === last.uid);
  if (entry && !entry.tried) {
    const cards = [...state.cards.slice(0, state.at), last.card, ...state.cards.slice(state.at)];
    return { ...state, cards, done, outbox: state.outbox.filter((other) => other !== entry), notice: "" };
  }
  const asked = { type: "undo", uid, of: last?.uid ?? null, verdict: last?.verdict ?? null, tried: false, readyAt: now };
  return { ...state, done, outbox: [...ready(state.outbox, now), asked] };
}

// What to send next: some verdicts, each about another comment, or one undo; nothing while all wait.
export function toSend(state, now) {
  const [first] = state.outbox;
  if (!first || first.readyAt > now) return [];
  if (first.type === "undo") return [first];
  const batch = [];
  for (const entry of state.outbox) {
    const fits = entry.type === "verdict" && entry.readyAt <= now && batch.length < MOST_SENT;
    if (!fits || batch.some((other) => other.item === entry.item)) break;
    batch.push(entry);
  }
  return batch;
}

export function tried(state, entries) {
  const uids = new Set(entries.map((entry) => entry.uid));
  return { ...state, outbox: state.outbox.map((entry) => (uids.has(entry.uid) ? { ...entry, tried: true } : entry)) };
}

// What the server says became of what was sent. `cards`: what an undo brings back.
export function acknowledge(state, sent, results, cards = []) {
  let next = { ...state, outbox: state.outbox.filter((entry) => !sent.some((other) => other.uid === entry.uid)) };
  for (const result of results) {
    const entry = sent.find((other) => other.uid === result.uid) ?? sent[0];
    next = noteVersion(next, result);
    next = SAVED.has(result.status) ? noteSaved(next, entry, result) : noteRefused(next, entry, result);
  }
  const returned = cards.filter((card) => card.version >= (next.versions[card.item] ?? 0));
  const others = next.cards.filter((card) => !returned.some((other) => other.item === card.item));
  const at = Math.min(next.at, others.length);
  return returned.length ? { ...next, cards: [...others.slice(0, at), ...returned, ...others.slice(at)], at } : next;
}

function noteVersion(state, { item, version }) {
  if (item == null || version == null) return state;
  return { ...state, versions: { ...state.versions, [item]: Math.max(version, state.versions[item] ?? 0) } };
}

function noteSaved(state, entry, result) {
  if (entry.type === "undo") return { ...state, notice: "Taken back." };
  const done = state.done.map((one) => (one.uid === entry.uid ? { ...one, verdict: result.verdict } : one));
  const outbox = state.outbox.map((one) => (one.of === entry.uid ? { ...one, verdict: result.verdict } : one));
  return { ...state, done, outbox };
}

function noteRefused(state, entry, result) {
  const message = `Not saved: ${result.message || result.status}.`.replace("..", ".");
  return {
    ...state,
    done: state.done.filter((one) => one.uid !== entry.uid),
    outbox: state.outbox.filter((one) => one.of !== entry.uid || one.verdict !== null),
    warnings: entry.type === "verdict" ? { ...state.warnings, [entry.item]: message } : state.warnings,
    notice: message,
  };
}
