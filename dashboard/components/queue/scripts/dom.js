// Builds elements. Text goes in as text nodes only: nothing that an author wrote is ever parsed.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "narrow" });
const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]];
const LANGUAGES = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

export function ago(iso, now = Date.now()) {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  const [unit, size] = UNITS.find((one) => Math.abs(seconds) >= one[1]) ?? ["minute", 60];
  if (Math.abs(seconds) < 60) return "just now";
  return RELATIVE.format(-Math.round(seconds / size), unit);
}

export const time = (iso) => (iso ? h("time", { datetime: iso, title: new Date(iso).toLocaleString() }, ago(iso)) : "");

export function languageName(code) {
  if (code === "und") return "undetermined";
  try {
    return LANGUAGES.of(code);
  } catch {
    return code; // not a code that exists
  }
}

export const words = (name) => name.replaceAll("_", " ");
