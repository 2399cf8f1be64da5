// What a comment looks like, and why it is here.

import { ago, h, languageName, time, words } from "./dom.js";
import { segments } from "./segments.js";

const OUTCOMES = {
  not_covered: "doesn't know this language", failed: "failed", timed_out: "took too long", skipped: "was skipped",
};
const EXCERPT = 90;
const SHOWN_NEXT = 12;

// A hostile text: marked, isolated, its invisible characters made visible.
export function hostileText(text, spans = []) {
  const pieces = segments(text, spans).map(({ text: piece, labels, kinds, control }) => {
    const inner = control ? h("span", { class: "control", title: nameOf(piece, control) }, control) : piece;
    return labels.length ? h("mark", { class: kinds.join(" "), title: labels.join(", ") }, inner) : inner;
  });
  return h("bdi", { dir: "auto", class: "hostile" }, ...pieces);
}

const nameOf = (piece, control) => `${control}, U+${piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

function excerpt(text) {
  const points = Array.from(text.slice(0, EXCERPT * 4));
  const short = points.length > EXCERPT ? `${points.slice(0, EXCERPT).join("")}…` : points.join("");
  return hostileText(short.replace(/\s+/gu, " "));
}

export function cardView(card, { warning, blurred }) {
  return [
    warning ? h("p", { class: "warning" }, warning) : null,
    h("header", {}, who(card), where(card), h("span", { class: "when" }, time(card.created_at))),
    badges(card),
    h("div", { class: blurred ? "text blurred" : "text" }, hostileText(card.text, card.spans)),
    blurred ? h("p", { class: "hint" }, "Severe text, blurred. V shows it.") : null,
    card.verdicts.length ? verdicts(card.verdicts) : null,
  ];
}

function who({ author }) {
  if (!author) return h("span", { class: "who" }, "unknown author");
  const facts = [
    author.is_moderator ? "moderator" : author.is_trusted ? "trusted" : "",
    author.rejection_rate != null ? `${Math.round(author.rejection_rate * 100)} % rejected` : "",
  ].filter(Boolean);
  return h("span", { class: "who" }, h("b", {}, hostileText(author.name || author.id)), facts.length ? ` · ${facts.join(" · ")}` : "");
}

function where(card) {
  const thread = card.thread ? [" · ", hostileText(card.thread)] : [];
  return h("span", { class: "where" }, hostileText(card.site), ...thread, card.is_reply ? " · reply" : "");
}

function badges(card) {
  const badge = (text, kind) => h("li", { class: kind }, text);
  const list = [
    card.blind ? badge("second opinion: changes nothing for readers", "blind") : null,
    card.escalated ? badge("escalated", "escalated") : null,
    card.revision > 0 ? badge(`edited, version ${card.revision + 1}`, "plain") : null,
    card.reports ? badge(`${card.reports} ${card.reports === 1 ? "report" : "reports"}`, "reports") : null,
  ].filter(Boolean);
  return list.length ? h("ul", { class: "badges" }, ...list) : null;
}

export function whyView(card) {
  return [
    h("h3", {}, "Why it is here"),
    card.reasons.length
      ? h("ul", { class: "reasons" }, ...card.reasons.map(reasonView))
      : h("p", { class: "quiet" }, "No rule asks for anything: it was queued by hand."),
    ...card.unanswered.filter(([, outcome]) => outcome !== "skipped").map(unansweredView),
    card.scores.length ? scoresView(card.scores) : null,
    h("p", { class: "language" }, "Language ", h("b", {}, languageName(card.language[0])),
      card.language[0] === "und" ? "" : h("span", { class: "quiet" }, ` ${Math.round(card.language[1] * 100)} % sure`)),
  ];
}

function reasonView({ rule, action, message, evidence }) {
  const values = Object.entries(evidence).map(([name, value]) => `${words(name)} ${typeof value === "number" ? rounded(value) : value}`);
  return h("li", {},
    h("span", { class: `action ${action}` }, action), " ", h("b", {}, rule),
    values.length ? h("span", { class: "evidence" }, ...hostileText(values.join(" · ")).childNodes) : null,
    h("p", { class: "sentence" }, message));
}

const rounded = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

function unansweredView([name, outcome, error]) {
  return h("p", { class: "unanswered" },
    h("b", {}, `${words(name)} ${OUTCOMES[outcome] ?? outcome}`), error ? h("code", {}, error) : null,
    h("span", {}, "No answer is not a hit."));
}

function scoresView(scores) {
  const row = ([name, score]) => h("tr", {},
    h("th", { scope: "row" }, words(name)),
    h("td", { class: "track" }, h("span", { class: level(score), style: `width:${Math.round(score * 100)}%` })),
    h("td", { class: "number" }, score.toFixed(2)));
  return h("table", { class: "scores" }, h("caption", { class: "sr" }, "Scores"), h("tbody", {}, ...scores.map(row)));
}

const level = (score) => (score >= 0.8 ? "high" : score >= 0.5 ? "middle" : "low");

function verdicts(list) {
  const line = ({ kind, by, reason, note, at }) => h("li", {},
    h("b", {}, kind), " by ", hostileText(by), reason ? [" · ", hostileText(reason)] : "", " ", time(at),
    note ? h("q", {}, hostileText(note)) : null);
  return h("ul", { class: "verdicts", "aria-label": "Earlier verdicts" }, ...list.map(line));
}

export function upcomingView(cards, at, { blur, goTo }) {
  const from = Math.max(0, Math.min(at - 2, cards.length - SHOWN_NEXT));
  return cards.slice(from, from + SHOWN_NEXT).map((card, index) => {
    const isCurrent = from + index === at;
    const top = card.scores[0]?.[1];
    return h("li", {},
      h("button", { type: "button", "aria-current": isCurrent ? "true" : null, onclick: () => goTo(card.item) },
        h("span", { class: `dot ${top === undefined ? "none" : level(top)}` }, top === undefined ? "–" : top.toFixed(2)),
        h("span", { class: card.severe && blur ? "excerpt blurred" : "excerpt" }, excerpt(card.text))));
  });
}

export function contextView({ thread, author, revisions, verdicts: given }) {
  return [
    section("In the thread", h("ul", { class: "lines" }, ...thread.map(threadLine))),
    author ? section("The author", authorView(author)) : null,
    revisions.length > 1 ? section("Versions", h("ol", { class: "revisions" }, ...revisions.map(revisionView))) : null,
    given.length ? section("Verdicts", verdicts(given)) : null,
  ];
}

const section = (title, ...children) => h("section", {}, h("h3", {}, title), ...children);

function threadLine(line) {
  return h("li", { class: line.here ? "here" : null },
    h("span", { class: "quiet" }, hostileText(line.author?.name || line.author?.id || "unknown"), " ", time(line.created_at)),
    h("span", { class: `action ${line.action}` }, line.action), hostileText(line.text));
}

function authorView(author) {
  const rate = author.rejection_rate === null ? "–" : `${Math.round(author.rejection_rate * 100)} %`;
  const facts = [["comments", author.comments], ["approved", author.approved], ["rejected", author.rejected], ["rejection rate", rate],
    ["since", author.first_seen ? ago(author.first_seen) : "–"]];
  return h("div", {},
    h("dl", {}, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))),
    h("ul", { class: "lines" }, ...author.last.map((line) => h("li", {},
      h("span", { class: "quiet" }, time(line.created_at)), h("span", { class: `action ${line.action}` }, line.action), hostileText(line.text)))),
    author.verdicts.length ? verdicts(author.verdicts) : null);
}

function revisionView({ revision, received_at: received, changes }) {
  const tags = { added: "ins", removed: "del", same: "span" };
  const pieces = changes.map(([kind, piece]) => h(tags[kind], {}, ...hostileText(piece).childNodes));
  return h("li", {}, h("span", { class: "quiet" }, `version ${revision + 1} `, time(received)),
    h("bdi", { dir: "auto", class: "hostile" }, ...pieces));
}
