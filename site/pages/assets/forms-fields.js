// The fields of a form as they stand in the page: reading them into a record, writing a record into them.

import { asInteger } from "./forms-check.js";

/** The fields directly inside a form, group or list. */
export const fieldsOf = (node) => [...node.querySelectorAll("[data-field]")].filter((f) => f.parentElement.closest("[data-field], form") === node);

export const inputOf = (field) => field.querySelector("input, select, textarea");

/**
 * What the fields of a form, group or item say; nothing where they say nothing.
 * @param {Map<string, Element>} places filled with the element of every path
 */
export function readAll(node, path, places) {
  const found = {};
  for (const field of fieldsOf(node)) {
    const value = read(field, [...path, field.dataset.field], places);
    if (value !== undefined) found[field.dataset.field] = value;
  }
  return found;
}

function read(field, path, places) {
  places.set(path.join("."), field);
  if (field.closest("[data-part][hidden]")) return undefined;
  const control = field.dataset.control;
  if (control === "group" || control === "sealed") {
    const found = readAll(field, path, places);
    return Object.keys(found).length ? found : undefined;
  }
  const many = control === "list" ? readItems(field, path, places) : control === "checks" ? ticked(field) : null;
  if (many) return many.length ? many : undefined;
  return readOne(field, control);
}

function readItems(field, path, places) {
  const found = [];
  for (const item of fieldsOf(field)) {
    const value = read(item, [...path, found.length], places);
    if (value !== undefined) found.push(value);
  }
  return found;
}

const ticked = (field) => [...field.querySelectorAll("input:checked")].map((input) => input.value);

function readOne(field, control) {
  const typed = field.querySelector("[data-typed]:not([hidden])");
  const input = typed ?? inputOf(field);
  if (input.validity?.badInput) return "…";
  const text = input.value.trim();
  if (!text) return undefined;
  if (control === "yes_no") return text === "true";
  return control === "number" ? asInteger(text) : text;
}

/** Write a value into a field, making as many items as it has. */
export function write(field, value) {
  const control = field.dataset.control;
  if (control === "group" || control === "sealed") {
    for (const inner of fieldsOf(field)) if (inner.dataset.field in value) write(inner, value[inner.dataset.field]);
  } else if (control === "list") {
    while (fieldsOf(field).length < value.length) addItem(field);
    fieldsOf(field).forEach((item, index) => index < value.length && write(item, value[index]));
  } else if (control === "checks") {
    for (const input of field.querySelectorAll("input")) input.checked = value.includes(input.value);
  } else if (control === "pick") {
    pickValue(field, String(value));
  } else inputOf(field).value = String(value);
}

let made = 0;

/** @returns {Element} the new item of a list */
export function addItem(list) {
  const item = list.querySelector("template").content.firstElementChild.cloneNode(true);
  made += 1;
  for (const element of item.querySelectorAll("*")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value?.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", `n${made}`));
    }
  }
  list.querySelector(".tz-items").append(item);
  renumber(list);
  return item;
}

export function removeItem(button) {
  const list = button.closest("[data-control=list]");
  button.closest("li").remove();
  renumber(list);
  list.querySelector("[data-add]").focus();
}

/** Every item is called by its place: 第2条, 删除第2条. */
function renumber(list) {
  for (const [index, item] of [...list.querySelector(".tz-items").children].entries()) {
    for (const element of item.querySelectorAll("label, button")) {
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/第(?:\{n\}|[0-9]+)条/, `第${index + 1}条`);
      }
    }
  }
}

/**
 * Offer values to choose from; one that is not among them can always be typed.
 * @param {{value: string, label: string}[]} options
 */
export function offer(field, options, words, typable = true) {
  const select = field.querySelector("select");
  const before = readOne(field, "pick");
  select.replaceChildren(new Option(words.choose, ""), ...options.map(({ value, label }) => new Option(label, value)));
  if (typable) select.append(new Option(words.typed, "*"));
  select.hidden = !options.length && typable;
  if (before) pickValue(field, before);
  else toggleTyped(field);
}

function pickValue(field, value) {
  const select = field.querySelector("select");
  const isListed = [...select.options].some((option) => option.value === value && value !== "*");
  select.value = isListed ? value : "*";
  if (!isListed) field.querySelector("[data-typed]").value = value;
  toggleTyped(field);
}

/** The box for typing is there when it is wanted, or when there is nothing to choose from. */
export function toggleTyped(field) {
  const select = field.querySelector("select");
  field.querySelector("[data-typed]").hidden = !(select.hidden || select.value === "*");
}
