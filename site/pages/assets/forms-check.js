// What `taizhang check` would find in a record, in the words of a form: they come with the page, slots in braces.

import { personalNumber } from "./forms-personal.js";

/** @typedef {{code: string, message: string, fix: string}} Told */
/** @typedef {{path: (string|number)[], told: Told}} Wrong */

const INTEGER = /^-?(0|[1-9][0-9]{0,14})$/;
const AMOUNT = /^([0-9]+(?:\.[0-9]+)?|[零一二三四五六七八九十])(千|万|亿)?(?:元|人次|人|次|个|条|项|处|家|年|天|日|个工作日|工作日|%)?整?$/;
const SCALE = { 千: 1e3, 万: 1e4, 亿: 1e8 };
const DAY = /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$|^([0-9]{4})([0-9]{2})([0-9]{2})$/;

/** A typed number as the record holds it, or the text where it is none. */
export const asInteger = (text) => (INTEGER.test(text) ? Number(text) : text);

/** @returns {Told} the sentence with its slots filled */
function fill(told, slots) {
  const one = (text) => text.replace(/\{(\w+)\}/g, (slot, name) => (name in slots ? String(slots[name]) : slot));
  return { code: told.code, message: one(told.message), fix: one(told.fix) };
}

/** @returns {Wrong[]} everything that is wrong with a record, in the order of its fields */
export function check(knowledge, data, context) {
  const wrong = [...judge({ ...knowledge, published: context.published }, knowledge.schema, data, [])];
  const seen = new Set(wrong.map(({ path }) => path.join(".")));
  const more = [...overall(knowledge, data, context)].filter(({ path }) => !seen.has(path.join(".")));
  const names = [...Object.keys(knowledge.schema.properties), "$name"];
  return [...wrong, ...more].sort((a, b) => names.indexOf(a.path[0]) - names.indexOf(b.path[0]));
}

/** What can be said of the field at a path; every item of a list is called 0. */
const sentencesOf = ({ fields }, path) => fields[path.map((step) => (typeof step === "number" ? 0 : step)).join(".")] ?? {};

function* judge(knowledge, schema, value, path) {
  const sentences = sentencesOf(knowledge, path);
  const n = 1 + (path.findLast((step) => typeof step === "number") ?? 0);
  const say = (name, slots = {}) => ({ path, told: fill(sentences[name], { n, value: short(value), count: length(String(value)), ...slots }) });
  if (schema.type === "object") {
    for (const name of schema.required ?? []) {
      const missing = [...path, name];
      if (!(name in value)) yield { path: missing, told: fill(sentencesOf(knowledge, missing).missing, { n }) };
    }
    for (const name of Object.keys(value)) yield* judge(knowledge, schema.properties[name], value[name], [...path, name]);
  } else if (schema.type === "array") {
    if (value.length < (schema.minItems ?? 0)) yield say("too_few", { count: value.length });
    if (value.length > schema.maxItems) yield say("too_many", { count: value.length, excess: value.length - schema.maxItems });
    for (const [index, item] of value.entries()) yield* judge(knowledge, schema.items, item, [...path, index]);
  } else if (schema.type === "integer") {
    yield* number(schema, value, say, sentences);
  } else if (schema.type === "string" && !schema.enum) {
    yield* characters(knowledge, value, path) ?? numbers(knowledge, value, say, sentences) ?? words(schema, value, say);
  }
}

/** The first number of a person where none may stand, as a list of one. */
function numbers({ personal, published = [] }, value, say, sentences) {
  const found = sentences.personal && personalNumber(personal, value, published);
  return found ? [say("personal", found)] : undefined;
}

function* number(schema, value, say, sentences) {
  if (typeof value === "string") {
    const meant = amount(value);
    const fits = meant !== null && meant >= schema.minimum && meant <= schema.maximum;
    yield fits && sentences.number_meant ? say("number_meant", { number: meant }) : say("number");
  } else if (value < schema.minimum || value > schema.maximum) yield say("range");
}

function* words(schema, value, say) {
  const matches = !schema.pattern || new RegExp(schema.pattern, "u").test(value);
  if (schema.format === "date") {
    if (!matches || !isDay(value)) yield day(value, say);
  } else if (!matches) yield say("pattern");
  else if (length(value) < (schema.minLength ?? 0)) yield say("too_short");
  else if (length(value) > schema.maxLength) yield say("too_long", { excess: length(value) - schema.maxLength });
}

/** What a date that is none probably means. */
function day(value, say) {
  const parts = value.normalize("NFKC").replaceAll(" ", "").match(DAY)?.slice(1).filter(Boolean);
  if (!parts) return say("date");
  const meant = `${parts[0]}-${parts[1].padStart(2, "0")}-${parts[2].padStart(2, "0")}`;
  if (!isDay(meant)) return say("date_unreal");
  return parts[0] < "1950" || parts[0] > "2099" ? say("date_year") : say("date_meant", { meant });
}

function isDay(text) {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function addDays(text, days) {
  return new Date(Date.parse(`${text}T00:00:00Z`) + days * 864e5).toISOString().slice(0, 10);
}

function amount(text) {
  const match = text.normalize("NFKC").trim().replace(/[,\s¥￥约共]|人民币/g, "").slice(0, 30).match(AMOUNT);
  if (!match) return null;
  const plain = /[0-9]/.test(match[1]) ? Number(match[1]) : "零一二三四五六七八九十".indexOf(match[1]);
  const value = Number((plain * (SCALE[match[2]] ?? 1)).toFixed(6));
  return Number.isInteger(value) ? value : null;
}

/** The first character that no record may hold, as a list of one; undefined where all are fine. */
function characters({ characters: groups, file }, value, path) {
  if (value.includes("\t")) return [{ path, told: file.tab }];
  for (const [char] of value.matchAll(new RegExp(`[${groups.map(({ chars }) => chars).join("")}]`, "gu"))) {
    const group = groups.find(({ chars }) => new RegExp(`[${chars}]`, "u").test(char));
    const plain = char.normalize("NFKC");
    if (char === "\n" || (group.advice.includes("{plain}") && plain === char)) continue;
    const point = `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    return [{ path, told: fill(file.character, { what: group.what, point, advice: group.advice.replace("{plain}", plain) }) }];
  }
  return undefined;
}

/** What concerns more than one field. */
function* overall(knowledge, data, context) {
  for (const { first, second, at, days, told } of knowledge.order) {
    for (const entries of entriesOf(data, first)) {
      const [early, late] = [get(data, first, entries), get(data, second, entries)];
      if (!isDay(early ?? "") || !isDay(late ?? "") || addDays(early, days) <= late) continue;
      yield { path: placed(at, entries), told: fill(told, { early, late, earliest: addDays(early, days) }) };
    }
  }
  for (const { if: condition, need, told } of knowledge.needs) {
    const asked = Object.entries(condition).every(([name, value]) => (name in context ? context[name] : data[name]) === value);
    if (asked && !(need in data)) yield { path: [need], told: fill(told, context) };
  }
  const { spent = 0, planned = 0, note } = data.funds ?? {};
  if (spent > planned && !note) yield { path: ["funds", "spent"], told: fill(knowledge.overspending, { spent, planned }) };
  const told = Object.keys(data).filter((name) => name !== "filed_on" && name !== "withdrawn");
  if (knowledge.name.rhythm && !told.length) yield { path: [knowledge.alone], told: knowledge.file.nothing };
  const name = fileName(knowledge, data, context.$name);
  if (name) yield { path: ["$name"], told: name };
}

/** A path with the entries of lists that are meant in place of its zeros. */
function placed(path, entries) {
  const left = [...entries];
  return path.map((step) => (step === 0 ? left.shift() : step));
}

const get = (data, path, entries) => placed(path, entries).reduce((inner, step) => inner?.[step], data);

/** Every choice of entries that a path can stand for: one, of none, where it leads through no list. */
function* entriesOf(data, path) {
  const list = path.indexOf(0);
  if (list < 0) return yield [];
  for (const [index, entry] of (get(data, path.slice(0, list), []) ?? []).entries()) {
    for (const inner of entriesOf(entry, path.slice(list + 1))) yield [index, ...inner];
  }
}

function fileName({ name: rule, file }, data, name) {
  if (!new RegExp(rule.pattern, "u").test(name)) return fill(file.name, { name });
  const [, year, week] = name.match(/([0-9]{4})-W([0-9]{2})$/) ?? [];
  if (week === "53" && weeksIn(Number(year)) < 53) return fill(file.week, { year, weeks: 52, name });
  const wanted = rule.starts_with.map((field) => data[field] ?? "").join("-");
  return name.startsWith(wanted) ? null : fill(file.match, { wanted, name });
}

/** ISO weeks in a year: 53 where 1 January is a Thursday, or 31 December is. */
function weeksIn(year) {
  return [Date.UTC(year, 0, 1), Date.UTC(year, 11, 31)].some((time) => new Date(time).getUTCDay() === 4) ? 53 : 52;
}

const length = (value) => (typeof value === "string" ? [...value].length : 0);

function short(value) {
  const flat = [...String(value).trim().split(/\s+/).join(" ")];
  return flat.length <= 40 ? flat.join("") : `${flat.slice(0, 40).join("")}…`;
}
