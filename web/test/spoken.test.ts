import type { Counts } from "../src/documents.ts";
import { bindSpoken } from "../src/spoken.ts";
import { type State, newApp } from "../src/state.ts";
import { useWords } from "../src/words.ts";
import { state } from "./feed.test.ts";
import { equal, inWorld, test } from "./harness.ts";
import { words } from "./words.test.ts";

function counts(events: number): Counts {
  const none = { value: 0, reported: 0 };
  return { asOfSeq: events, asOf: null, countries: 1, world: { events, live: 0, checkIns: none, cheers: none, declared: none } };
}

test("what is said of the last half minute came in it, also after a silence", async () => {
  useWords({ ...words, "find.said": "In the last half minute:", "find.said_events": "new events: #" });
  const page = document.createElement("div");
  page.innerHTML = `<p data-feed-said></p>`;
  const app = newApp(page, () => 0, state());
  let speak = () => {};
  const world = {
    setInterval: (run: () => void) => ((speak = run), 0),
    requestAnimationFrame: (draw: () => void) => (draw(), 0),
  };
  const said = () => {
    const place = page.querySelector("[data-feed-said]") as HTMLElement;
    const text = place.textContent;
    place.textContent = "";
    return text;
  };
  let events = 0;
  const happens = (more: number, part: Partial<State> = {}) =>
    app.change((s) => Object.assign(s, part, { counts: counts((events += more)) }));
  const after = (more: number, part: Partial<State> = {}) => {
    happens(more, part);
    speak();
    return said();
  };
  await inWorld(world, () => {
    bindSpoken(app);
    happens(0);
    equal([after(3), after(0), after(2)], ["In the last half minute: new events: 3", "", "In the last half minute: new events: 2"]);
    equal([after(50, { paused: true }), after(60), after(1, { paused: false })], ["", "", "In the last half minute: new events: 1"], "a pause");
    equal([after(0, { stream: "offline" }), after(70, { stream: "connected" }), after(2)], ["", "", "In the last half minute: new events: 2"], "no connection");
    happens(0, { stream: "connecting" });
    equal([after(80, { stream: "connected" }), after(1, { stream: "polling" })], ["", "In the last half minute: new events: 1"], "a short one");
  });
});
