// What a program writes for a terminal → pieces of text with the classes of their colours.
// Everything else that steers a terminal is left out.

const SEQUENCE = /\x1b(?:\[([0-9;:]*)m|\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f]/g;
const STEERED = /[\x00-\x08\x0b-\x1f\x7f]/;

// A carriage return writes over the line: what a terminal would show at the end is what counts.
export function settled(text) {
  if (!text.includes("\r")) return text;
  const parts = text.split("\r").filter((part) => part !== "");
  return parts.length ? parts[parts.length - 1] : "";
}

export function plain(text) {
  return STEERED.test(text) ? text.replace(SEQUENCE, "") : text;
}

export function pieces(text) {
  if (!STEERED.test(text)) return [{ text, style: null }];
  const found = [];
  let style = null;
  let place = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > place) found.push({ text: text.slice(place, match.index), style });
    place = match.index + match[0].length;
    if (match[1] !== undefined) style = applied(style, match[1]);
  }
  if (place < text.length) found.push({ text: text.slice(place), style });
  return found;
}

export function applied(before, parameters) {
  const style = { ...before };
  const codes = (parameters || "0").split(/[;:]/).map(Number);
  while (codes.length) {
    const code = codes.shift();
    if (code === 0) for (const name of Object.keys(style)) delete style[name];
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) delete style.bold, delete style.dim;
    else if (code === 23) delete style.italic;
    else if (code === 24) delete style.underline;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code === 39) delete style.fg;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 49) delete style.bg;
    else if (code === 38 || code === 48) style[code === 38 ? "fg" : "bg"] = extended(codes);
  }
  return Object.keys(style).length ? style : null;
}

// 5;N is one of 256 colours, 2;R;G;B any.
function extended(codes) {
  const kind = codes.shift();
  if (kind === 5) {
    const n = codes.shift();
    if (n < 16) return n;
    if (n > 231) return rgb((n - 232) * 10 + 8, (n - 232) * 10 + 8, (n - 232) * 10 + 8);
    const part = (value) => (value ? value * 40 + 55 : 0);
    return rgb(part(Math.floor((n - 16) / 36)), part(Math.floor((n - 16) / 6) % 6), part((n - 16) % 6));
  }
  return kind === 2 ? rgb(codes.shift(), codes.shift(), codes.shift()) : undefined;
}

function rgb(...values) {
  return `rgb(${values.map((value) => Math.min(Math.max(value || 0, 0), 255)).join(" ")})`;
}

export function dress(element, style) {
  if (!style) return;
  for (const name of ["bold", "dim", "italic", "underline"]) if (style[name]) element.classList.add(name);
  if (typeof style.fg === "number") element.classList.add(`fg-${style.fg}`);
  else if (style.fg) element.style.color = style.fg;
  if (typeof style.bg === "number") element.classList.add(`bg-${style.bg}`);
  else if (style.bg) element.style.backgroundColor = style.bg;
}
