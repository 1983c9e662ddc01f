// How bad a line is, from its words. A Python traceback counts as a whole, up to the line that names the error.

export const RANKS = { debug: 0, info: 1, warn: 2, error: 3 };

const LOOKED_AT = 300; // characters
const WORDS = [
  ["error", /\b(?:FATAL|CRITICAL|PANIC|EMERG(?:ENCY)?|ALERT|ERROR|ERR|Error|Exception|panic:)\b|level["']?\s*[=:]\s*["']?(?:error|fatal|critical|panic)|^\w*(?:Error|Exception)\b/],
  ["warn", /\b(?:WARN(?:ING)?|Warning)\b|level["']?\s*[=:]\s*["']?warn/],
  ["debug", /\b(?:DEBUG|TRACE)\b|level["']?\s*[=:]\s*["']?(?:debug|trace)/],
  ["info", /\b(?:INFO|NOTICE|LOG)\b|level["']?\s*[=:]\s*["']?info/],
];
const TRACEBACK = "Traceback (most recent call last)";
const LONGEST = 200; // lines

export class Levels {
  #tracebacks = new Map(); // source → lines so far

  of(source, text) {
    if (text.includes(TRACEBACK)) {
      this.#tracebacks.set(source, 0);
      return "error";
    }
    const lines = this.#tracebacks.get(source);
    if (lines !== undefined) {
      const goes = /^\s|^$/.test(text) && lines < LONGEST;
      if (goes) this.#tracebacks.set(source, lines + 1);
      else this.#tracebacks.delete(source);
      return "error";
    }
    const head = text.slice(0, LOOKED_AT);
    for (const [level, words] of WORDS) if (words.test(head)) return level;
    return "";
  }
}
