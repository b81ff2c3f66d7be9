import { openCard } from "../src/card.ts";
import { takeActivity, takeFrame } from "../src/frames.ts";
import { reload } from "../src/list.ts";
import { type App, find } from "../src/state.ts";
import { onDay, row } from "./day.ts";
import { activity } from "./feed.test.ts";
import { equal, test, until } from "./harness.ts";

const linksOf = (app: App) => [...app.page.querySelectorAll<HTMLAnchorElement>("[data-rows] a")];
const stopsOf = (app: App) => linksOf(app).flatMap((link, i) => (link.tabIndex === 0 ? [i] : []));
const many = (n: number) => Array.from({ length: n }, (_, i) => row(`e${i}`));

function changed(seq: number, id: string, day: string) {
  const a = activity(seq, "DAY_CHANGED", id);
  return { ...a, card: a.card && { ...a.card, day } };
}

test("the list, the card and the hub's own rows follow the day of an event", () =>
  onDay("", async (app, hub) => {
    const rows = find<HTMLElement>(app.page, "[data-rows]");
    rows.innerHTML = `<li data-id="a" data-day="PLANNED" data-phase="UPCOMING"><span class="mark"></span><span class="state"></span></li>`;
    const reader = { position: "e-1" };
    const take = (seq: number, id: string, day: string) => app.change((s) => takeActivity(app, s, reader, changed(seq, id, day)));
    const first = rows.firstElementChild as HTMLElement;
    take(2, "a", "LIVE");
    await until(() => first.dataset.day === "LIVE", "the row of the hub's");
    equal([first.dataset.phase, first.querySelector(".mark")?.classList.contains("is-live")], ["LIVE", true]);

    reload(app);
    openCard(app, "a");
    await until(() => linksOf(app).length === 3 && app.state.card?.event?.day === "CONFIRMED", "list and card");
    hub.days.a = "CANCELLED";
    const before = linksOf(app)[0];
    take(3, "a", "CANCELLED");
    await until(() => rows.querySelector<HTMLElement>("[data-id=a]")?.dataset.day === "CANCELLED", "the row");
    const asked = () => hub.asked.filter(({ variables }) => variables.id === "a").length;
    await until(() => asked() === 2 && app.state.card?.event?.day === "CANCELLED", "the card");
    equal([linksOf(app)[0] === before, app.state.list.still, app.state.card?.stale], [true, true, false], "what is there stays");
  }));

test("a list by phase comes anew when the day changes, by one question for many changes", () =>
  onDay("", async (app, hub) => {
    const lists = () => hub.asked.filter(({ variables }) => !variables.id).length;
    const reader = { position: "e-1" };
    app.change((s) => (s.filter = { ...s.filter, phase: "LIVE" }));
    reload(app);
    await until(() => app.state.list.rows?.length === 3, "the list");
    hub.rows = hub.rows.slice(0, 2);
    app.change((s) => takeActivity(app, s, reader, changed(2, "elsewhere", "DONE")));
    app.change((s) => takeActivity(app, s, reader, changed(3, "a", "LIVE")));
    await until(() => app.state.list.rows?.length === 2, "the list anew");
    equal([lists(), app.state.list.total, app.state.list.still], [2, 2, true]);
  }));

test("a list that comes anew by itself disturbs nobody", () =>
  onDay("?country=NP", async (app, hub) => {
    hub.rows = many(200);
    reload(app);
    await until(() => app.state.list.rows?.length === 40, "the list");
    for (const rows of [80, 120]) {
      find<HTMLElement>(app.page, "[data-more]").click();
      await until(() => app.state.list.rows?.length === rows, "more");
    }
    const status = find<HTMLElement>(app.page, "[data-list-status]");
    await until(() => linksOf(app).length === 120, "all rows");
    const link = linksOf(app)[90];
    link?.focus();
    let said = 0;
    const watch = new MutationObserver(() => said++);
    watch.observe(status, { childList: true, characterData: true, subtree: true });
    hub.rows = [row("new"), ...hub.rows.slice(5)];
    const asked = () => hub.asked.filter(({ query }) => query.includes("MapEvents")).length;
    const before = asked();
    const anew = { position: "f-9", counts: null, activities: [], omitted: 0, removed: [], relocated: [], snapshotRequired: true };
    app.change((s) => takeFrame(app, s, { position: "e-1" }, anew));
    await until(() => linksOf(app)[0]?.textContent === "The new", "the list anew");
    equal([linksOf(app).length, asked() - before, app.state.list.still], [120, 2, true]);
    equal([document.activeElement === link, link?.isConnected, stopsOf(app)], [true, true, [86]], "the focus");
    equal(status.textContent !== "" && said <= 1, true, "only another number is said");
    hub.rows = hub.rows.filter(({ id }) => id !== "e90");
    app.change((s) => s.resync++);
    await until(() => !link?.isConnected, "the row to go");
    equal(linksOf(app)[86] === document.activeElement, true, "the focus is in its place");
    watch.disconnect();
  }));

test("more events keep the keyboard where it is", () =>
  onDay("?country=NP", async (app, hub) => {
    hub.rows = many(100);
    reload(app);
    await until(() => app.state.list.rows?.length === 40, "the list");
    const more = find<HTMLElement>(app.page, "[data-more]");
    more.focus();
    more.click();
    await until(() => linksOf(app).length === 80, "more");
    equal([document.activeElement === more, stopsOf(app)], [true, [40]]);
    more.click();
    await until(() => linksOf(app).length === 100, "the last");
    equal([document.activeElement === linksOf(app)[80], stopsOf(app), more.hidden], [true, [80], true]);
  }));

test("more events than the hub wrote come with the first press", () =>
  onDay("", async (app, hub) => {
    hub.rows = many(100);
    const rows = find<HTMLElement>(app.page, "[data-rows]");
    rows.innerHTML = hub.rows.slice(0, 40).map(({ id }) => `<li data-id="${id}"><a href="/${id}">${id}</a></li>`).join("");
    find<HTMLElement>(app.page, "[data-more]").click();
    await until(() => linksOf(app).length === 80, "more");
    equal(stopsOf(app), [40]);
  }));

test("what a key opens elsewhere is the browser's", () =>
  onDay("?country=NP", async (app) => {
    await until(() => linksOf(app).length === 3, "the list");
    let left = 0;
    const stay = (event: Event) => {
      left += event.defaultPrevented ? 0 : 1;
      event.preventDefault();
    };
    addEventListener("click", stay);
    const all = ["[data-as-to=table]", "[data-sort]", "[data-clear]", "[data-more]", "[data-rows] a"];
    for (const selector of all) {
      const init = { bubbles: true, cancelable: true, ctrlKey: true };
      app.page.querySelector(selector)?.dispatchEvent(new MouseEvent("click", init));
    }
    removeEventListener("click", stay);
    equal([left, app.state.as, app.state.filter.country, app.state.card], [5, "list", "NP", null]);
  }));
