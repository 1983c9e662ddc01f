// Keeps the page up to date: its own URL, asked for as an event stream, sends the parts that have changed.
// A tab that nobody looks at listens to nothing: it costs the server nothing and is brought up to date when shown.

import { morph, syncChildren } from "/static/morph.js";
import { startFilter } from "/static/filter.js";

const RETRY = 2000; // milliseconds
let stream = null;
let retry = 0;
let seen = document.getElementById("main").dataset.version; // what this page was delivered with

function listen() {
  stop();
  const url = new URL(location.href);
  if (seen) url.searchParams.set("seen", seen);
  seen = "";
  stream = new EventSource(url);
  stream.addEventListener("open", () => tell(""));
  stream.addEventListener("parts", (event) => apply(JSON.parse(event.data)));
  stream.addEventListener("gone", () => {
    stop();
    tell("This preview is gone.");
    document.body.classList.add("gone");
  });
  stream.addEventListener("error", () => {
    tell("Not connected; trying again …");
    stop();
    retry = setTimeout(listen, RETRY);
  });
}

function stop() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
}

function tell(text) {
  const place = document.getElementById("link-state");
  if (place.textContent !== text) place.textContent = text;
  document.body.classList.toggle("stale", text !== "");
}

function apply({ parts, lists }) {
  const fresh = new Map();
  for (const [id, html] of Object.entries(parts)) {
    const place = document.getElementById(id);
    const made = parse(html);
    if (!place) fresh.set(id, made.firstElementChild);
    else if (made.firstElementChild?.id === id) morph(place, made.firstElementChild);
    else syncChildren(place, made);
  }
  for (const [id, ids] of Object.entries(lists)) arrange(document.getElementById(id), ids, fresh);
}

// A row can only be parsed inside a table; a template's content may hold anything.
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function arrange(list, ids, fresh) {
  if (!list) return;
  const wanted = new Set(ids);
  for (const child of [...list.children]) if (!wanted.has(child.id)) child.remove();
  let place = list.firstElementChild;
  for (const id of ids) {
    const row = document.getElementById(id) ?? fresh.get(id);
    if (!row) continue;
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}

const isLive = seen !== ""; // a form or a message is not
document.addEventListener("visibilitychange", () => (document.hidden || !isLive ? stop() : listen()));
addEventListener("pagehide", stop);
startFilter(listen);
if (isLive && !document.hidden) listen();
