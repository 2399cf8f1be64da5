import assert from "node:assert/strict";
import test from "node:test";

import { segments } from "../../../dashboard/components/queue/scripts/segments.js";

const shown = (text, spans = []) => segments(text, spans).map(({ text: piece, labels, control }) => [piece, labels.join("+"), control]);

test("spans count code points, not UTF-16 units", () => {
  assert.deepEqual(shown("😀 idiot", [[2, 7, "insult", "rule"]]), [["😀 ", "", ""], ["idiot", "insult", ""]]);
});

test("overlapping spans are cut where one begins or ends", () => {
  const spans = [[0, 5, "a", "rule"], [3, 8, "b", "word"]];
  assert.deepEqual(shown("abcdefghij", spans), [["abc", "a", ""], ["de", "a+b", ""], ["fgh", "b", ""], ["ij", "", ""]]);
});

test("spans outside the text, empty or turned round mark nothing", () => {
  for (const span of [[5, 9], [1, 1], [2, 1], [-3, 0]]) assert.deepEqual(shown("abc", [[...span, "x", "rule"]]), [["abc", "", ""]]);
  assert.deepEqual(shown("abc", [[-2, 99, "x", "rule"]]), [["abc", "x", ""]]);
});

test("the pieces make up the text, whatever is in it", () => {
  for (const text of ["", "a\u202eb\u200bc", "\ud800x", "👨‍👩‍👧 ok", "مرحبا \u2066x\u2069", "a\u0000b\nc"]) {
    assert.equal(segments(text, [[1, 3, "x", "rule"], [2, 4, "y", "word"]]).map((piece) => piece.text).join(""), text);
  }
});

test("characters that hide or turn text round are named", () => {
  const named = (text) => segments(text, []).map((piece) => piece.control).filter(Boolean);
  assert.deepEqual(named("a\u202eb\u2066c"), ["RLO", "LRI"]);
  assert.deepEqual(named("id\u200bi\u200dot\u00ad"), ["ZWSP", "ZWJ", "SHY"]);
  assert.deepEqual(named("\u0000\u007f\ud800"), ["U+0000", "U+007F", "U+D800"]);
  assert.deepEqual(named("two\nlines\tand a tab"), []);
});

test("joiners that belong to an emoji or to a script are no trick", () => {
  for (const text of ["👨‍👩‍👧", "می‌خواهم", "क्‍ष"]) assert.ok(segments(text, []).every((piece) => !piece.control), text);
});
