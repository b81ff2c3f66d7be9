// The live stream: what happens and the numbers, in frames. A page that nobody sees lets go of its
// connection after a while, and goes on from its position when it is seen again. While there is no
// connection it asks for what has happened, every now and then.

import type { Activity, Counts, Frame } from "./documents.ts";
import { ChangesQuery, CountsQuery, FrameStream } from "./documents.ts";
import { addToFeed, forget } from "./feed.ts";
import { openCard } from "./card.ts";
import { type Reader, hasMoved, takeChange, takeCounts, takeFrame } from "./frames.ts";
import { ask, listen } from "./graphql.ts";
import type { App } from "./state.ts";
import { pageLanguage } from "./words.ts";

// idleAfter is how long a hidden page stays connected: browsers allow six connections to a hub
// over HTTP/1.1, for all its pages together.
const idleAfter = 30_000;

// lateAfter is how long a connection may be lost before the page says so and asks by itself.
const lateAfter = 3_000;

// pollEvery is how often it asks then, and changesAtOnce for how much; what is beyond comes next time.
const pollEvery = 5_000;
const changesAtOnce = 100;

// rearview is how many past activities the feed begins with.
const rearview = 12;

interface Changes {
  changes: Activity[];
  counts: Counts | null;
}

// bindStream keeps the page up to date, and hands on what the hub's clock shows.
export function bindStream(app: App, hear: (hubNow: string) => void): () => void {
  const reader: Reader = { position: app.page.dataset.position ?? "" };
  let unbind: (() => void) | undefined;
  let late: ReturnType<typeof setTimeout> | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const next = ({ frames }: { frames: Frame }) => {
    connected();
    app.change((s) => takeFrame(app, s, reader, frames));
    const open = app.state.card?.id;
    if (open && (frames.snapshotRequired || frames.relocated.includes(open))) openCard(app, open);
  };
  const poll = async () => {
    const mine = late;
    const connection = await askChanges(app, reader);
    if (late !== mine) return; // connected meanwhile, or let go
    app.change((s) => (s.stream = connection));
    late = setTimeout(poll, pollEvery);
  };
  const lost = () => {
    app.change((s) => {
      if (s.stream === "connected") s.stream = navigator.onLine ? "connecting" : "offline";
      if (!navigator.onLine) s.stream = "offline";
    });
    late ??= setTimeout(poll, lateAfter);
  };
  const calm = () => {
    clearTimeout(late);
    late = undefined;
  };
  const connected = () => {
    calm();
    app.change((s) => (s.stream = "connected"));
  };

  const start = () => {
    unbind ??= listen<{ frames: Frame }>(FrameStream, {
      variables: () => ({
        edition: app.edition,
        after: reader.position || null,
        language: pageLanguage(),
      }),
      next,
      open: connected,
      lost,
      hear,
    });
  };
  const stop = () => {
    calm();
    unbind?.();
    unbind = undefined;
  };
  const visible = () => {
    clearTimeout(idle);
    if (document.hidden) idle = setTimeout(stop, idleAfter);
    else start();
  };

  document.addEventListener("visibilitychange", visible);
  addEventListener("offline", lost);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", visible);
  void lookBack(app, reader.position).finally(start);
  return () => {
    stop();
    clearTimeout(idle);
    document.removeEventListener("visibilitychange", visible);
    removeEventListener("offline", lost);
    removeEventListener("pagehide", stop);
    removeEventListener("pageshow", visible);
  };
}

// askChanges brings the page up to date without a stream, and tells how that went.
async function askChanges(app: App, reader: Reader): Promise<"polling" | "offline"> {
  const since = reader.position || null;
  const variables = { edition: app.edition, since, first: changesAtOnce, language: pageLanguage() };
  try {
    if (!since) {
      await refreshCounts(app);
      return "polling";
    }
    const { changes, counts } = await ask<Changes>(ChangesQuery, variables);
    app.change((s) => {
      s.omitted = 0;
      for (const activity of changes) takeChange(app, s, reader, activity);
      takeCounts(s, counts);
    });
    const open = app.state.card?.id;
    if (open && changes.some((activity) => activity.eventId === open && hasMoved(activity))) openCard(app, open);
    return "polling";
  } catch {
    return "offline";
  }
}

async function refreshCounts(app: App): Promise<void> {
  const data = await ask<{ counts: Counts | null }>(CountsQuery, { edition: app.edition });
  app.change((s) => takeCounts(s, data.counts));
}

// lookBack fills the feed with what happened just before the page was made, and has the numbers as
// they are now: the stream tells only those that change after it.
async function lookBack(app: App, position: string): Promise<void> {
  const [, epoch, seq] = /^(.+)-(\d+)$/.exec(position) ?? [];
  if (!epoch || !seq) return;
  const since = `${epoch}-${Math.max(0, Number(seq) - rearview)}`;
  const variables = { edition: app.edition, since, first: rearview, language: pageLanguage() };
  try {
    const { changes, counts } = await ask<Changes>(ChangesQuery, variables);
    app.change((s) => {
      for (const activity of changes) {
        if (activity.tombstone && activity.eventId) forget(s, activity.eventId);
        else addToFeed(s, activity);
      }
      takeCounts(s, counts);
    });
  } catch {
    // An empty feed says so itself.
  }
}
