import assert from "node:assert/strict";
import test from "node:test";

import { KEYS, commandOf, isTyping, keyLabel } from "../../../dashboard/components/queue/scripts/keys.js";

const press = (code, rest = {}) => ({ code, key: "", ...rest });
const name = (event, where) => commandOf(event, where)?.name ?? null;

test("letters go by their place, whatever they print", () => {
  const cases = { KeyA: "approve", KeyF: "approve", KeyD: "reject", KeyE: "escalate", KeyS: "skip", KeyJ: "next", KeyK: "previous", KeyZ: "undo", KeyX: "context" };
  for (const [code, command] of Object.entries(cases)) assert.equal(name(press(code, { key: "ㅁ" })), command);
});

test("keys that Streamlit keeps for itself mean nothing", () => {
  for (const code of ["KeyC", "KeyR"]) assert.equal(name(press(code)), null);
});

test("a held key, a dialog, an input and an unfinished syllable send nothing", () => {
  assert.equal(name(press("KeyA", { repeat: true })), null);
  assert.equal(name(press("KeyA", { isComposing: true })), null);
  assert.equal(name(press("KeyA"), { dialog: true }), null);
  assert.equal(name(press("KeyA"), { typing: true }), null);
});

test("with Ctrl, Cmd, Alt or Shift only undo is ours", () => {
  assert.equal(name(press("KeyZ", { ctrlKey: true })), "undo");
  assert.equal(name(press("KeyY", { key: "z", metaKey: true })), "undo");
  for (const rest of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { shiftKey: true }]) assert.equal(name(press("KeyA", rest)), null);
  assert.equal(name(press("KeyZ", { ctrlKey: true, shiftKey: true })), null);
});

test("the filter and the map go by what is printed", () => {
  assert.equal(name(press("Digit7", { key: "/", shiftKey: true })), "filter");
  assert.equal(name(press("Minus", { key: "?", shiftKey: true })), "help");
  assert.equal(name(press("Slash", { key: "/" })), "filter");
});

test("digits name a reason, on either part of the keyboard", () => {
  assert.deepEqual(commandOf(press("Digit3")), { name: "reason", digit: 3 });
  assert.deepEqual(commandOf(press("Numpad9")), { name: "reason", digit: 9 });
  assert.equal(name(press("Digit0")), null);
});

test("no key has two meanings, and each says what it does", () => {
  const codes = KEYS.flatMap((key) => key.codes);
  assert.equal(new Set(codes).size, codes.length);
  assert.ok(KEYS.every((key) => key.what && key.command));
});

test("typing is an input, a text area, a choice or anything editable", () => {
  assert.ok(isTyping({ tagName: "INPUT" }) && isTyping({ tagName: "DIV", isContentEditable: true }));
  assert.ok(!isTyping({ tagName: "BUTTON" }) && !isTyping(null));
});

test("a key is called what its layout prints on it", () => {
  assert.equal(keyLabel("KeyA", new Map([["KeyA", "q"]])), "Q");
  assert.equal(keyLabel("KeyA", undefined), "A");
  assert.equal(keyLabel("ArrowDown"), "↓");
});
