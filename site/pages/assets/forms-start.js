// The start page of 填报: what is owed, and the nil return that needs no form.

import { chooseFiler, occasionsOf, pathOf, slots, today, usualPeriod } from "./forms-campaign.js";
import { showResult } from "./forms-send.js";
import { toYaml } from "./forms-yaml.js";

export function startPage(root) {
  const { nil, kinds, words } = JSON.parse(root.dataset.knowledge);
  const part = (name) => root.querySelector(`[data-${name}]`);

  function filedBy(campaign, org) {
    part("result").hidden = true;
    part("nil").hidden = !org?.periodic.length;
    part("owed").hidden = !org;
    const isUnit = !org || org.roles.includes("unit");
    for (const link of root.querySelectorAll("[data-kind] a")) {
      const to = new URL(link.href);
      to.search = org ? new URLSearchParams({ campaign: campaign.id, org: org.id }) : "";
      link.href = to;
    }
    part("who=superior").classList.toggle("tz-aside", isUnit);
    if (!org) return;
    part("nil-choices").replaceChildren(...org.periodic.map((kind) => nilChoice(campaign, org, kind)));
    showOwed(campaign, org);
  }

  function nilChoice(campaign, org, kind) {
    const row = document.createElement("p");
    const [select, button] = [document.createElement("select"), document.createElement("button")];
    const usual = usualPeriod(campaign, org, kind);
    select.append(...occasionsOf(campaign, kind).map(({ key, label }) => new Option(label, key, false, key === usual?.key)));
    select.ariaLabel = nil[kind].title;
    [button.type, button.className, button.textContent] = ["button", "tz-button tz-primary", words[`nil_${kind}`]];
    button.addEventListener("click", () => {
      const text = toYaml({ filed_on: today(), [nil[kind].alone]: true }, nil[kind].schema);
      showResult(root, pathOf(campaign, org, kind, select.value), text, words, () => {});
    });
    row.append(select, " ", button);
    return row;
  }

  function showOwed(campaign, org) {
    const rows = org.owed.map(([duty, key]) => {
      const found = campaign.duties.find(({ id }) => id === duty);
      const when = found?.occasions.find((one) => one.key === key);
      return found && when && { found, when };
    }).filter(Boolean).sort((a, b) => (a.when.due < b.when.due ? -1 : 1));
    part("owed-lead").textContent = rows.length ? "" : words.owed_none;
    part("owed-list").replaceChildren(...rows.slice(0, 8).map(({ found, when }) => owedLine(campaign, org, found, when)));
    if (rows.length > 8) part("owed-lead").textContent = slots(words.owed_more, { count: rows.length - 8 });
  }

  function owedLine(campaign, org, duty, when) {
    const [line, link, due] = ["li", "a", "span"].map((name) => document.createElement(name));
    const fields = { campaign: campaign.id, org: org.id, ...duty.where, ...(when.key && duty.kind === "reports" ? { period: when.key } : {}), ...(nil[duty.kind] ? { $name: when.key } : {}) };
    link.href = `${root.dataset.root}filing/${duty.kind}/?${new URLSearchParams(fields)}`;
    link.textContent = when.label ? `${duty.title}（${when.label}）` : duty.title;
    due.className = "tz-meta";
    due.textContent = slots(words.owed_due, { due: when.due });
    line.append(link, due);
    line.title = kinds[duty.kind];
    return line;
  }

  return chooseFiler(root, null, words, filedBy);
}
