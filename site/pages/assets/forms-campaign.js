// The campaign and the organisation that are filed for: chosen once, remembered in this browser, given by the address.

const REMEMBERED = "taizhang-filer";

/** Today where the campaigns are run. */
export const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());

/** The browser's memory, which may be switched off. */
export const memory = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* nothing is remembered then */ }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* nothing was remembered */ }
  },
};

/**
 * Fill the two choices and tell of every change.
 * @param {Element} root @param {string[] | null} roles which organisations are offered; null for all
 * @param {(campaign: object | null, org: object | null) => void} onChange
 */
export function chooseFiler(root, roles, words, onChange) {
  const [which, who] = ["campaign", "org"].map((name) => root.querySelector(`[data-whose=${name}]`));
  const wanted = { ...memory.get(REMEMBERED), ...Object.fromEntries(new URLSearchParams(location.search)) };
  const note = root.querySelector("[data-campaign-note]");
  let campaign = null;
  const tell = () => {
    const org = campaign?.filers.find(({ id }) => id === who.value) ?? null;
    if (org) memory.set(REMEMBERED, { campaign: which.value, org: org.id });
    onChange(campaign, org);
  };
  const load = async () => {
    const asked = which.value;
    const answer = await fetch(`${root.dataset.root}filing/${asked}.json`).catch(() => null);
    const found = answer?.ok ? await answer.json() : null;
    if (asked !== which.value) return; // Another one was chosen meanwhile.
    campaign = found;
    const filers = (campaign?.filers ?? []).filter((one) => !roles || roles.some((role) => one.roles.includes(role)));
    who.replaceChildren(new Option(words.choose_unit, ""), ...filers.map((one) => new Option(one.name, one.id)));
    who.value = filers.some(({ id }) => id === wanted.org) ? wanted.org : "";
    note.textContent = !campaign ? words.unreachable : campaign.is_archived ? words.archived : "";
    note.hidden = !note.textContent;
    tell();
  };
  if ([...which.options].some(({ value }) => value === wanted.campaign)) which.value = wanted.campaign;
  which.addEventListener("change", load);
  who.addEventListener("change", tell);
  return load();
}

/** The occurrences of the duties that records of this kind answer, the latest first. */
export function occasionsOf(campaign, kind, duty = null) {
  const fitting = campaign.duties.filter((one) => one.kind === kind && (!duty || one.id === duty));
  const seen = new Map(fitting.flatMap((one) => one.occasions.filter(({ key }) => key)).map((o) => [o.key, o]));
  return [...seen.values()].filter(({ start }) => start <= today()).reverse();
}

/** The period that a periodic report is about, unless somebody says otherwise: the first that is still in time. */
export function usualPeriod(campaign, org, kind) {
  const all = occasionsOf(campaign, kind);
  const owed = new Set(org.owed.filter(([duty]) => campaign.duties.find(({ id }) => id === duty).kind === kind).map(([, key]) => key));
  return all.filter(({ key, due }) => owed.has(key) && due >= today()).at(-1) ?? all[0] ?? null;
}

/** What a field that names something may name, from the campaign's public data. */
export function choices(pick, campaign, org, data, kind, words) {
  switch (pick) {
    case "organisation": return campaign.filers.map(({ id, name }) => ({ value: id, label: name }));
    case "duties": return campaign.duties.filter((d) => d.kind === kind).map(({ id, title }) => ({ value: id, label: title }));
    case "periods": return data.duty ? occasionsOf(campaign, kind, data.duty).map(({ key, label }) => ({ value: key, label })) : [];
    case "rhythm": return occasionsOf(campaign, kind).map(({ key, label }) => ({ value: key, label }));
    case "clause": return clauses(campaign, data).map((c) => ({ value: c.ref, label: `${c.label} ${[...c.text].slice(0, 40).join("")}` }));
    default: return records(pick, campaign, org).map((r) => ({ value: r.ref, label: `${r.ref} ${r.title}${r.is_open ? "" : words.closed}` }));
  }
}

/** A unit speaks of its own; who stands above others speaks of theirs. */
function records(pick, campaign, org) {
  const isUnit = org?.roles.includes("unit") && !org.roles.includes("superior");
  return (campaign.records[pick] ?? []).filter(({ unit }) => !isUnit || !unit || unit === org.id);
}

function clauses(campaign, data) {
  const hazard = campaign.records.hazards.find(({ ref }) => ref === data.hazard);
  const found = data.discovered_on ?? hazard?.discovered_on ?? today();
  return campaign.clauses.filter((c) => c.effective_from <= found && (!c.effective_until || found <= c.effective_until));
}

/** The number that comes after the last one used, as far as the public ledger and this browser know. */
export function nextSerial(campaign, org, kind, year) {
  const known = org.serials[kind]?.[year] ?? 0;
  const used = memory.get(`taizhang-serial:${campaign.id}:${org.id}:${kind}:${year}`) ?? 0;
  return `${year}-${String(Math.max(known, used) + 1).padStart(3, "0")}`;
}

/** Remember a number that was given out, for the public ledger learns of it only later. */
export function useSerial(campaign, org, kind, name) {
  const [, year, number] = name.match(/^(20[0-9]{2})-([0-9]{3})$/) ?? [];
  if (year) memory.set(`taizhang-serial:${campaign.id}:${org.id}:${kind}:${year}`, Number(number));
}

/** Where a record is kept; … stands for what is not chosen yet. */
export const pathOf = (campaign, org, kind, name) => `submissions/${campaign?.id ?? "…"}/${org?.id ?? "…"}/${kind}/${name || "…"}.yml`;

/** A phrase of the page with its slots filled. */
export const slots = (text, values) => text.replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);
