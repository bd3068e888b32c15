// The search worker. It speaks the theme's protocol (set up, ready, query, result) and looks for the very
// characters typed, which is how Chinese is searched; every word given must occur in a page.
"use strict";

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
const LIMIT = 200;
const BEFORE = 24, AFTER = 90;
// A unit's or an exposure's own page comes before the bulletins that mention it.
const SECTIONS = [["units/", 60], ["exposures/", 50], ["campaigns/", 40], ["criteria/", 30], ["help/rules/", 5], ["help/", 25], ["bulletins/", 10]];

let pages = [];

function plain(html) {
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:lt|gt|quot|amp|#39|#x27|#34|nbsp);/g, (entity) => (
      { "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#34;": "\"", "&amp;": "&", "&nbsp;": " " }[entity] || "'"
    ))
    .replace(/\u200b/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

// Small letters and half-width forms, one for one, so that places in the folded text are places in the text.
function folded(text) {
  return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[A-Z]/g, (c) => c.toLowerCase());
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;" })[c]);
}

function count(text, term) {
  let found = 0;
  for (let at = text.indexOf(term); at >= 0 && found < 20; at = text.indexOf(term, at + term.length)) found += 1;
  return found;
}

function score(page, term) {
  const inText = count(page.text.folded, term);
  if (!page.title.folded.includes(term)) return inText;
  const head = page.title.folded.split(" · ")[0];
  return inText + (head === term ? 1000 : head.includes(term) ? 600 : 300) - Math.min(head.length, 99);
}

function marked(part, terms) {
  const { folded: low, text } = part;
  let html = "", at = 0;
  while (at < text.length) {
    const next = terms
      .map((term) => [low.indexOf(term, at), term.length])
      .filter(([place]) => place >= 0)
      .sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    if (!next) break;
    html += escaped(text.slice(at, next[0])) + "<mark>" + escaped(text.slice(next[0], next[0] + next[1])) + "</mark>";
    at = next[0] + next[1];
  }
  return html + escaped(text.slice(at));
}

function part(text) {
  return { text, folded: folded(text) };
}

function excerpt(page, terms) {
  const places = terms.map((term) => page.text.folded.indexOf(term)).filter((place) => place >= 0);
  const start = Math.max(0, (places.length ? Math.min(...places) : 0) - BEFORE);
  const end = start + BEFORE + AFTER;
  const piece = marked(part(page.text.text.slice(start, end)), terms);
  return (start > 0 ? "…" : "") + piece + (end < page.text.text.length ? "…" : "");
}

// What stands above a page's title is the way to it, which says nothing about the page.
function body(text, title) {
  const start = text.indexOf(title.split(" · ")[0]);
  return start > 0 && start < 200 ? text.slice(start) : text;
}

function setUp(docs) {
  pages = docs.map((doc) => {
    const title = plain(doc.title);
    return {
      location: doc.location,
      title: part(title),
      text: part(body(plain(doc.text), title)),
      weight: (SECTIONS.find(([start]) => doc.location.startsWith(start)) || ["", 20])[1],
    };
  });
}

function item(page, terms, value) {
  return {
    location: page.location,
    title: marked(page.title, terms),
    text: excerpt(page, terms),
    score: value,
    terms: Object.fromEntries(terms.map((term) => [term, true])),
  };
}

// The theme shows a part of a page below the page it belongs to.
function result(page, terms, value) {
  const whole = pages.find((other) => other.location === page.location.split("#")[0]);
  return (whole && whole !== page ? [whole, page] : [page]).map((shown) => item(shown, terms, value));
}

function search(query) {
  const terms = [...new Set(folded(query.normalize("NFC")).split(/[\s\u200b\u3000"+*]+/).filter(Boolean))];
  if (!terms.length) return [];
  const found = [];
  for (const page of pages) {
    const scores = terms.map((term) => score(page, term));
    if (scores.every((value) => value > 0)) found.push([scores.reduce((a, b) => a + b) + page.weight, page]);
  }
  found.sort((a, b) => b[0] - a[0] || (a[1].location < b[1].location ? 1 : -1));
  return found.slice(0, LIMIT).map(([value, page]) => result(page, terms, value));
}

self.addEventListener("message", ({ data: message }) => {
  if (message.type === SETUP) {
    setUp(message.data.docs);
    self.postMessage({ type: READY });
  } else if (message.type === QUERY) {
    self.postMessage({ type: RESULT, data: { items: search(message.data) } });
  }
});
