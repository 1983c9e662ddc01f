// All lines that have come, and which of them are shown.

import { plain, settled } from "/static/logs/ansi.js";
import { Levels, RANKS } from "/static/logs/levels.js";

const MOST = 200_000;
const DROPPED = 40_000;
const TAB = "        ";

export class Store {
  lines = [];
  view = []; // lines that pass the filter
  matches = []; // places in the view
  dropped = 0;
  #levels = new Levels();
  #last = new Map(); // source → stamp
  #known = new Map(); // what had been seen when the connection was lost
  #filter = { rank: -1, query: "", only: false };
  #pattern = null;

  clear() {
    this.lines = [];
    this.view = [];
    this.matches = [];
    this.dropped = 0;
    this.#levels = new Levels();
    this.#last.clear();
    this.#known.clear();
  }

  // The server sends the last moments again after a lost connection.
  resumed() {
    this.#known = new Map(this.#last);
  }

  // Returns whether lines were dropped at the front, so that all places have moved.
  add(rows) {
    for (const [stamp, source, written, event] of rows) {
      if (stamp <= (this.#known.get(source) ?? "")) continue;
      const text = settled(written).replaceAll("\t", TAB);
      const bare = plain(text);
      const level = event ? "event" : this.#levels.of(source, bare);
      const line = { stamp, source, text, bare, level, event: Boolean(event), number: this.dropped + this.lines.length + 1 };
      this.#last.set(source, stamp);
      this.lines.push(line);
      this.#show(line);
    }
    if (this.lines.length <= MOST) return false;
    this.lines.splice(0, DROPPED);
    this.dropped += DROPPED;
    this.#rebuild();
    return true;
  }

  filter(change) {
    Object.assign(this.#filter, change);
    const query = this.#filter.query;
    this.#pattern = query ? new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") : null;
    this.#rebuild();
  }

  get query() {
    return this.#filter.query;
  }

  placeOf(stamp, source) {
    return this.view.findIndex((line) => line.stamp === stamp && (!source || line.source === source));
  }

  #rebuild() {
    this.view = [];
    this.matches = [];
    for (const line of this.lines) this.#show(line);
  }

  #show(line) {
    const { rank, only } = this.#filter;
    if (!line.event && (RANKS[line.level] ?? RANKS.info) < rank) return;
    const found = this.#pattern !== null && this.#pattern.test(line.bare);
    if (only && this.#pattern && !found) return;
    if (found) this.matches.push(this.view.length);
    this.view.push(line);
  }
}
