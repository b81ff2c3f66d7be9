// The hub's clock. The page tells the hub's time when it was made and counts on from there by the
// device's clock, which goes on while the device sleeps; and the hub tells its time again with every
// sign of life of the stream. So a clock that was set for a rehearsal is seen everywhere, and a wrong
// clock of the device nowhere.

// Clock tells milliseconds since 1970, UTC, and hears what the hub says that they are.
export interface Clock {
  now(): number;
  hear(hubNow: string): void;
}

// clockFrom makes a clock for a page that says hubNow and is so many milliseconds old. The device's
// clock is a test's.
export function clockFrom(hubNow: string, age: number, device: () => number = Date.now): Clock {
  const start = Date.parse(hubNow);
  let ahead = Number.isNaN(start) ? 0 : start + age - device();
  let last = -Infinity;
  return {
    now: () => device() + ahead,
    hear(at) {
      const told = Date.parse(at) - device();
      if (Number.isNaN(told)) return;
      // What the hub says is never early, yet it may have been on its way for long: of two the later.
      ahead = Math.max(last, told);
      last = told;
    },
  };
}

// Visit is what the device knows of when the page came, in milliseconds: its clock, how long the visit
// has lasted, and when in it the answer began to arrive.
export interface Visit {
  clock: number;
  lasted: number;
  answered: number;
}

function thisVisit(): Visit {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return { clock: Date.now(), lasted: performance.now(), answered: visit?.responseStart ?? 0 };
}

// ageOf is how long ago, in milliseconds, the hub wrote the page: when its answer began to arrive, or
// was kept on the device.
export function ageOf(page: ParentNode, visit = thisVisit()): number {
  const kept = Date.parse(page.querySelector<HTMLTimeElement>("[data-offline] time")?.dateTime ?? "");
  return Number.isNaN(kept) ? visit.lasted - visit.answered : Math.max(0, visit.clock - kept);
}
