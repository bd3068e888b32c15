// A record as the text of its file: the small part of YAML that the strict reader takes.

const WORD = /^(true|false|null|yes|no|on|off|y|n)$/i;
const NUMBER = /^[-+0-9.,_]+$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const PLAIN = /^[\p{Script=Han}A-Za-z0-9][\p{Script=Han}A-Za-z0-9，。、；（）《》“”·_./%+ -]*$/u;

/**
 * @param {Record<string, any>} record
 * @param {{properties: Record<string, any>}} schema gives the order of the items
 * @returns {string} the file, ending in a line feed
 */
export function toYaml(record, schema) {
  return `${mapping(record, schema, "").join("\n")}\n`;
}

function mapping(record, schema, indent) {
  return Object.keys(schema.properties)
    .filter((name) => name in record)
    .flatMap((name) => item(`${indent}${name}:`, record[name], schema.properties[name], indent));
}

function item(head, value, schema, indent) {
  if (Array.isArray(value)) return [head, ...value.flatMap((one) => entry(one, schema.items, `${indent}  `))];
  if (typeof value === "object") return [head, ...mapping(value, schema, `${indent}  `)];
  return [`${head} ${scalar(value, `${indent}  `)}`];
}

function entry(value, schema, indent) {
  if (typeof value !== "object") return [`${indent}- ${scalar(value, `${indent}  `)}`];
  const [first, ...rest] = mapping(value, schema, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function scalar(value, indent) {
  if (typeof value !== "string") return String(value);
  if (isPlain(value)) return value;
  // Lines stay lines where nothing in them depends on blanks at their ends, which editors take away.
  const lines = value.split("\n");
  if (lines.length > 1 && lines.every((line) => line === line.trim()) && lines[0] && lines.at(-1)) {
    return ["|-", ...lines.map((line) => (line ? indent + line : ""))].join("\n");
  }
  return `"${value.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n")}"`;
}

function isPlain(text) {
  return DAY.test(text) || (PLAIN.test(text) && !text.endsWith(" ") && !WORD.test(text) && !NUMBER.test(text));
}
