// What a terminal shows: text with its steering in, rows of cells out. As much of a VT100 as shells, pagers and
// editors need; what else steers a terminal is left out. It touches no page, so that it can be tested alone.

import { applied } from "/static/logs/ansi.js";

const KEPT = 2000; // rows that have left the screen
const TOKEN = /\x1b(?:\[([<-?]?)([0-9;:]*)([ -/]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()#%][^\x1b]|[0-Z\\^-~])|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,4096}\x1b?|[()#%])?$/;

export class Screen {
  constructor(columns, rows, answer = () => {}) {
    this.columns = columns;
    this.rows = rows;
    this.answer = answer;
    this.reset();
  }

  reset() {
    this.past = [];
    this.lines = Array.from({ length: this.rows }, () => []);
    this.x = this.y = 0;
    this.style = null;
    this.top = 0;
    this.bottom = this.rows - 1;
    this.saved = { x: 0, y: 0, style: null };
    this.main = null; // the screen beneath a pager's or an editor's
    this.arrows = "["; // or O, where a program has asked for that
    this.rest = "";
  }

  resize(columns, rows) {
    while (this.lines.length > rows) {
      if (this.y < this.lines.length - 1) this.lines.pop();
      else this.leave(this.lines.shift()), this.y--;
    }
    while (this.lines.length < rows) this.lines.push([]);
    this.columns = columns;
    this.rows = rows;
    this.top = 0;
    this.bottom = rows - 1;
    this.x = Math.min(this.x, columns - 1);
    this.y = Math.min(this.y, rows - 1);
  }

  write(text) {
    const all = this.rest + text;
    const cut = all.match(UNFINISHED);
    this.rest = cut ? cut[0] : "";
    for (const match of (cut ? all.slice(0, cut.index) : all).matchAll(TOKEN)) {
      const token = match[0];
      if (token.length === 1 && token < " ") this.control(token);
      else if (match[4]) this.steer(match[1], match[2], match[4]);
      else if (token[0] === "\x1b") this.escape(token[1], token);
      else if (token !== "\x7f") this.put(token);
    }
  }

  put(text) {
    for (const char of text) {
      if (this.x >= this.columns) {
        this.x = 0;
        this.feed();
      }
      const line = this.lines[this.y];
      while (line.length < this.x) line.push({ char: " ", style: null });
      line[this.x++] = { char, style: this.style };
    }
  }

  control(char) {
    if (char === "\r") this.x = 0;
    else if (char === "\n" || char === "\v" || char === "\f") this.feed();
    else if (char === "\b") this.x = Math.max(Math.min(this.x, this.columns) - 1, 0);
    else if (char === "\t") this.x = Math.min((this.x & ~7) + 8, this.columns - 1);
  }

  escape(kind, token) {
    if (token.length > 2) return;
    if (kind === "7") this.saved = { x: this.x, y: this.y, style: this.style };
    else if (kind === "8") Object.assign(this, this.saved);
    else if (kind === "M") this.y === this.top ? this.scroll(-1) : (this.y = Math.max(this.y - 1, 0));
    else if (kind === "D") this.feed();
    else if (kind === "E") (this.x = 0), this.feed();
    else if (kind === "c") this.reset();
  }

  steer(mark, parameters, kind) {
    const numbers = parameters.split(/[;:]/).map((text) => Number(text) || 0);
    const count = Math.max(numbers[0], 1);
    if (mark === "?" && (kind === "h" || kind === "l")) return numbers.forEach((one) => this.mode(one, kind === "h"));
    if (mark) return;
    if (kind === "m") this.style = applied(this.style, parameters);
    else if (kind === "A") this.y = Math.max(this.y - count, 0);
    else if (kind === "B" || kind === "e") this.y = Math.min(this.y + count, this.rows - 1);
    else if (kind === "C" || kind === "a") this.x = Math.min(this.x + count, this.columns - 1);
    else if (kind === "D") this.x = Math.max(Math.min(this.x, this.columns - 1) - count, 0);
    else if (kind === "G" || kind === "`") this.x = Math.min(count, this.columns) - 1;
    else if (kind === "d") this.y = Math.min(count, this.rows) - 1;
    else if (kind === "H" || kind === "f") {
      this.y = Math.min(count, this.rows) - 1;
      this.x = Math.min(Math.max(numbers[1] || 1, 1), this.columns) - 1;
    } else this.change(kind, count, numbers);
  }

  change(kind, count, numbers) {
    const line = this.lines[this.y];
    if (kind === "J") this.eraseScreen(numbers[0]);
    else if (kind === "K") this.eraseLine(numbers[0]);
    else if (kind === "P") line.splice(this.x, count);
    else if (kind === "@") line.splice(this.x, 0, ...blanks(Math.min(count, this.columns)));
    else if (kind === "X") for (let at = this.x; at < Math.min(this.x + count, line.length); at++) line[at] = blanks(1)[0];
    else if (kind === "L" || kind === "M") this.shift(this.y, kind === "L" ? -count : count);
    else if (kind === "S" || kind === "T") this.shift(this.top, kind === "S" ? count : -count);
    else if (kind === "r") this.region(numbers);
    else if (kind === "s") this.saved = { x: this.x, y: this.y, style: this.style };
    else if (kind === "u") Object.assign(this, this.saved);
    else if (kind === "n" && numbers[0] === 6) this.answer(`\x1b[${this.y + 1};${Math.min(this.x, this.columns - 1) + 1}R`);
    else if (kind === "c") this.answer("\x1b[?1;2c");
  }

  mode(which, on) {
    if (which === 1) this.arrows = on ? "O" : "[";
    else if (which === 47 || which === 1047 || which === 1049) this.beneath(on);
  }

  beneath(on) {
    if (on === Boolean(this.main)) return;
    if (on) {
      this.main = { lines: this.lines, x: this.x, y: this.y };
      this.lines = Array.from({ length: this.rows }, () => []);
      return;
    }
    const { lines, x, y } = this.main;
    this.main = null;
    Object.assign(this, { lines, x, y, top: 0, bottom: this.rows - 1 });
    this.resize(this.columns, this.rows);
  }

  region(numbers) {
    this.top = Math.min(Math.max(numbers[0] || 1, 1), this.rows) - 1;
    this.bottom = Math.max(Math.min(numbers[1] || this.rows, this.rows) - 1, this.top);
    this.x = this.y = 0;
  }

  eraseScreen(which) {
    if (which === 3) this.past = [];
    if (which >= 2) this.lines = this.lines.map(() => []);
    else {
      this.eraseLine(which);
      this.lines = this.lines.map((line, row) => ((which === 1 ? row < this.y : row > this.y) ? [] : line));
    }
  }

  eraseLine(which) {
    const line = this.lines[this.y];
    if (which === 2) this.lines[this.y] = [];
    else if (which === 1) for (let at = 0; at <= Math.min(this.x, line.length - 1); at++) line[at] = blanks(1)[0];
    else line.length = Math.min(line.length, this.x);
  }

  feed() {
    if (this.y === this.bottom) this.scroll(1);
    else this.y = Math.min(this.y + 1, this.rows - 1);
  }

  scroll(count) {
    if (count > 0 && this.top === 0 && !this.main) this.leave(this.lines[0]);
    this.shift(this.top, count);
  }

  // Moves the rows from `from` to the region's end up, or down where `count` is negative.
  shift(from, count) {
    if (from > this.bottom) return;
    for (let left = Math.min(Math.abs(count), this.rows); left > 0; left--) {
      if (count > 0) {
        this.lines.splice(from, 1);
        this.lines.splice(this.bottom, 0, []);
      } else {
        this.lines.splice(this.bottom, 1);
        this.lines.splice(from, 0, []);
      }
    }
  }

  leave(line) {
    this.past.push(line);
    if (this.past.length > KEPT) this.past.shift();
  }
}

function blanks(count) {
  return Array.from({ length: count }, () => ({ char: " ", style: null }));
}
