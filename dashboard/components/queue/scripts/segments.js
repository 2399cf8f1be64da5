// Cuts a hostile text into pieces that can be shown by textContent: marked stretches, and characters
// that would otherwise be invisible or turn the text around. Positions are code points, as in Python.

const NAMES = new Map([
  [0x00ad, "SHY"], [0x061c, "ALM"], [0x180e, "MVS"], [0x200b, "ZWSP"], [0x200c, "ZWNJ"], [0x200d, "ZWJ"],
  [0x200e, "LRM"], [0x200f, "RLM"], [0x202a, "LRE"], [0x202b, "RLE"], [0x202c, "PDF"], [0x202d, "LRO"],
  [0x202e, "RLO"], [0x2060, "WJ"], [0x2061, "FA"], [0x2062, "IT"], [0x2063, "IS"], [0x2064, "IP"],
  [0x2066, "LRI"], [0x2067, "RLI"], [0x2068, "FSI"], [0x2069, "PDI"], [0xfeff, "BOM"], [0x115f, "HCF"],
  [0x1160, "HJF"], [0x3164, "HF"], [0xffa0, "HHF"], [0x034f, "CGJ"], [0x2028, "LSEP"], [0x2029, "PSEP"],
]);
const JOINERS = new Set([0x200c, 0x200d]);
const JOINED = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}]/u;

// The name of a character that can't be seen, or "" for one that can (or that is where it belongs).
export function controlName(points, index) {
  const code = points[index].codePointAt(0);
  if (JOINERS.has(code) && JOINED.test(points[index - 1] ?? "") && JOINED.test(points[index + 1] ?? "")) return "";
  if (NAMES.has(code)) return NAMES.get(code);
  if (code >= 0xe0000 && code <= 0xe007f) return "TAG";
  if (code >= 0xd800 && code <= 0xdfff) return `U+${code.toString(16).toUpperCase()}`;
  const isControl = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0);
  return isControl ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : "";
}

// `spans`: [start, end, label, kind] in code points; they may overlap, lie outside or be empty.
// Returns pieces {text, labels, kinds, control}; their texts make up the whole text, in order.
export function segments(text, spans) {
  const points = Array.from(text);
  const clean = spans
    .map(([start, end, ...rest]) => [Math.max(0, start), Math.min(points.length, end), ...rest])
    .filter(([start, end]) => start < end);
  const pieces = [];
  let open = null;
  const cuts = new Set(clean.flatMap(([start, end]) => [start, end]));
  for (let index = 0; index < points.length; index += 1) {
    const control = controlName(points, index);
    if (open && !control && !open.control && !cuts.has(index)) {
      open.text += points[index];
      continue;
    }
    const over = clean.filter(([start, end]) => start <= index && index < end);
    open = {
      text: points[index],
      labels: [...new Set(over.map((span) => span[2]))],
      kinds: [...new Set(over.map((span) => span[3]))],
      control,
    };
    pieces.push(open);
  }
  return pieces;
}
