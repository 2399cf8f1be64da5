import assert from "node:assert/strict";
import test from "node:test";

import * as s from "../../../dashboard/components/queue/scripts/state.js";

const card = (item, version = 1) => ({ item, version, comment: item * 10, text_hash: `h${item}`, text: `comment ${item}` });
const filled = (...items) => s.add(s.initial(), items.map((item) => card(item)));
const decide = (state, kind, uid, now = 0) => s.decide(state, kind, { uid, now });
const items = (state) => state.cards.map((one) => one.item);
const uids = (entries) => entries.map((entry) => entry.uid);
const applied = (entry, version = entry.version + 1) => ({ uid: entry.uid, status: "applied", verdict: 7, item: entry.item, version });
const send = (state, now = 0) => {
  const batch = s.toSend(state, now);
  return [s.tried(state, batch), batch];
};

test("a decision takes the comment off the screen and waits in the log", () => {
  const state = decide(filled(1, 2, 3), "approve", "u1");
  assert.equal(s.current(state).item, 2);
  assert.equal(s.unsaved(state), 1);
  assert.deepEqual(s.toSend(state, 0)[0], state.outbox[0]);
  assert.equal(state.outbox[0].text_hash, "h1");
});

test("twenty decisions are twenty, each about its own comment", () => {
  let state = filled(...Array.from({ length: 25 }, (_, index) => index + 1));
  for (let index = 0; index < 20; index += 1) state = decide(state, index % 2 ? "reject" : "approve", `u${index}`, index);
  assert.equal(new Set(state.outbox.map((entry) => entry.item)).size, 20);
  assert.equal(s.current(state).item, 21);
});

test("with nothing to decide a key does nothing", () => {
  const state = filled();
  assert.equal(decide(state, "approve", "u1"), state);
});

test("an answer from before a decision brings nothing back", () => {
  const pending = decide(filled(1, 2), "approve", "u1");
  assert.deepEqual(items(s.add(pending, [card(1), card(2), card(3)])), [2, 3]);
  const [sent, batch] = send(pending);
  const saved = s.acknowledge(sent, batch, batch.map((entry) => applied(entry)));
  assert.equal(s.unsaved(saved), 0);
  assert.deepEqual(items(s.add(saved, [card(1), card(2)])), [2]);
  assert.deepEqual(new Set(items(s.add(saved, [card(1, 2), card(2)]))), new Set([1, 2]));
});

test("what the server gives no longer goes, but not from under the reader", () => {
  assert.deepEqual(items(s.add(filled(1, 2, 3), [card(3)])), [1, 3]);
});

test("a reload keeps the log, and nothing of it comes back on the screen", () => {
  const { outbox } = decide(filled(1, 2), "reject", "u1", 0);
  const state = s.add(s.initial(JSON.parse(JSON.stringify(outbox))), [card(1), card(2)]);
  assert.deepEqual(items(state), [2]);
  assert.deepEqual(uids(s.toSend(state, 0)), ["u1"]);
});

test("a rejection waits for its reason, then goes without", () => {
  const state = decide(filled(1, 2), "reject", "u1", 100);
  assert.deepEqual(s.toSend(state, 100), []);
  assert.equal(s.awaitingReason(state, 100).uid, "u1");
  const named = s.giveReason(state, "spam", 200);
  assert.equal(s.toSend(named, 200)[0].reason, "spam");
  assert.equal(s.giveReason(named, "other", 300), named);
  assert.equal(s.toSend(state, 100 + s.REASON_MS)[0].reason, "");
});

test("the next decision sends a rejection that waits", () => {
  const state = decide(decide(filled(1, 2, 3), "reject", "u1", 0), "approve", "u2", 10);
  assert.deepEqual(uids(s.toSend(state, 10)), ["u1", "u2"]);
  assert.equal(s.awaitingReason(state, 10), null);
});

test("undo of what was never sent asks nobody", () => {
  const state = s.undo(decide(filled(1, 2), "reject", "u1", 0), { uid: "x", now: 1 });
  assert.deepEqual(items(state), [1, 2]);
  assert.equal(s.unsaved(state), 0);
});

test("undo of what was perhaps saved waits for the answer, then asks the server", () => {
  const [sent, batch] = send(decide(filled(1, 2), "approve", "u1"));
  const undone = s.undo(sent, { uid: "x", now: 1 });
  assert.deepEqual(uids(s.toSend(undone, 1)), ["u1"]);
  const saved = s.acknowledge(undone, batch, batch.map((entry) => applied(entry)));
  const [asked, undos] = send(saved, 1);
  assert.deepEqual([undos[0].type, undos[0].verdict], ["undo", 7]);
  const back = s.acknowledge(asked, undos, [{ uid: "x", status: "applied", item: 1, version: 3 }], [card(1, 3)]);
  assert.deepEqual(items(back), [1, 2]);
  assert.equal(s.current(back).version, 3);
});

test("with nothing of one's own to take back, undo asks for the last verdict", () => {
  const [, batch] = send(s.undo(filled(1), { uid: "x", now: 0 }));
  assert.deepEqual([batch[0].type, batch[0].verdict], ["undo", null]);
});

test("the undo of a refused decision is dropped", () => {
  const [sent, batch] = send(decide(filled(1), "approve", "u1"));
  const undone = s.undo(sent, { uid: "x", now: 1 });
  const refused = s.acknowledge(undone, batch, [{ uid: "u1", status: "changed", message: "it changed", item: 1, version: 2 }]);
  assert.equal(s.unsaved(refused), 0);
});

test("a comment that changed meanwhile is shown again, first, with the reason", () => {
  const [sent, batch] = send(decide(filled(1, 2, 3), "approve", "u1"));
  const refused = s.acknowledge(sent, batch, [{ uid: "u1", status: "changed", message: "the text changed", item: 1, version: 2 }]);
  assert.match(refused.notice, /the text changed/);
  const again = s.add(refused, [card(1, 2), card(2), card(3)]);
  assert.equal(s.current(again).item, 1);
  assert.match(again.warnings[1], /the text changed/);
});

test("two decisions on one comment go one after the other", () => {
  let state = decide(filled(1, 2), "approve", "u1");
  state = s.add({ ...state, outbox: state.outbox }, [card(2)]);
  state = { ...state, outbox: [...state.outbox, { ...state.outbox[0], uid: "u3" }] };
  assert.deepEqual(uids(s.toSend(state, 0)), ["u1"]);
});

test("moving stays within what is there", () => {
  const state = filled(1, 2);
  assert.equal(s.current(s.move(s.move(state, 1), 1)).item, 2);
  assert.equal(s.move(state, -1), state);
  assert.equal(s.current(decide(s.move(state, 1), "skip", "u1")).item, 1);
});
