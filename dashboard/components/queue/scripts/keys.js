// Which key means what. Letters go by their place on the keyboard (`code`), so that they work in any layout.

export const KEYS = [
  { codes: ["KeyA", "KeyF"], command: "approve", what: "Approve" },
  { codes: ["KeyD"], command: "reject", what: "Reject; then 1–9 names the reason" },
  { codes: ["KeyE"], command: "escalate", what: "Escalate to an admin" },
  { codes: ["KeyS"], command: "skip", what: "Skip: somebody else's turn" },
  { codes: ["KeyJ", "ArrowDown"], command: "next", what: "Next comment, undecided" },
  { codes: ["KeyK", "ArrowUp"], command: "previous", what: "Previous comment" },
  { codes: ["KeyZ"], command: "undo", what: "Undo (also Ctrl-Z)" },
  { codes: ["KeyX"], command: "context", what: "Context: thread, author, earlier versions" },
  { codes: ["KeyV"], command: "reveal", what: "Show blurred text" },
  { codes: [], symbol: "/", command: "filter", what: "Filter" },
  { codes: [], symbol: "?", command: "help", what: "This map" },
];

const BY_CODE = new Map(KEYS.flatMap(({ codes, command }) => codes.map((code) => [code, command])));
const DIGIT = /^(?:Digit|Numpad)([1-9])$/;
const TYPING = /^(?:INPUT|TEXTAREA|SELECT)$/;

// The command of a key press, or null. `typing`: the focus is where one types; `dialog`: one is open.
export function commandOf(event, { typing = false, dialog = false } = {}) {
  if (event.repeat || event.isComposing || event.altKey || typing || dialog) return null;
  if (event.ctrlKey || event.metaKey) {
    const isZ = event.code === "KeyZ" || event.key === "z";
    return isZ && !event.shiftKey ? { name: "undo" } : null;
  }
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return { name: "help" };
  if (event.key === "/" || event.code === "Slash") return { name: "filter" };
  if (event.shiftKey) return null;
  const digit = DIGIT.exec(event.code);
  if (digit) return { name: "reason", digit: Number(digit[1]) };
  const name = BY_CODE.get(event.code);
  return name ? { name } : null;
}

// Whether an element takes what is typed.
export function isTyping(element) {
  return Boolean(element && (element.isContentEditable || TYPING.test(element.tagName ?? "")));
}

// What is printed on a key: by the keyboard's own layout where the browser tells it.
export function keyLabel(code, layout) {
  const printed = layout?.get(code);
  if (printed) return printed.toUpperCase();
  return { ArrowDown: "↓", ArrowUp: "↑" }[code] ?? code.replace(/^Key/, "");
}
