import { openCard } from "../src/card.ts";
import { find } from "../src/state.ts";
import { onDay } from "./day.ts";
import { equal, test, until } from "./harness.ts";

test("a screen reader hears the title of a card that has come, unless somebody has gone on", () =>
  onDay("", async (app, hub) => {
    const title = find<HTMLElement>(app.page, "[data-card=title]");
    const heard: string[] = [];
    title.addEventListener("focus", () => heard.push(title.textContent ?? ""));
    for (const isGone of [false, true]) {
      let give = () => {};
      hub.held = new Promise((done) => (give = done));
      openCard(app, "a");
      const dialog = find<HTMLDialogElement>(app.page, "dialog");
      await until(() => dialog.open && document.activeElement === title, "the card to wait");
      heard.length = 0;
      const share = find<HTMLElement>(dialog, "[data-share]");
      if (isGone) share.focus();
      give();
      await until(() => dialog.dataset.phase === "ready", "the card");
      equal([heard, document.activeElement === share], isGone ? [[], true] : [["The a"], false]);
      dialog.close();
      await until(() => app.state.card === null && location.search === "", "the card to close");
    }
  }));

test("what a host writes is read in the host's language", () =>
  onDay("", async (app, hub) => {
    hub.detail = { dayReason: "La pluie", day: "CANCELLED" };
    openCard(app, "a");
    const dialog = find<HTMLElement>(app.page, "dialog");
    await until(() => dialog.dataset.phase === "ready", "the card");
    const read = (name: string) => find<HTMLElement>(dialog, `[data-card=${name}]`).lang;
    equal(["title", "summary", "reason", "kind"].map(read), ["fr", "fr", "fr", ""]);
  }));

test("an hour is not told twice, by whatever name its zone goes", () =>
  onDay("", async (app, hub) => {
    const said = async (zone: string, allDay = false) => {
      hub.detail = { zone, allDay, startsAt: "2026-03-07T22:00:00Z", endsAt: "2026-03-07T23:00:00Z" };
      app.change((s) => (s.card = null));
      const dialog = find<HTMLDialogElement>(app.page, "dialog");
      await until(() => !dialog.open && location.search === "", "no card");
      openCard(app, "a");
      await until(() => dialog.open && dialog.dataset.phase === "ready", "the card");
      return find<HTMLElement>(app.page, "[data-card=here]").textContent !== "";
    };
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const same: Record<string, string> = { "Asia/Calcutta": "Asia/Kolkata", UTC: "Africa/Accra" };
    const other = same[timeZone] ?? timeZone;
    equal([await said(other), await said(other, true), await said("Asia/Kathmandu")], [false, false, timeZone !== "Asia/Kathmandu"]);
  }));
