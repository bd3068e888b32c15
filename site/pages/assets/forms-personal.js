// Numbers that identify or reach a person, found as `taizhang check` finds them: the patterns come with the page.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the check digit of an identity number, and the day of birth in it. */
function identity(number) {
  const plain = number.replace(/[ -]/g, "").toUpperCase();
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(plain[index]), 0);
  const [year, month, day] = [plain.slice(6, 10), plain.slice(10, 12), plain.slice(12, 14)].map(Number);
  return "10X98765432"[sum % 11] === plain[17] && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function luhn(number) {
  const sum = [...digits(number)].reverse().map((digit, index) => (index % 2 ? digit * 2 - (digit > 4 ? 9 : 0) : Number(digit)));
  return sum.reduce((total, digit) => total + digit, 0) % 10 === 0;
}

const not_date = (number) => !/^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]$/.test(number);

const CHECKS = { identity, luhn, not_date };
const digits = (text) => text.replace(/[^0-9]/g, "");

/** Digits of every script stand in runs of ten, zero first. */
function narrow(char) {
  let value = 0;
  if (!/\p{Nd}/u.test(char)) return char;
  while (/\p{Nd}/u.test(String.fromCodePoint(char.codePointAt(0) - value - 1))) value += 1;
  return String(value % 10);
}

/**
 * @param {{what: string, pattern: string, check?: string, unless?: string}[]} patterns
 * @param {string[]} published telephones that the office itself makes known
 * @returns {{what: string, masked: string} | undefined} the first of the personal numbers in a text
 */
export function personalNumber(patterns, text, published) {
  const plain = [...[...text].map((char) => char.normalize("NFKC")).join("")].map(narrow).join("");
  const known = published.map(digits);
  const isPublished = (own) => own.length > 6 && known.some((number) => number.endsWith(own));
  const found = patterns.flatMap(({ what, pattern, check, unless }) => [...plain.matchAll(new RegExp(pattern, "gu"))].flatMap((match) => {
    const number = match[1], end = match.index + match[0].length, start = end - number.length;
    const holds = (!check || CHECKS[check](number)) && !(unless && new RegExp(`(?:${unless})$`, "u").test(plain.slice(0, start)));
    return holds && !isPublished(digits(number.split(/转|ext/)[0])) ? [{ what, start, end, masked: number.slice(0, 2) + "*".repeat(number.length - 2) }] : [];
  }));
  return found.sort((a, b) => a.start - b.start || b.end - a.end)[0];
}
