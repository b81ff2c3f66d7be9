import { readAddress, rewrite } from "../src/address.ts";
import { openCard } from "../src/card.ts";
import { showNear } from "../src/list.ts";
import { find } from "../src/state.ts";
import { onDay } from "./day.ts";
import { equal, test, until } from "./harness.ts";

const asked = (name: string) => new URLSearchParams(location.search).get(name);
const dialogOf = (page: HTMLElement) => find<HTMLDialogElement>(page, "dialog");

test("a card from a shared link can be closed for good", () =>
  onDay("?event=a", async (app) => {
    const dialog = dialogOf(app.page);
    await until(() => dialog.open && app.state.card?.phase === "ready", "the shared card");
    dialog.close();
    await until(() => location.search === "", "the address without a card");
    openCard(app, "b");
    await until(() => location.search === "?event=b", "the card's address");
    dialog.close();
    await until(() => location.search === "", "the step back");
    equal([app.state.card, dialog.open], [null, false], "the first card");
    openCard(app, "c");
    await until(() => location.search === "?event=c", "another card's address");
    history.back();
    await until(() => !dialog.open, "Back to close the card");
    equal(location.search, "");
  }));

test("conditions that were set just before a card are there after it", () =>
  onDay("", async (app) => {
    const dialog = dialogOf(app.page);
    const box = find<HTMLInputElement>(app.page, "#find-q");
    const search = (text: string) => {
      box.value = text;
      find<HTMLFormElement>(app.page, "form").requestSubmit();
    };
    search("birds");
    await until(() => app.state.filter.text === "birds", "the words");
    openCard(app, "a");
    await until(() => asked("event") === "a" && asked("q") === "birds", "the card's address");
    search("river"); // the pause in typing ends while the card is open
    dialog.close();
    await until(() => asked("event") === null && asked("q") === "river", "the step back");
    equal([app.state.filter.text, box.value], ["river", "river"]);
    openCard(app, "a");
    await until(() => asked("event") === "a" && asked("q") === "river", "the card's address");
    history.back();
    await until(() => !dialog.open, "Back to close the card");
    equal([asked("q"), app.state.filter.text], ["river", "river"]);
  }));

test("a town keeps its name after a card, and for whoever gets the address", async () => {
  const town = { latitude: 27.72, longitude: 85.32, withinKm: 100, name: "Kathmandu, Nepal" };
  const chip = (page: HTMLElement) => find<HTMLElement>(page, "[data-chips]").textContent?.trim();
  let address = "";
  await onDay("", async (app) => {
    showNear(app, town);
    await until(() => asked("near") === "27.72,85.32,100", "the address of the town");
    openCard(app, "a");
    await until(() => asked("event") === "a", "the card's address");
    history.back();
    await until(() => !dialogOf(app.page).open && app.state.card === null, "Back to close the card");
    await until(() => chip(app.page) === "Kathmandu, Nepal ×", "the chip with the town's name");
    equal(app.state.near?.name, "Kathmandu, Nepal");
    address = location.search;
  });
  await onDay(address, async (app) => {
    await until(() => app.state.list.rows !== null, "the list");
    await until(() => chip(app.page) === "Kathmandu, Nepal ×", "the chip with the town's name");
    equal(app.state.near?.name, "Kathmandu, Nepal");
  });
  equal(readAddress(`?near=1,2,3&place=${"x".repeat(500)}`).near?.name?.length, 100);
});

test("the shape of the map and the moment of a replay leave the card its step", () =>
  onDay("", async (app) => {
    openCard(app, "a");
    await until(() => asked("event") === "a", "the card's address");
    rewrite((values) => values.set("at", "2026-03-07T12:00Z"));
    equal(location.search, "?event=a&at=2026-03-07T12:00Z");
    dialogOf(app.page).close();
    await until(() => location.search === "", "the step back");
  }));
