// The filter as one types it (`language:ko toxicity:0.5-0.8 age:>2h mine`), and as it stands in the URL.

export const PARAMETERS = [
  "site", "thread", "language", "rule", "attribute", "low", "high", "min_age", "max_age", "escalated", "assigned_to", "action",
];
const WORDS = { lang: "language", site: "site", thread: "thread", language: "language", rule: "rule", action: "action" };
const AGE = /^([<>]?)(\d{1,6}[dhms])$/;
const TOKEN = /([^\s:"]+):(?:"([^"]*)"|(\S*))|(\S+)/gu;

// Returns {query, problems}: parameters of the URL, and a sentence for each word that makes no sense.
export function parseFilter(text, { attributes, user }) {
  const query = {};
  const problems = [];
  for (const [, key, quoted, bare, word] of text.matchAll(TOKEN)) {
    const problem = word ? readWord(word, user, query) : readPair(key.toLowerCase(), quoted ?? bare, attributes, query);
    if (problem) problems.push(problem);
  }
  return { query, problems };
}

function readWord(word, user, query) {
  if (word === "mine") query.assigned_to = user;
  else if (word === "escalated") query.escalated = "yes";
  else return `“${word}” is no filter`;
  return "";
}

function readPair(key, value, attributes, query) {
  if (!value) return `“${key}:” needs a value`;
  if (key in WORDS) query[WORDS[key]] = value;
  else if (key === "age") return readAge(value, query);
  else if (key === "score" || attributes.includes(key)) return readScore(key, value, query);
  else return `“${key}” is no filter`;
  return "";
}

function readAge(value, query) {
  const found = AGE.exec(value);
  if (!found) return "age is written like >2h or <30m";
  query[found[1] === "<" ? "max_age" : "min_age"] = found[2];
  return "";
}

function readScore(key, value, query) {
  const [low, high, more] = value.startsWith(">") ? [value.slice(1), "1"] : value.split("-");
  const isScore = (text) => /^(?:0|1|0?\.\d+|1\.0+)$/.test(text ?? "");
  if (more !== undefined || !isScore(low) || (high !== undefined && !isScore(high))) {
    return `${key} is written like 0.5-0.8 or >0.5`;
  }
  if (key !== "score") query.attribute = key;
  query.low = low;
  if (high !== undefined && Number(high) < 1) query.high = high;
  return "";
}

// The way back: what one would type for these parameters.
export function formatFilter(query, { user }) {
  const words = [];
  const quote = (value) => (/\s/.test(value) ? `"${value}"` : value);
  for (const key of ["site", "thread", "language", "rule", "action"]) {
    if (query[key]) words.push(`${key}:${quote(query[key])}`);
  }
  if (query.low || query.high) {
    const band = query.high ? `${query.low ?? "0"}-${query.high}` : `>${query.low}`;
    words.push(`${query.attribute ?? "score"}:${band}`);
  }
  if (query.min_age) words.push(`age:>${query.min_age}`);
  if (query.max_age) words.push(`age:<${query.max_age}`);
  if (query.escalated === "yes") words.push("escalated");
  if (query.assigned_to === user && user) words.push("mine");
  return words.join(" ");
}

// The filter's parameters among all of a URL.
export function fromSearch(search) {
  const all = new URLSearchParams(search);
  return Object.fromEntries(PARAMETERS.filter((name) => all.get(name)).map((name) => [name, all.get(name)]));
}

// The URL's search with this filter in it, and what else was there.
export function toSearch(query, search) {
  const all = new URLSearchParams(search);
  for (const name of PARAMETERS) all.delete(name);
  for (const [name, value] of Object.entries(query)) all.set(name, value);
  const text = all.toString();
  return text ? `?${text}` : "";
}
