// The pages under 填报. Everything happens in the browser: what is filled in leaves it only as a file, a copy or a link
// that the person at the keyboard asks for. Nothing is sent anywhere.

import { Form } from "./forms-form.js";
import { startPage } from "./forms-start.js";

for (const note of document.querySelectorAll("[data-offline]")) note.hidden = true;
for (const root of document.querySelectorAll("[data-filing]")) {
  void (root.dataset.filing === "start" ? startPage(root) : new Form(root).start());
}
