import { lazy, mayBeOld, persist } from "../src/lazy.ts";
import { bindSlider } from "../src/slider.ts";
import { newApp } from "../src/state.ts";
import { state } from "./feed.test.ts";
import { equal, inWorld, test } from "./harness.ts";

const gone = () => Promise.reject(new Error("404"));

test("a part that did not come is brought anew, one that came is not", async () => {
  let asked = 0;
  const part = lazy(() => (++asked === 1 ? gone() : Promise.resolve("here")));
  equal(await part().catch(() => "gone"), "gone");
  equal([await part(), await part(), asked], ["here", "here", 2]);
});

test("what needs the hub is done when the connection is back, and once", async () => {
  const app = newApp(document.createElement("div"), Date.now, state());
  let acts = 0;
  let failures = 0;
  const done = new Promise<void>((resolve) => {
    persist(app, () => (++acts < 3 ? gone() : Promise.resolve(resolve())), () => failures++);
  });
  const streams = ["connected", "offline", "connected", "connected", "polling", "connected", "offline", "connected"] as const;
  await inWorld(atOnce, async () => {
    for (const stream of streams) {
      await settled();
      app.change((s) => (s.stream = stream));
    }
  });
  await done;
  equal([acts, failures], [3, 2]);
});

// atOnce draws the state as soon as it has changed.
const atOnce = { requestAnimationFrame: (draw: () => void) => (draw(), 0) };

const settled = () => new Promise((done) => setTimeout(done));

test("a player that did not come leaves the time line usable, and is told of", async () => {
  const page = document.createElement("div");
  Object.assign(page.dataset, { opens: "2026-03-06T10:00:00Z", closes: "2026-03-08T12:00:00Z" });
  page.innerHTML = `<input type="range" data-moment><div data-replay-acts></div><button data-play></button>
    <select data-speed><option value="60"></select><button data-replay-end></button><b data-replay-badge></b>
    <i data-clock-note></i><p data-replay-said>…</p><b data-panel-to="now"></b><b id="now-title"></b><b data-feed-empty></b>`;
  const app = newApp(page, () => Date.parse("2026-03-07T12:00:00Z"), state());
  const did: string[] = [];
  const player = {
    show: (at: number) => did.push(new Date(at).toISOString()),
    toggle: () => did.push("toggle"),
    hurry: () => {},
    leave: () => {},
  };
  let asked = 0;
  bindSlider(app, () => (++asked <= 2 ? gone() : Promise.resolve({ newPlayer: () => player as never })));
  const part = <E extends HTMLElement>(name: string) => page.querySelector<E>(`[data-${name}]`) as E;
  const slider = part<HTMLInputElement>("moment");
  const press = async (act: () => void) => {
    act();
    await settled();
    await inWorld(atOnce, () => app.change(() => {}));
  };
  await press(() => part("play").click());
  equal([part("replay-said").textContent, did.length], ["", 0], "the word, of which this page has none");
  await press(() => {
    slider.value = "5";
    slider.dispatchEvent(new Event("input"));
  });
  equal(slider.value, "1560", "it goes back to now");
  await press(() => part("play").click());
  await press(() => {
    slider.value = "5";
    slider.dispatchEvent(new Event("input"));
  });
  equal([asked, did], [3, ["toggle", "2026-03-06T10:05:00.000Z"]]);
});

test("a page of another build than the hub's is offered anew, once", async () => {
  const main = document.createElement("main");
  const script = document.createElement("script");
  script.type = "module";
  script.setAttribute("src", "data:text/javascript,0");
  document.body.append(main, script);
  const hub = (src: string, status = 200) => () =>
    Promise.resolve(new Response(`<script type="module" src="${src}"></script><main></main>`, { status }));
  const offers = async (fetch: () => Promise<Response>) => {
    await inWorld({ fetch }, mayBeOld);
    return main.querySelectorAll("[data-newer] button").length;
  };
  equal(await offers(hub("data:text/javascript,0")), 0, "the same build");
  equal(await offers(gone), 0, "no hub");
  equal(await offers(hub("data:text/javascript,1", 502)), 0, "a hub in trouble");
  equal(await offers(hub("data:text/javascript,1")), 1, "another build");
  equal(await offers(hub("data:text/javascript,1")), 1, "asked again");
  main.remove();
  script.remove();
});
