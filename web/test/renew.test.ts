import { bindRenewal } from "../src/renew.ts";
import { equal, test } from "./harness.ts";

const screen = (code: string) =>
  `<div data-renew="0.02"><header><a href="#">Back</a></header><svg class="qr" aria-label="${code}"></svg></div>`;

test("a code draws itself again, past a hub that is away, and the focus stays", async () => {
  document.body.insertAdjacentHTML("beforeend", screen("first"));
  const part = document.querySelector<HTMLElement>("[data-renew]");
  if (!part) throw new Error("no screen");
  const link = part.querySelector("a");
  link?.focus();
  let asked = 0;
  const real = window.fetch;
  window.fetch = async () => {
    asked++;
    if (asked === 1) throw new TypeError("no connection");
    if (asked === 2) return new Response("", { status: 503 });
    return new Response(screen(`code ${asked}`));
  };
  try {
    bindRenewal(part);
    const shown = () => part.querySelector(".qr")?.getAttribute("aria-label");
    while (shown() !== "code 4") await new Promise((done) => setTimeout(done, 10));
    equal(document.activeElement === link, true, "focus");
  } finally {
    part.remove();
    window.fetch = () => new Promise(() => {}); // whoever asks once more waits for ever
    await new Promise((done) => setTimeout(done, 100));
    window.fetch = real;
  }
});
