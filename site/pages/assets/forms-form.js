// The form of one kind: what is filled in, what is wrong with it, and the file that comes of it.

import { choices, chooseFiler, memory, nextSerial, pathOf, slots, today, useSerial, usualPeriod } from "./forms-campaign.js";
import { check } from "./forms-check.js";
import { addItem, fieldsOf, inputOf, offer, readAll, removeItem, toggleTyped, write } from "./forms-fields.js";
import { canSeal, seal } from "./forms-seal.js";
import { showResult } from "./forms-send.js";
import { toYaml } from "./forms-yaml.js";

/** The form of one kind. */
export class Form {
  constructor(root) {
    this.root = root;
    this.knowledge = JSON.parse(root.dataset.knowledge);
    this.words = this.knowledge.words;
    this.kind = this.knowledge.kind;
    this.top = new Map(fieldsOf(root).map((field) => [field.dataset.field, field]));
    this.campaign = this.org = null;
    this.nameIsOwn = false;
  }

  async start() {
    for (const list of this.root.querySelectorAll("[data-control=list][data-starts]")) addItem(list);
    for (const name of this.defaulting("today")) write(this.top.get(name), today());
    this.root.addEventListener("submit", (event) => { event.preventDefault(); void this.finish(); });
    this.root.addEventListener("input", (event) => this.changed(event));
    this.root.addEventListener("change", (event) => this.changed(event));
    this.root.addEventListener("click", (event) => this.pressed(event.target.closest("button")));
    this.root.querySelector("[data-preview]").open = matchMedia("(min-width: 76em)").matches;
    this.root.hidden = false;
    await chooseFiler(this.root, this.knowledge.filedBy, this.words, (campaign, org) => this.filedBy(campaign, org));
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name === "$name") this.nameIsOwn = true;
      const isOne = name === "$name" || ["string", "boolean", "integer"].includes(this.knowledge.schema.properties[name]?.type);
      if (isOne && this.top.has(name)) write(this.top.get(name), value);
    }
    this.refresh();
  }

  filedBy(campaign, org) {
    [this.campaign, this.org, this.nameIsOwn] = [campaign, org, false];
    const draft = org && memory.get(this.draftKey);
    const note = this.root.querySelector("[data-draft]");
    note.hidden = !draft;
    for (const name of org ? this.defaulting("organisation") : []) {
      write(this.top.get(name), [...org.name].slice(0, this.knowledge.schema.properties[name].maxLength).join(""));
    }
    this.refresh();
    if (draft) {
      const told = slots(this.words.draft_kept, { when: draft.when });
      note.querySelector("span").textContent = this.knowledge.sealed ? told + this.words.draft_sealed : told;
      for (const [name, value] of Object.entries(draft.data)) if (this.top.has(name)) write(this.top.get(name), value);
      this.refresh();
    }
  }

  get draftKey() { return `taizhang-draft:${this.kind}:${this.campaign.id}:${this.org.id}`; }

  /** What is filled in, with the element of every path. */
  collect() {
    const places = new Map();
    const { $name: name = "", ...data } = readAll(this.root, [], places);
    if (this.knowledge.sealed) data[this.knowledge.sealed] ??= {};
    return { data, name, places };
  }

  changed({ target }) {
    const field = target.closest("[data-field]");
    if (target.matches("select") && field?.dataset.control === "pick") toggleTyped(field);
    if (field?.dataset.field === "$name") this.nameIsOwn = true;
    if (field) this.mark(field, null);
    if (target.matches("[data-whose]")) this.mark(this.root.querySelector(".tz-whose"), null);
    this.refresh();
    this.follow(field);
    if (field && this.org) this.keepDraft();
  }

  pressed(button) {
    if (button?.matches("[data-add]")) inputOf(addItem(button.closest("[data-control=list]"))).focus();
    else if (button?.matches("[data-remove]")) removeItem(button);
    else if (button?.matches("[data-clear]")) {
      memory.remove(this.draftKey);
      location.reload();
    } else return;
    this.refresh();
  }

  /** What one answer says about another field. */
  follow(field) {
    for (const [name, source] of Object.entries(this.knowledge.defaults)) {
      const [reference, wanted] = source.split(".");
      if (!wanted || field?.dataset.field !== reference) continue;
      const chosen = this.campaign?.records[field.dataset.pick]?.find(({ ref }) => ref === this.collect().data[reference]);
      if (chosen?.[wanted]) write(this.top.get(name), chosen[wanted]);
      this.refresh();
    }
  }

  /** The fields that are filled in beforehand from a source that the schema names. */
  defaulting(source) {
    return Object.keys(this.knowledge.defaults).filter((name) => this.knowledge.defaults[name] === source);
  }

  context(data, name) {
    const older = this.campaign && data.discovered_on ? data.discovered_on < this.campaign.starts_on : false;
    const fromAbove = this.org ? !this.org.roles.includes("unit") : false;
    return { $name: name, $before_campaign: older, $from_above: fromAbove, org: this.org?.name ?? "", published: this.campaign?.telephones };
  }

  refresh() {
    this.offerChoices(this.collect().data);
    let { data, name } = this.collect();
    this.showParts(data, this.context(data, name));
    this.suggestName(this.collect().data);
    ({ data, name } = this.collect());
    for (const count of this.root.querySelectorAll("[data-count]")) {
      const text = inputOf(count.closest("[data-field]")).value.trim();
      count.textContent = slots(this.words.count, { count: [...text].length, high: count.dataset.count });
      count.classList.toggle("tz-over", [...text].length > Number(count.dataset.count));
    }
    this.root.querySelector("[data-result]").hidden = true;
    this.preview(data, name);
  }

  offerChoices(data) {
    if (!this.campaign) return;
    for (const field of this.root.querySelectorAll("[data-pick]:not([data-pick=kinds])")) {
      const options = choices(field.dataset.pick, this.campaign, this.org, data, this.kind, this.words);
      const key = JSON.stringify(options);
      if (field.offered === key) continue;
      field.offered = key;
      offer(field, options, this.words, field.dataset.pick !== "organisation");
    }
  }

  /** Parts that depend on an answer: hidden or folded up where it is another one. */
  showParts(data, context) {
    for (const part of this.root.querySelectorAll("[data-if]")) {
      const fits = Object.entries(JSON.parse(part.dataset.if)).every(([name, values]) => values.includes((name in context ? context[name] : data[name]) ?? null));
      if ("folds" in part.dataset) {
        if (part.fits !== fits) part.open = fits;
      } else part.hidden = !fits;
      part.fits = fits;
    }
    for (const name of context.$before_campaign ? this.defaulting("before_campaign") : []) {
      if (!inputOf(this.top.get(name)).value) write(this.top.get(name), true);
    }
  }

  suggestName(data) {
    if (!this.org || this.nameIsOwn) return;
    const { rhythm, made_of: parts, pattern } = this.knowledge.name;
    const year = (data.filed_on ?? today()).slice(0, 4);
    let name = rhythm ? usualPeriod(this.campaign, this.org, this.kind)?.key ?? "" : "";
    if (parts.length) {
      name = parts.map((field) => data[field]).filter(Boolean).join("-").replaceAll("_", "-");
      if (!new RegExp(pattern, "u").test(name)) name = name.toLowerCase();
    } else if (!rhythm) name = nextSerial(this.campaign, this.org, this.kind, year);
    if (name) write(this.top.get("$name"), name);
    const known = this.org.serials[this.kind] ? this.words.serial_known : this.words.serial_unknown;
    this.root.querySelector("[data-name-note]").textContent = rhythm ? "" : parts.length ? this.words.name_follows : slots(known, { name });
  }

  preview(data, name) {
    const shown = this.root.querySelector("[data-preview]");
    const sealed = this.knowledge.sealed;
    const told = sealed ? { ...data, [sealed]: this.words.sealed_later } : data;
    shown.querySelector("[data-path]").textContent = pathOf(this.campaign, this.org, this.kind, name);
    shown.querySelector("pre").textContent = toYaml(told, this.plainSchema);
    const wrong = this.wrongs({ data, name }).length;
    this.root.querySelector("[data-standing]").textContent = wrong ? slots(this.words.trouble, { count: wrong }) : this.words.ready;
  }

  /** The schema of the file itself, where a sealed field is a line of text. */
  get plainSchema() {
    const { sealed, schema } = this.knowledge;
    return sealed ? { ...schema, properties: { ...schema.properties, [sealed]: { type: "string" } } } : schema;
  }

  keepDraft() {
    const { [this.knowledge.sealed]: _, ...data } = this.collect().data;
    memory.set(this.draftKey, { when: new Date().toLocaleString("zh-CN", { hour12: false }), data });
  }

  wrongs({ data, name }) {
    const found = check(this.knowledge, data, this.context(data, name));
    const said = (path, text) => ({ path, told: { code: "", message: text, fix: "" } });
    if (!this.org) found.unshift(said(["$org"], this.words.choose_unit));
    if (this.knowledge.sealed && !canSeal()) found.push(said([this.knowledge.sealed], this.words.insecure));
    else if (this.knowledge.sealed && this.campaign && !this.campaign.sealing_key) found.push(said([this.knowledge.sealed], this.words.no_key));
    return found;
  }

  async finish() {
    const { data, name, places } = this.collect();
    const wrongs = this.wrongs({ data, name });
    this.showWrongs(wrongs, places);
    if (wrongs.length) return;
    const { sealed } = this.knowledge;
    if (sealed) data[sealed] = await seal(spaced(data[sealed]), this.campaign.sealing_key);
    showResult(this.root, pathOf(this.campaign, this.org, this.kind, name), toYaml(data, this.plainSchema), this.words, () => {
      useSerial(this.campaign, this.org, this.kind, name);
      memory.remove(this.draftKey);
    });
  }

  showWrongs(wrongs, places) {
    for (const field of this.root.querySelectorAll("[data-field], .tz-whose")) this.mark(field, null);
    const summary = this.root.querySelector("[data-summary]");
    summary.hidden = !wrongs.length;
    if (!wrongs.length) return;
    summary.querySelector("p").textContent = slots(this.words.summary, { count: wrongs.length });
    summary.querySelector("ul").replaceChildren(...wrongs.map(({ path, told }) => this.told(this.place(path, places), told)));
    summary.focus();
  }

  /** The field that a path leads to, or the nearest around it. */
  place(path, places) {
    if (path[0] === "$org") return this.root.querySelector(".tz-whose");
    const at = path.map((_, index) => path.slice(0, path.length - index).join(".")).find((step) => places.has(step));
    return places.get(at) ?? this.top.get(path[0]) ?? this.root;
  }

  /** Say at a field what is wrong with it; gives the line of the summary that leads there. */
  told(field, told) {
    this.mark(field, told.message + told.fix);
    const target = this.target(field);
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${target.id}`;
    link.textContent = told.message;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const folded = target.closest("details:not([open])");
      if (folded) folded.open = true;
      target.focus();
    });
    line.append(link);
    return line;
  }

  target(field) {
    if (field.matches(".tz-whose")) return this.root.querySelector("[data-whose=org]");
    if (field.matches("fieldset")) return field;
    return field.querySelector("[data-typed]:not([hidden])") ?? inputOf(field);
  }

  mark(field, sentence) {
    const box = field.querySelector("[data-wrong]");
    if (!box) return;
    box.hidden = !sentence;
    box.textContent = sentence ?? "";
    for (const input of field.matches("fieldset") ? [field] : field.querySelectorAll("input, select, textarea")) {
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
}

/** Names with an ideographic space become names with a plain one, for whoever opens them sees only plain ones. */
const spaced = (people) => JSON.parse(JSON.stringify(people, (_, text) => (typeof text === "string" ? text.replace(/\p{Zs}/gu, " ") : text)));
