// The time line as a slider: any moment of the day until now, by pointer or keyboard, and the buttons
// that play the day. What a moment shows comes with replay.ts, which is fetched when it is first
// wanted.

import { lazy, mayBeOld } from "./lazy.ts";
import { type App, type Replay, type State, find } from "./state.ts";
import { count, numerals, word } from "./words.ts";

const minute = 60_000;

// How many minutes the arrow keys and the page keys move the slider.
const stride = 10;
const leap = 60;

export const defaultSpeed = 600;

// Bringing is what the replay's script has.
export interface Bringing {
  newPlayer(app: App): Player;
}

export interface Player {
  show(at: number): void; // shows a moment; one that has not come yet shows now
  toggle(speed: number): void; // plays or stops
  hurry(speed: number): void; // plays at another speed
  leave(): void; // back to now
}

// bindSlider makes the time line move. How the player is brought is a test's.
export function bindSlider(app: App, bring: () => Promise<Bringing> = () => import("./replay.ts")): () => void {
  const slider = find<HTMLInputElement>(app.page, "[data-moment]");
  const acts = find<HTMLElement>(app.page, "[data-replay-acts]");
  const play = find<HTMLButtonElement>(app.page, "[data-play]");
  const speed = find<HTMLSelectElement>(app.page, "[data-speed]");
  const end = find<HTMLButtonElement>(app.page, "[data-replay-end]");
  const note = find<HTMLElement>(app.page, "[data-clock-note]");
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const closes = Date.parse(app.page.dataset.closes ?? "");
  slider.max = String(Math.round((closes - opens) / minute));

  const said = find<HTMLElement>(app.page, "[data-replay-said]");
  const wake = lazy(async () => (await bring()).newPlayer(app));
  let coming = 0; // what waits for the player
  // tell has the player do something; one that does not come is told of, and leaves the day as it is.
  const tell = async (act: (player: Player) => void) => {
    coming++;
    try {
      act(await wake());
    } catch (reason) {
      said.textContent = note.textContent = word("replay.failed");
      console.warn("no replay:", reason);
      void mayBeOld();
    } finally {
      coming--;
    }
  };
  const show = (minutes: number) => {
    slider.value = String(minutes); // at once, so that the next key goes on from there
    const at = opens + slider.valueAsNumber * minute;
    void tell((p) => p.show(at));
  };
  const moved = () => show(slider.valueAsNumber);
  const pressed = (event: KeyboardEvent) => {
    const by = keyStep(event, document.dir === "rtl");
    if (!by) return;
    event.preventDefault();
    show(slider.valueAsNumber + by);
  };
  const toggled = () => void tell((p) => p.toggle(Number(speed.value)));
  const hurried = () => {
    if (app.state.replay) void tell((p) => p.hurry(Number(speed.value)));
  };
  const ended = () => {
    void tell((p) => p.leave());
    slider.focus(); // the button goes
  };

  slider.addEventListener("input", moved);
  slider.addEventListener("keydown", pressed);
  play.addEventListener("click", toggled);
  speed.addEventListener("change", hurried);
  end.addEventListener("click", ended);
  const off = app.onRender(viewOf(app, slider, acts, play, end, () => coming === 0));
  if (app.page.dataset.at) void tell((p) => p.show(Date.parse(app.page.dataset.at ?? "")));
  return () => {
    off();
    slider.removeEventListener("input", moved);
    slider.removeEventListener("keydown", pressed);
    play.removeEventListener("click", toggled);
    speed.removeEventListener("change", hurried);
    end.removeEventListener("click", ended);
  };
}

// keyStep is by how many minutes a key moves the slider, 0 for keys that do not. With Shift the
// arrows move by single minutes.
export function keyStep(event: { key: string; shiftKey: boolean }, rightToLeft: boolean): number {
  const small = event.shiftKey ? 1 : stride;
  const forward = rightToLeft ? -1 : 1;
  switch (event.key) {
    case "ArrowRight":
      return small * forward;
    case "ArrowLeft":
      return -small * forward;
    case "ArrowUp":
      return small;
    case "ArrowDown":
      return -small;
    case "PageUp":
      return leap;
    case "PageDown":
      return -leap;
  }
  return 0;
}

function viewOf(
  app: App,
  slider: HTMLInputElement,
  acts: HTMLElement,
  play: HTMLButtonElement,
  end: HTMLButtonElement,
  settled: () => boolean,
): (state: State) => void {
  const badge = find<HTMLElement>(app.page, "[data-replay-badge]");
  const note = find<HTMLElement>(app.page, "[data-clock-note]");
  const rename = feedNames(app.page);
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const words = momentWords();
  let told = "";
  return ({ replay }: State) => {
    const begun = app.now() > opens; // before the day there is nothing to replay
    slider.hidden = acts.hidden = !begun;
    const value = String(Math.floor((app.shown() - opens) / minute));
    if (settled() && slider.value !== value) slider.value = value;
    const text = words(app.shown(), replay);
    if (text !== told) slider.setAttribute("aria-valuetext", (told = text));
    badge.hidden = end.hidden = !replay;
    app.page.classList.toggle("is-replay", replay !== null);
    app.page.dataset.replay = replay?.phase ?? "";
    if (replay) note.textContent = noteOf(replay);
    rename(replay !== null);
    play.setAttribute("aria-pressed", String(replay?.playing ?? false));
    const label = word(replay?.playing ? "replay.stop" : "replay.play");
    if (play.title !== label) play.setAttribute("aria-label", (play.title = label));
  };
}

// noteOf stands below the clock: the reader's own time, or what is the matter.
function noteOf({ at, phase }: Replay): string {
  if (phase !== "ready") return word(`replay.${phase}`);
  const style = { weekday: "short", hour: "numeric", minute: "2-digit" } as const;
  return `${new Intl.DateTimeFormat(numerals(), style).format(at)} ${word("replay.yours")}`;
}

// feedNames calls the feed by what it tells: what happens, or what had happened.
function feedNames(page: HTMLElement): (replayed: boolean) => void {
  const places: [HTMLElement, string][] = [
    [find(page, "[data-panel-to=now]"), "replay.happened"],
    [find(page, "#now-title"), "replay.happened"],
    [find(page, "[data-feed-empty]"), "replay.nothing"],
  ];
  const names = places.map(([place]) => place.textContent ?? "");
  let was = false;
  return (replayed) => {
    if (replayed === was) return;
    was = replayed;
    places.forEach(([place, key], i) => (place.textContent = replayed ? word(key) : (names[i] ?? "")));
  };
}

// momentWords says a moment by the reader's own clock and by that of the world, and how many events
// were live then.
function momentWords(): (at: number, replay: Replay | null) => string {
  const style = { month: "long", day: "numeric", hour: "numeric", minute: "2-digit" } as const;
  const here = new Intl.DateTimeFormat(numerals(), style);
  const there = new Intl.DateTimeFormat(numerals(), { ...style, timeZone: "UTC" });
  return (at, replay) => {
    const live = replay?.counts ? `, ${count("replay.live", replay.counts.world.live)}` : "";
    return `${here.format(at)} ${word("replay.yours")}, ${there.format(at)} UTC${live}`;
  };
}
