// A key on the keyboard → what a terminal sends for it; nothing for what the browser keeps.

const NAMED = {
  Enter: "\r", Backspace: "\x7f", Tab: "\t", Escape: "\x1b", Insert: "\x1b[2~", Delete: "\x1b[3~",
  PageUp: "\x1b[5~", PageDown: "\x1b[6~",
};
const ARROWS = { ArrowUp: "A", ArrowDown: "B", ArrowRight: "C", ArrowLeft: "D", Home: "H", End: "F" };

export function sent(event, arrows) {
  if (event.metaKey || event.isComposing) return "";
  if (event.shiftKey && (event.key === "Tab" || event.ctrlKey)) return ""; // leaves the terminal; copies and pastes
  if (event.key in ARROWS) return `\x1b${arrows}${ARROWS[event.key]}`;
  if (event.key in NAMED) return NAMED[event.key];
  if (event.key.length !== 1) return "";
  if (event.ctrlKey && !event.altKey) return controlled(event.key);
  if (event.altKey && !event.ctrlKey) return `\x1b${event.key}`;
  return ""; // ordinary text comes as input, whichever keyboard it comes from
}

function controlled(key) {
  if (key === " ") return "\x00";
  const code = key.toUpperCase().charCodeAt(0);
  return code >= 64 && code < 96 ? String.fromCharCode(code - 64) : "";
}
