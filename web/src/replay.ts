// The player: it shows the day as it was at any moment until now. Where events stood comes from the
// replay file, and so do the numbers while the day is played; numbers and feed of a moment at which
// it stands still come from the log, exactly.

import { type Counts, ReplayQuery, type Replayed } from "./documents.ts";
import { linesOf } from "./feed.ts";
import { ask } from "./graphql.ts";
import { wantsStillness } from "./look.ts";
import { markMoment } from "./moment.ts";
import { drawSpark } from "./spark.ts";
import { type App, type Replay, type State, find } from "./state.ts";
import { type Player, defaultSpeed } from "./slider.ts";
import { type Minute, type Tape, minuteAt, phases, readTape, shownAt } from "./tape.ts";
import { count, number, pageLanguage, word } from "./words.ts";

// rearview is how many activities before a moment its feed is made of.
const rearview = 60;

// How long the slider must stand still before the moment is asked for, how often the feed is asked
// for while the day is played, and how often a file may be fetched anew, in milliseconds.
const settle = 150;
const feedEvery = 2_000;
const fileEvery = 1_000;

// fileWithin is how long, in milliseconds, the file may take on a slow line before it is asked for anew.
const fileWithin = 60_000;

// backEvery is how often it is fetched because something was taken back, and soon how long to wait for a
// hub that did not have that yet. The first time after a while is at once.
const backEvery = 800;
const soon = 200;

// retryAfter is how much longer to wait after a file could not be had.
const retryAfter = 4_000;

// staleness is how much older than now a file may be that the hub and caches before it give.
const staleness = 7_000;

// stillEvery is how often the moment moves on for those who want no motion.
const stillEvery = 1_000;

export function newPlayer(app: App): Player {
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const closes = Date.parse(app.page.dataset.closes ?? "");
  const said = find<HTMLElement>(app.page, "[data-replay-said]");
  const files = new Files(app);
  const moments = new Moments(app);
  let stopClock = () => {};
  let drawn: Replay | null = null;
  let off: (() => void) | undefined; // what follows the state while a moment is shown

  const show = (wanted: number) => {
    const at = Math.max(opens, Math.min(closes, Math.floor(wanted / 1000) * 1000));
    if (wanted >= app.now()) return leave();
    if (!app.state.replay) begin();
    app.change((s) => (s.replay = movedTo(s.replay ?? fresh(at, files.last), at)));
    files.want(at);
    moments.want(at);
  };
  const leave = () => {
    stop();
    if (!app.state.replay) return;
    moments.drop();
    app.change((s) => (s.replay = null));
    said.textContent = word("replay.ended");
    markMoment(null);
  };
  const stop = () => {
    stopClock();
    stopClock = () => {};
    if (app.state.replay?.playing) {
      app.change((s) => s.replay && (s.replay = { ...s.replay, playing: false }));
      moments.want(app.state.replay.at);
    }
  };
  const play = (speed: number) => {
    // From now, or from the end, the day is played from its beginning.
    const at = app.state.replay?.at ?? opens;
    show(at >= closes ? opens : at);
    app.change((s) => s.replay && (s.replay = { ...s.replay, playing: true, speed }));
    stopClock = clockwork((passed) => {
      const { replay } = app.state;
      if (!replay?.tape) return;
      const next = replay.at + passed * replay.speed;
      if (next >= app.now()) return leave();
      if (next >= closes) {
        show(closes);
        return stop();
      }
      app.change((s) => s.replay && (s.replay = movedTo(s.replay, Math.floor(next / 1000) * 1000)));
      files.want(next);
      moments.pass(next);
    });
  };
  let resync = app.state.resync;
  // follow lets go of a file that may know too much by now.
  const follow = (state: State) => {
    files.follow(state);
    if (state.resync === resync) return false;
    resync = state.resync;
    files.anew();
    return true;
  };
  const begin = () => {
    follow(app.state);
    said.textContent = word("replay.began");
    off ??= app.onRender(render);
  };
  const render = (state: State) => {
    const { replay } = state;
    if (follow(state) && replay && !replay.playing) moments.want(replay.at);
    drawSpark(app.page, replay?.tape ?? null);
    if (replay === drawn) return;
    drawn = replay;
    if (!replay) {
      off?.(); // until the next
      off = undefined;
      return;
    }
    if (replay.playing || replay.told !== replay.at) return;
    said.dataset.at = new Date(replay.at).toISOString();
    said.textContent = summary(replay);
  };
  return {
    show(at) {
      stop();
      show(at);
    },
    toggle: (speed) => (app.state.replay?.playing ? stop() : play(speed)),
    hurry: (speed) => app.change((s) => s.replay && (s.replay = { ...s.replay, speed })),
    leave,
  };
}

function fresh(at: number, tape: Tape | null): Replay {
  const phase = tape ? "ready" : "loading";
  return { at, told: 0, playing: false, speed: defaultSpeed, phase, tape, counts: null, feed: [] };
}

// movedTo is the replay at another moment. Its numbers are those of the last whole minute until the
// exact ones are there.
function movedTo(replay: Replay, at: number): Replay {
  const { tape } = replay;
  if (replay.told === at) return { ...replay, at };
  const minute = tape && minuteAt(tape, (at - tape.opens) / 1000);
  return { ...replay, at, ...(minute && { counts: countsOf(minute, at, replay.counts) }) };
}

function countsOf(m: Minute, at: number, before: Counts | null): Counts {
  const whole = Math.floor(at / 60_000) * 60_000;
  if (before?.asOf && Date.parse(before.asOf) === whole) return before;
  const covered = (value: number, reported: number) => ({ value, reported });
  return {
    asOfSeq: before?.asOfSeq ?? 0,
    asOf: new Date(whole).toISOString(),
    countries: m.countries,
    world: {
      events: m.events,
      live: m.live,
      checkIns: covered(m.checkIns, m.checkInEvents),
      cheers: covered(m.cheers, m.cheerEvents),
      declared: covered(m.declared, m.declaredEvents),
    },
  };
}

// clockwork tells, until it is stopped, how many milliseconds have passed since it last did: with
// every frame, or once a second for those who want no motion. A page in the back does not play on.
function clockwork(tick: (passed: number) => void): () => void {
  if (wantsStillness()) {
    const timer = setInterval(() => tick(stillEvery), stillEvery);
    return () => clearInterval(timer);
  }
  let last = performance.now();
  let frame = requestAnimationFrame(function step(now: number) {
    frame = requestAnimationFrame(step);
    tick(Math.min(250, Math.max(0, now - last)));
    last = now;
  });
  return () => cancelAnimationFrame(frame);
}

// Files fetches the replay file, and again when a moment lies beyond it or something was taken back.
class Files {
  last: Tape | null = null; // null when something was taken back since
  readonly #app: App;
  #reaches = -1; // the latest moment that the file tells of
  #busy = false;
  #last = -fileEvery;
  #back = -backEvery; // when it was last fetched because something was taken back
  #timer: ReturnType<typeof setTimeout> | undefined;
  #takenBack: number;

  constructor(app: App) {
    this.#app = app;
    this.#takenBack = app.state.takenBack;
  }

  // follow lets go of a file from before the last thing that was taken back.
  follow({ takenBack }: State): void {
    if (takenBack === this.#takenBack) return;
    this.#takenBack = takenBack;
    this.anew();
  }

  // anew has the file fetched again, if a moment is shown: the one that is there may tell too much.
  anew(): void {
    this.#reaches = -1;
    this.last = null;
    const { replay } = this.#app.state;
    if (replay) this.want(replay.at);
  }

  want(at: number): void {
    if (at <= this.#reaches || this.#busy) return;
    clearTimeout(this.#timer);
    const due = this.#isStale() ? this.#back + backEvery : this.#last + fileEvery;
    this.#timer = setTimeout(() => void this.#fetch(), Math.max(0, due - performance.now()));
  }

  // #isStale tells whether the file that is there tells of what was taken back.
  #isStale(): boolean {
    return this.last === null && this.#app.state.replay?.tape != null;
  }

  async #fetch(): Promise<void> {
    this.#busy = true;
    if (this.#isStale()) this.#back = performance.now();
    this.#last = performance.now();
    const now = this.#app.now();
    try {
      const tape = await this.#load();
      // A file from before the last thing that was taken back must not be shown: it is asked for again.
      if (tape.seq >= this.#takenBack) {
        this.last = tape;
        this.#reaches = now - staleness;
        this.#app.change((s) => s.replay && (s.replay = movedTo({ ...s.replay, tape, phase: "ready" }, s.replay.at)));
      } else {
        this.#back += soon - backEvery;
      }
    } catch (reason) {
      console.warn("no replay:", reason);
      this.#last += retryAfter;
      this.#back += retryAfter;
      this.#app.change((s) => s.replay && (s.replay = { ...s.replay, phase: s.replay.tape ? "ready" : "failed" }));
    } finally {
      this.#busy = false;
    }
    const { replay } = this.#app.state;
    if (replay && replay.at > this.#reaches) this.want(replay.at);
  }

  // #load asks past any cache for a file that includes what the page has seen; the hub waits for that.
  async #load(): Promise<Tape> {
    const { slug } = this.#app.page.dataset;
    const address = `/replay/${encodeURIComponent(slug ?? "")}.bin?v=${this.#takenBack}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(fileWithin) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return readTape(await answer.arrayBuffer());
  }
}

// Moments asks for the numbers and the feed of a moment.
class Moments {
  readonly #app: App;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  #last = -feedEvery;

  constructor(app: App) {
    this.#app = app;
  }

  // want asks for a moment at which the day stands still.
  want(at: number): void {
    this.drop();
    this.#timer = setTimeout(() => {
      markMoment(at);
      void this.#ask(at, true);
    }, settle);
  }

  // pass asks for the feed of a moment that is played past.
  pass(at: number): void {
    if (performance.now() - this.#last > feedEvery) void this.#ask(at, false);
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask(at: number, exactly: boolean): Promise<void> {
    this.#last = performance.now();
    const mine = (this.#asking = new AbortController());
    const variables = { edition: this.#app.edition, at: new Date(at).toISOString(), first: rearview, language: pageLanguage() };
    try {
      const { replay } = await ask<{ replay: Replayed }>(ReplayQuery, variables, mine.signal);
      const feed = linesOf(replay.activities.reverse()).map((line) => ({ ...line, key: `${line.at} ${line.key}` }));
      this.#app.change((s) => {
        if (!s.replay || mine.signal.aborted || (exactly && s.replay.at !== at)) return;
        s.replay = { ...s.replay, feed, ...(exactly && { counts: replay.counts, told: at }) };
      });
    } catch {
      if (mine.signal.aborted || !exactly) return;
      this.#app.change((s) => s.replay && (s.replay = { ...s.replay, feed: [], phase: "failed" }));
    }
  }
}

// summary says what is on the map at a moment that stands still, for those who do not see it.
function summary({ at, tape }: Replay): string {
  if (!tape) return "";
  const counts = shownAt(tape, (at - tape.opens) / 1000);
  const said = phases.map((phase, i) => {
    const n = counts[i] ?? 0;
    return phase === "LIVE" ? count("replay.live", n) : `${word(`phase.${phase}`)}: ${number(n)}`;
  });
  return said.join(", ");
}
