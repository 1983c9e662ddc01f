// Makes one element like another and touches only what differs: focus, selection, scroll position and what
// somebody is typing stay. Elements with an id are found again wherever they have moved to.

const KEPT = { DETAILS: ["open"], DIALOG: ["open"] }; // what the person at the page has set

export function morph(from, to) {
  if (from.isEqualNode(to)) return;
  syncAttributes(from, to);
  syncChildren(from, to);
}

export function syncChildren(from, to) {
  const known = new Map();
  for (const child of from.children) if (child.id) known.set(child.id, child);
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const same = wanted.id ? known.get(wanted.id) : place && alike(place, wanted) ? place : null;
    if (!same) {
      from.insertBefore(document.importNode(wanted, true), place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else from.insertBefore(same, place);
    if (same.nodeType === Node.ELEMENT_NODE) morph(same, wanted);
    else if (same.data !== wanted.data) same.data = wanted.data;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function alike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && !one.id;
}

function syncAttributes(from, to) {
  const kept = KEPT[from.nodeName] ?? [];
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !kept.includes(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !kept.includes(name)) from.setAttribute(name, value);
  }
}
