// Shows a window of any number of lines: only those that can be seen are elements of the page.

export const ROW = 20; // pixels; logs.css has the same
const BEYOND = 15; // rows above and below that are there already when one scrolls

export class Pane {
  #viewport;
  #space;
  #rows;
  #make;
  #lines = [];
  #tops = [0]; // in rows: where each line begins; one more for the end
  #columns = 0; // 0: lines are not wrapped
  #first = 0;
  #waiting = 0;
  following = true;

  constructor(viewport, make, moved) {
    this.#viewport = viewport;
    this.#space = viewport.querySelector(".log-space");
    this.#rows = viewport.querySelector(".log-rows");
    this.#make = make;
    viewport.addEventListener("scroll", () => {
      this.following = this.#isAtEnd();
      moved();
      this.#soon();
    }, { passive: true });
    new ResizeObserver(() => this.refresh()).observe(viewport);
  }

  // Other lines, or the same in another form.
  show(lines, wrapped) {
    this.#lines = lines;
    this.#columns = wrapped ? this.#measured() : 0;
    this.#tops = [0];
    this.#rows.replaceChildren();
    this.#rows.classList.toggle("wrapped", wrapped);
    this.extended();
  }

  // Lines have come at the end.
  extended() {
    const tops = this.#tops;
    for (let place = tops.length - 1; place < this.#lines.length; place++) {
      const length = this.#lines[place].bare.length;
      tops.push(tops[place] + (this.#columns ? Math.max(1, Math.ceil(length / this.#columns)) : 1));
    }
    this.#space.style.height = `${tops[this.#lines.length] * ROW}px`;
    if (this.following) this.toEnd();
    this.#soon();
  }

  refresh() {
    this.show(this.#lines, this.#columns > 0);
  }

  toEnd() {
    this.following = true;
    this.#viewport.scrollTop = this.#space.offsetHeight;
  }

  // Puts a line into the middle.
  to(place) {
    this.following = false;
    this.#viewport.scrollTop = this.#tops[place] * ROW - this.#viewport.clientHeight / 2;
    this.#soon();
  }

  // The place of the line in the middle.
  get middle() {
    return this.#placeAt(this.#viewport.scrollTop + this.#viewport.clientHeight / 2);
  }

  // Every line that is shown is made again.
  redraw() {
    this.#rows.replaceChildren();
    this.#soon();
  }

  #isAtEnd() {
    return this.#viewport.scrollTop + this.#viewport.clientHeight >= this.#space.offsetHeight - 2 * ROW;
  }

  #soon() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#draw();
    });
  }

  #draw() {
    const top = this.#viewport.scrollTop;
    const first = Math.max(0, this.#placeAt(top) - BEYOND);
    const last = Math.min(this.#lines.length, this.#placeAt(top + this.#viewport.clientHeight) + 1 + BEYOND);
    const kept = this.#rows.children;
    const before = this.#first;
    const after = before + kept.length;
    if (!kept.length || first >= after || last <= before) this.#rows.replaceChildren(...this.#made(first, last));
    else {
      for (let place = before; place < first; place++) this.#rows.firstElementChild.remove();
      for (let place = after; place > last; place--) this.#rows.lastElementChild.remove();
      this.#rows.prepend(...this.#made(first, before));
      this.#rows.append(...this.#made(after, last));
    }
    this.#first = first;
    this.#rows.style.transform = `translateY(${this.#tops[first] * ROW}px)`;
  }

  #made(first, last) {
    const found = [];
    for (let place = first; place < last; place++) found.push(this.#make(this.#lines[place], place));
    return found;
  }

  #placeAt(pixels) {
    const row = Math.max(0, Math.floor(pixels / ROW));
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tops[middle + 1] <= row) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, Math.max(this.#lines.length - 1, 0));
  }

  // How many characters of text fit into one row, beside its time and source. The element of the text is as wide
  // as the room that there is, so that the characters themselves have to be measured.
  #measured() {
    const count = 10;
    const line = this.#make({ stamp: "2026-01-01T00:00:00.000000000Z", source: "", text: "x".repeat(count), bare: "", level: "", number: 1 }, -1);
    this.#rows.classList.add("wrapped");
    this.#rows.replaceChildren(line);
    const text = line.querySelector(".text");
    const characters = document.createRange();
    characters.selectNodeContents(text);
    const room = text.getBoundingClientRect().width / (characters.getBoundingClientRect().width / count);
    return Math.max(1, Math.floor(room + 0.01));
  }
}
