// The log viewer: a stream of lines, what of it is shown, and the tools above it.

import { Pane } from "/static/logs/pane.js";
import { makeRow } from "/static/logs/row.js";
import { Store } from "/static/logs/store.js";
import { RANKS } from "/static/logs/levels.js";

const RETRY = 2000; // milliseconds
const find = (id) => document.getElementById(`log-${id}`);
const root = document.getElementById("logs");
const [sources, search, level, only, wrap, pause, newest] = ["source", "search", "level", "only", "wrap", "pause", "newest"].map(find);

const store = new Store();
const asked = new URLSearchParams(location.search);
let target = asked.get("at") ?? "";
let paused = null; // lines that came since, while paused
let missed = 0; // lines that came since one scrolled away from the end
let current = -1;
let stream = null;
let lastId = "";

const pane = new Pane(find("lines"), row, () => {
  if (pane.following) missed = 0;
  tell();
});

function row(line, place) {
  const pattern = store.query ? new RegExp(store.query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi") : null;
  const isCurrent = place >= 0 && (place === current || (line.stamp === target && target !== ""));
  return makeRow(line, { address, several: !sources.value, pattern, current: isCurrent });
}

function address(line) {
  const query = new URLSearchParams();
  if (sources.value) query.set("source", sources.value);
  if (line) query.set("at", line.stamp);
  return `?${query}`;
}

// ---- the stream

function listen() {
  stream?.close();
  const query = new URLSearchParams();
  if (sources.value) query.set("source", sources.value);
  if (target) query.set("at", target);
  find("download").href = `${root.dataset.download}?${query}`;
  stream = new EventSource(`${root.dataset.stream}?${query}`);
  stream.addEventListener("open", () => {
    if (lastId) store.resumed();
    root.dataset.connected = "yes";
    tell();
  });
  stream.addEventListener("lines", (event) => {
    lastId = event.lastEventId;
    receive(JSON.parse(event.data));
  });
  stream.addEventListener("problem", (event) => {
    stream.close();
    find("status").textContent = JSON.parse(event.data);
  });
  stream.addEventListener("error", () => {
    root.dataset.connected = "no";
    tell();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, RETRY);
  });
}

function receive(rows) {
  if (paused) {
    paused.push(...rows);
    tell();
    return;
  }
  const before = store.view.length;
  const moved = store.add(rows);
  if (!pane.following) missed += Math.max(store.view.length - before, 0);
  if (moved || before === 0) pane.show(store.view, wrap.checked);
  else pane.extended();
  if (target && current < 0) toTarget();
  tell();
}

function toTarget() {
  const place = store.placeOf(target, sources.value);
  if (place < 0) return;
  current = place;
  pane.to(place);
  pane.redraw();
}

function restart() {
  store.clear();
  current = -1;
  missed = 0;
  lastId = "";
  paused &&= [];
  pane.following = true;
  pane.show(store.view, wrap.checked);
  listen();
}

// ---- what is said

function tell() {
  const parts = [`${store.lines.length.toLocaleString()} lines`];
  if (store.view.length !== store.lines.length) parts.push(`${store.view.length.toLocaleString()} shown`);
  if (store.dropped) parts.push(`the first ${store.dropped.toLocaleString()} left out: download has them`);
  if (paused) parts.push(`paused, ${paused.length.toLocaleString()} new`);
  parts.push(root.dataset.connected === "no" ? "not connected, trying again …" : paused ? "" : "live");
  find("status").textContent = parts.filter(Boolean).join(" · ");
  const matches = store.query ? `${(store.matches.indexOf(current) + 1 || "–").toLocaleString()} of ${store.matches.length.toLocaleString()}` : "";
  if (find("matches").textContent !== matches) find("matches").textContent = matches;
  newest.hidden = pane.following;
  newest.textContent = missed ? `${missed.toLocaleString()} new ↓` : "Newest ↓";
}

// ---- the tools

function refilter() {
  store.filter({ query: search.value, only: only.checked, rank: RANKS[level.value] ?? -1 });
  current = -1;
  pane.show(store.view, wrap.checked);
  tell();
}

function next(step) {
  const { matches } = store;
  if (!matches.length) return;
  const from = current >= 0 ? current : pane.middle - step;
  const index = step > 0 ? matches.findIndex((place) => place > from) : matches.findLastIndex((place) => place < from);
  current = matches[index >= 0 ? index : step > 0 ? 0 : matches.length - 1];
  pane.to(current);
  pane.redraw();
  tell();
}

let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    refilter();
    if (search.value && !only.checked) next(-1);
  }, 120);
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
});
for (const one of [level, only]) one.addEventListener("change", refilter);
wrap.addEventListener("change", () => {
  const place = pane.middle;
  const { following } = pane;
  pane.show(store.view, wrap.checked);
  if (!following) pane.to(place);
});
pause.addEventListener("click", () => {
  const rows = paused;
  paused = rows ? null : [];
  pause.setAttribute("aria-pressed", String(!rows));
  pause.textContent = rows ? "Pause" : "Go on";
  if (rows) receive(rows);
  tell();
});
newest.addEventListener("click", () => {
  missed = 0;
  pane.toEnd();
  tell();
});
sources.addEventListener("change", () => {
  target = "";
  history.replaceState(null, "", address(null));
  restart();
});
find("lines").addEventListener("click", (event) => {
  const link = event.target.closest(".time");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  target = new URL(link.href).searchParams.get("at");
  current = store.placeOf(target, sources.value);
  pane.redraw();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  search.focus();
});
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && listen());

listen();
