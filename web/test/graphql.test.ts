import { ask, listen } from "../src/graphql.ts";
import { equal, inWorld, test } from "./harness.ts";

// Source stands for the browser's EventSource.
class Source extends EventTarget {
  static all: Source[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    Source.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
  says(type: string, data = ""): void {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}

// clockwork stands for the browser's timers: they run when the test says how much time has passed.
function clockwork() {
  let now = 0;
  let last = 0;
  const due = new Map<number, { at: number; run: () => void }>();
  return {
    setTimeout: (run: () => void, wait = 0) => (due.set(++last, { at: now + wait, run }), last),
    clearTimeout: (id?: number) => void due.delete(id ?? 0),
    waiting: () => due.size,
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const [next] = [...due].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at);
        if (!next) break;
        due.delete(next[0]);
        now = next[1].at;
        next[1].run();
      }
      now = until;
    },
  };
}

test("a stream that has died without a word is opened again", async () => {
  const time = clockwork();
  Source.all = [];
  const seen: string[] = [];
  await inWorld({ EventSource: Source, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout }, () => {
    const stop = listen<string>("subscription", {
      variables: () => ({}),
      next: (data) => seen.push(data),
      open: () => seen.push("open"),
      lost: () => seen.push("lost"),
      hear: (at) => seen.push(at),
    });
    const [first] = Source.all;
    equal(new URL(first?.url ?? "", "http://hub").searchParams.get("extensions"), '{"heartbeat":true}');
    first?.says("open");
    for (let beat = 0; beat < 8; beat++) {
      time.pass(15_000);
      first?.says("heartbeat", String(beat));
    }
    time.pass(40_000);
    first?.says("next", '{"data":"news"}');
    time.pass(44_999);
    equal([first?.closed, Source.all.length], [false, 1], "while it shows life");
    time.pass(1);
    equal([first?.closed, seen.slice(-2)], [true, ["news", "lost"]], "after 45 seconds of silence");
    time.pass(1_000);
    equal(Source.all.length, 2, "opened again");
    time.pass(45_000);
    equal([Source.all[1]?.closed, seen.at(-1)], [true, "lost"], "one that never opened");
    equal(seen.slice(0, 3), ["open", "0", "1"], "it is told");
    stop();
    equal(time.waiting(), 0, "nothing waits for a stream that is let go");
  });
});

test("an answer that never comes is given up", async () => {
  const time = clockwork();
  const never = (_: string, { signal }: RequestInit) =>
    new Promise((_, reject) => {
      const end = () => reject(new Error("aborted"));
      if (signal?.aborted) end();
      signal?.addEventListener("abort", end);
    });
  await inWorld({ fetch: never, setTimeout: time.setTimeout, clearTimeout: time.clearTimeout }, async () => {
    let failed = 0;
    const count = () => void failed++;
    const first = ask("{ a }", {}).catch(count);
    time.pass(9_999);
    await Promise.resolve();
    equal(failed, 0, "before");
    time.pass(1);
    await first;
    const stop = new AbortController();
    const second = ask("{ a }", {}, stop.signal).catch(count);
    stop.abort();
    await second;
    await ask("{ a }", {}, stop.signal).catch(count);
    equal([failed, time.waiting()], [3, 0], "and by whoever asked");
  });
});
