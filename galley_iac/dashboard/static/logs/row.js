// One line as an element: its time is a link to it, its source has a colour, matches are marked.

import { dress, pieces } from "/static/logs/ansi.js";

const HUES = 8;
const two = (number) => String(number).padStart(2, "0");

export function makeRow(line, { address, several, pattern, current }) {
  const row = document.createElement("div");
  row.className = `line ${line.level}`;
  row.classList.toggle("current", current);
  const time = document.createElement("a");
  time.className = "time";
  time.href = address(line);
  time.textContent = line.stamp.startsWith("1970-") ? String(line.number) : clock(line.stamp);
  time.title = `${line.stamp}: link to this line`;
  row.append(time);
  if (several) {
    const source = document.createElement("span");
    source.className = `source hue-${hue(line.source)}`;
    source.textContent = line.source;
    row.append(source);
  }
  const text = document.createElement("span");
  text.className = "text";
  text.append(...marked(line, pattern));
  row.append(text);
  return row;
}

function clock(stamp) {
  const moment = new Date(`${stamp.slice(0, 23)}Z`);
  const milliseconds = String(moment.getMilliseconds()).padStart(3, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}.${milliseconds}`;
}

function hue(source) {
  let sum = 0;
  for (const letter of source) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % HUES;
}

// The pieces of the line, cut once more where a match begins or ends.
function marked(line, pattern) {
  const ranges = pattern ? [...line.bare.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]) : [];
  const nodes = [];
  let place = 0;
  for (const piece of pieces(line.text)) {
    const end = place + piece.text.length;
    for (const [from, to, hit] of cut(place, end, ranges)) nodes.push(node(piece, from - place, to - place, hit));
    place = end;
  }
  return nodes;
}

function* cut(start, end, ranges) {
  let place = start;
  for (const [from, to] of ranges) {
    if (to <= place || from >= end) continue;
    if (from > place) yield [place, from, false];
    yield [Math.max(from, place), Math.min(to, end), true];
    place = Math.min(to, end);
  }
  if (place < end) yield [place, end, false];
}

function node(piece, from, to, hit) {
  const text = piece.text.slice(from, to);
  if (!hit && !piece.style) return document.createTextNode(text);
  const element = document.createElement(hit ? "mark" : "span");
  element.textContent = text;
  dress(element, piece.style);
  return element;
}
