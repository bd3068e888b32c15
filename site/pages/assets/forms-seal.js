// Sealing in the browser: compact JWE (RFC 7516) by ECDH-ES on P-256 with A256GCM, for the office's public key.

const text = new TextEncoder();

/** Whether this page may use the browser's cryptography at all: it must come by https or from this computer. */
export const canSeal = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle);

/**
 * @param {object} value sealed as canonical JSON, so that the same people are the same bytes
 * @param {{crv: string, kty: string, x: string, y: string, kid: string}} key the campaign's public key
 * @returns {Promise<string>}
 */
export async function seal(value, key) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: key.x, y: key.y }, curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", ours.publicKey);
  const header = base64url(text.encode(JSON.stringify({ alg: "ECDH-ES", enc: "A256GCM", kid: key.kid, epk: { crv, kty, x, y } })));
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const inner = await crypto.subtle.importKey("raw", await concatKdf(secret), "AES-GCM", false, ["encrypt"]);
  const start = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv: start, additionalData: text.encode(header), tagLength: 128 };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, inner, text.encode(canonical(value))));
  const [body, tag] = [sealed.slice(0, -16), sealed.slice(-16)];
  return [header, "", base64url(start), base64url(body), base64url(tag)].join(".");
}

/** One round of the Concat KDF (NIST SP 800-56A) as RFC 7518, 4.6.2 fills it in for A256GCM. */
function concatKdf(secret) {
  const name = text.encode("A256GCM");
  const round = [0, 0, 0, 1], none = [0, 0, 0, 0], bits = [0, 0, 1, 0];
  return crypto.subtle.digest("SHA-256", new Uint8Array([...round, ...new Uint8Array(secret), 0, 0, 0, name.length, ...name, ...none, ...none, ...bits]));
}

function canonical(value) {
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
