// The finished file: shown, copied, downloaded, or handed to the page of a forge that makes a new file.

const LONGEST = 4500;

/** Where new files go, from mkdocs.yml; null where nothing is set. */
export function readForge() {
  const content = document.querySelector("meta[name=taizhang-filing]")?.content;
  return content ? JSON.parse(content) : null;
}

/** @returns {{href: string, filled: boolean}} the forge's page for a new file, filled in where it takes that */
export function addressOf({ forge, repository, branch }, path, text) {
  const [, folder, file] = path.match(/^(.*)\/([^/]+)$/);
  if (forge === "gitlab") return { href: `${repository}/-/new/${branch}/`, filled: false };
  if (forge === "gitee") return { href: `${repository}/new/${branch}`, filled: false };
  const named = forge === "github"
    ? `${repository}/new/${branch}?filename=${encodeURIComponent(path)}`
    : `${repository}/_new/${branch}/${folder}?filename=${encodeURIComponent(file)}`;
  const filled = `${named}&value=${encodeURIComponent(text)}`;
  return filled.length <= LONGEST ? { href: filled, filled: true } : { href: named, filled: false };
}

/**
 * Show the finished file and every way to hand it in. Nothing is ever cut: what does not fit is copied instead.
 * @param {Element} root @param {string} path @param {string} text @param {Record<string, string>} words
 * @param {() => void} onSent called when the file has left the page in some way
 */
export function showResult(root, path, text, words, onSent) {
  const panel = root.querySelector("[data-result]");
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const said = part("said");
  part("path").textContent = path;
  part("yaml").textContent = text;
  said.textContent = "";
  const forge = readForge();
  const open = part("open");
  open.hidden = !forge;
  part("forge-note").textContent = words.no_forge;
  if (forge) {
    const { href, filled } = addressOf(forge, path, text);
    const isLong = !filled && (forge.forge === "github" || forge.forge === "gitea");
    const size = new TextEncoder().encode(text).length;
    open.href = href;
    open.textContent = filled ? words.open_prefilled : words.open_copied;
    const note = filled ? words.prefilled : isLong ? words.too_long : words.paste;
    part("forge-note").textContent = note.replace("{path}", path).replace("{size}", size);
    open.onclick = () => (filled ? onSent() : void copy());
  }
  const copy = async () => {
    const done = await copyText(text, part("yaml"));
    said.textContent = done ? words.copied : words.copy_failed;
    if (done) onSent();
  };
  part("copy").onclick = copy;
  part("download").onclick = () => {
    const [, folder, file] = path.match(/^(.*\/)([^/]+)$/);
    download(file, text);
    said.textContent = words.saved.replace("{file}", file).replace("{folder}", folder);
    onSent();
  };
  panel.hidden = false;
  panel.focus();
}

async function copyText(text, shown) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  // Without https there is no clipboard for scripts; what is selected can still be copied.
  getSelection().selectAllChildren(shown);
  return document.execCommand("copy");
}

function download(file, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
