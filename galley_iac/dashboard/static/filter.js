// The filter of the list: what is typed becomes the page's URL, and the live page of that URL is the list.

const PAUSE = 150; // milliseconds after the last key

export function startFilter(changed) {
  const form = document.querySelector("[data-live-filter]");
  if (!form) return;
  let waiting = 0;
  const apply = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value && !(name === "order" && value === "name")) query.set(name, value);
    const text = query.toString();
    history.replaceState(null, "", text ? `?${text}` : location.pathname);
    changed();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });
}
