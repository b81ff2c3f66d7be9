import { find } from "../src/state.ts";
import { onDay } from "./day.ts";
import { equal, test, until } from "./harness.ts";

const beijing = {
  kind: "TOWN" as const, name: "北京", country: "CN", countryName: "中国", latitude: 39.9, longitude: 116.4, isExact: false,
  box: { west: 116, south: 39, east: 117, north: 41 },
};

test("places are proposed after an input method, and half of a word is not searched for", () =>
  onDay("", async (app, hub) => {
    hub.places = [beijing];
    const input = find<HTMLInputElement>(app.page, "#find-q");
    const compose = (text: string) => {
      input.value = text;
      input.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
    };
    compose("bei");
    await new Promise((done) => setTimeout(done, 400)); // longer than both pauses in typing
    equal(hub.asked.length, 0);
    compose("北京");
    input.dispatchEvent(new CompositionEvent("compositionend", { data: "北京", bubbles: true }));
    await until(() => input.getAttribute("aria-expanded") === "true", "places");
    await until(() => app.state.filter.text === "北京", "the words");
  }));
