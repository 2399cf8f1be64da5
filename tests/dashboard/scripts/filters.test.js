import assert from "node:assert/strict";
import test from "node:test";

import { formatFilter, fromSearch, parseFilter, toSearch } from "../../../dashboard/components/queue/scripts/filters.js";

const site = { attributes: ["toxicity", "threat"], user: "ana" };
const parse = (text) => parseFilter(text, site);

const CASES = {
  "": {},
  "site:news language:ko rule:many-links": { site: "news", language: "ko", rule: "many-links" },
  'thread:"an article"': { thread: "an article" },
  "toxicity:0.5-0.8": { attribute: "toxicity", low: "0.5", high: "0.8" },
  "threat:>0.4": { attribute: "threat", low: "0.4" },
  "score:.9-1": { low: ".9" },
  "age:>2h age:<3d": { min_age: "2h", max_age: "3d" },
  "mine escalated": { assigned_to: "ana", escalated: "yes" },
};

for (const [text, query] of Object.entries(CASES)) {
  test(`reads ${text || "nothing"}`, () => assert.deepEqual(parse(text), { query, problems: [] }));
  test(`writes ${text || "nothing"} so that it reads the same`, () => assert.deepEqual(parse(formatFilter(query, site)).query, query));
}

test("each word that makes no sense is named", () => {
  for (const text of ["hello", "colour:red", "toxicity:2", "toxicity:0.1-0.2-0.3", "age:soon", "site:"]) {
    assert.equal(parse(text).problems.length, 1, text);
  }
});

test("the URL keeps what is not ours, and gives back what is", () => {
  const search = toSearch({ site: "a&b", low: "0.5" }, "?page=2&language=ko");
  assert.equal(new URLSearchParams(search).get("page"), "2");
  assert.deepEqual(fromSearch(search), { site: "a&b", low: "0.5" });
  assert.equal(toSearch({}, "?site=x"), "");
});
