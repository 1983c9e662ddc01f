// A shell in a service's container: what is typed goes out in requests of its own, one after the other, what is
// written comes as events. When the page goes away, the events end, and the shell with them.

import { dress } from "/static/logs/ansi.js";
import { Screen } from "/static/shell/screen.js";
import { sent } from "/static/shell/keys.js";

const PIECE = 2000; // characters in one request

const frame = document.getElementById("shell");
const place = document.getElementById("shell-lines");
const input = document.getElementById("shell-input");
const status = document.getElementById("shell-status");
const again = document.getElementById("shell-again");

let screen = null;
let events = null;
let address = "";
let waiting = ""; // what was typed and is not on its way yet
let size = null;
let busy = false;
let drawing = 0;

async function begin() {
  again.hidden = true;
  tell("Opening …");
  screen = new Screen(...measured(), type);
  draw();
  const answer = await post(frame.dataset.begin, { service: frame.dataset.service });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) return ended(said.error?.message ?? "It could not be opened.");
  address = `/shells/${encodeURIComponent(said.shell)}`;
  events = new EventSource(`${address}/output`);
  events.addEventListener("open", () => tell("connected"));
  events.addEventListener("output", (event) => (screen.write(JSON.parse(event.data)), draw()));
  events.addEventListener("ended", () => ended("The shell has ended."));
  events.addEventListener("error", () => ended("The connection has ended, and the shell with it."));
  size = { columns: screen.columns, rows: screen.rows };
  pump();
  input.focus();
}

function post(url, body) {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": frame.dataset.csrf };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

function type(text) {
  waiting += text;
  pump();
}

async function pump() {
  if (busy || !address || !(waiting || size)) return;
  busy = true;
  const body = { ...size, text: waiting.slice(0, PIECE) };
  waiting = waiting.slice(PIECE);
  size = null;
  const answer = await post(`${address}/input`, body).catch(() => null);
  busy = false;
  if (answer?.ok) pump();
}

function ended(why) {
  events?.close();
  events = null;
  address = waiting = "";
  tell(why);
  again.hidden = false;
}

function tell(text) {
  status.textContent = text;
}

function measured() {
  const probe = document.getElementById("shell-measure").getBoundingClientRect();
  const style = getComputedStyle(place);
  const inside = place.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const tall = place.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
  return [Math.max(Math.floor(inside / (probe.width / 10)), 20), Math.max(Math.floor(tall / probe.height), 5)];
}

function draw() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    const followed = place.scrollTop + place.clientHeight >= place.scrollHeight - 4;
    const past = screen.main ? [] : screen.past;
    const cursor = past.length + screen.y;
    const rows = [...past, ...screen.lines].map((line, row) => drawn(line, row === cursor ? screen.x : -1));
    place.replaceChildren(...rows);
    if (followed) place.scrollTop = place.scrollHeight;
  });
}

function drawn(line, cursor) {
  const row = document.createElement("div");
  row.className = "shell-row";
  const cells = cursor < 0 ? line : [...line, ...Array.from({ length: Math.max(cursor + 1 - line.length, 0) }, () => ({ char: " ", style: null }))];
  let span = null;
  cells.forEach((cell, at) => {
    if (!span || cell.style !== cells[at - 1].style || at === cursor || at === cursor + 1) {
      span = row.appendChild(document.createElement("span"));
      dress(span, cell.style);
      span.classList.toggle("cursor", at === cursor);
    }
    span.textContent += cell.char;
  });
  return row;
}

input.addEventListener("keydown", (event) => {
  const text = sent(event, screen.arrows);
  if (!text) return;
  event.preventDefault();
  type(text);
});
input.addEventListener("input", (event) => {
  if (event.isComposing) return;
  type(input.value.replaceAll(/\r?\n/g, "\r"));
  input.value = "";
});
place.addEventListener("click", () => getSelection().isCollapsed && input.focus());
again.addEventListener("click", begin);
new ResizeObserver(() => {
  const [columns, rows] = measured();
  if (!screen || (columns === screen.columns && rows === screen.rows)) return;
  screen.resize(columns, rows);
  size = { columns, rows };
  draw();
  pump();
}).observe(place);
addEventListener("pagehide", () => events?.close());
addEventListener("pageshow", (event) => event.persisted && ended("The page was left, and the shell has ended."));
begin();
