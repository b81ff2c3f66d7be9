// The live streams: what happens, and the numbers. A page that nobody sees lets go of its
// connections after a while, and goes on from its position when it is seen again.

import type { Activity, Counts } from "./documents.ts";
import { ActivityStream, ChangesQuery, CountsQuery, CountsStream } from "./documents.ts";
import { addToFeed, forget } from "./feed.ts";
import { ask, listen } from "./graphql.ts";
import { type App, keepLatest } from "./state.ts";
import { hourOf } from "./timeline.ts";
import { pageLanguage } from "./words.ts";

// idleAfter is how long a hidden page stays connected: browsers allow six connections to a hub
// over HTTP/1.1, for all its pages together.
const idleAfter = 30_000;

// lateAfter is how long a connection may be lost before the page says that it is offline.
const lateAfter = 3_000;

// rearview is how many past activities the feed begins with.
const rearview = 12;

export function bindStream(app: App): () => void {
  let position = app.page.dataset.position ?? "";
  let seen = 0;
  let unbind: (() => void) | undefined;
  let late: ReturnType<typeof setTimeout> | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const take = (activity: Activity) => {
    if (activity.kind === "SNAPSHOT_REQUIRED") {
      position = activity.position;
      seen = 0;
      app.change((s) => s.resync++);
      void refreshCounts(app);
      return;
    }
    if (activity.seq <= seen) return;
    seen = activity.seq;
    position = activity.position;
    app.change((s) => {
      addToFeed(s, activity);
      keepLatest(s, activity);
      if (activity.kind === "EVENT_LISTED" && activity.card) {
        const hour = hourOf(app, activity.card.startsAt);
        s.hours = s.hours.map((n, i) => (i === hour ? n + 1 : n));
      }
    });
  };

  const lost = () => {
    app.change((s) => {
      if (s.stream !== "offline") s.stream = navigator.onLine ? "connecting" : "offline";
    });
    late ??= setTimeout(() => app.change((s) => (s.stream = "offline")), lateAfter);
  };
  const connected = () => {
    clearTimeout(late);
    late = undefined;
    app.change((s) => (s.stream = "connected"));
  };

  const start = () => {
    if (unbind) return;
    const stops = [
      listen<{ activity: Activity }>(ActivityStream, {
        variables: () => ({
          edition: app.edition,
          after: position || null,
          language: pageLanguage(),
        }),
        next: (data) => {
          connected();
          take(data.activity);
        },
        open: connected,
        lost,
      }),
      listen<{ counts: Counts }>(CountsStream, {
        variables: () => ({ edition: app.edition }),
        next: (data) => app.change((s) => (s.counts = data.counts)),
        open: () => {},
        lost: () => {},
      }),
    ];
    unbind = () => stops.forEach((stop) => stop());
  };
  const stop = () => {
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
  void lookBack(app, position).finally(start);
  return () => {
    stop();
    clearTimeout(idle);
    clearTimeout(late);
    document.removeEventListener("visibilitychange", visible);
    removeEventListener("offline", lost);
    removeEventListener("pagehide", stop);
    removeEventListener("pageshow", visible);
  };
}

async function refreshCounts(app: App): Promise<void> {
  try {
    const data = await ask<{ counts: Counts | null }>(CountsQuery, { edition: app.edition });
    app.change((s) => (s.counts = data.counts));
  } catch {
    // The stream brings them with the next change.
  }
}

// lookBack fills the feed with what happened just before the page was made.
async function lookBack(app: App, position: string): Promise<void> {
  const [, epoch, seq] = /^(.+)-(\d+)$/.exec(position) ?? [];
  if (!epoch || !seq) return;
  const since = `${epoch}-${Math.max(0, Number(seq) - rearview)}`;
  const variables = { edition: app.edition, since, first: rearview, language: pageLanguage() };
  try {
    const { changes } = await ask<{ changes: Activity[] }>(ChangesQuery, variables);
    app.change((s) => {
      for (const activity of changes) {
        if (activity.tombstone && activity.eventId) forget(s, activity.eventId);
        else addToFeed(s, activity);
      }
    });
  } catch {
    // An empty feed says so itself.
  }
}
