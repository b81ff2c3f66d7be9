import { openCard } from "../src/card.ts";
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
