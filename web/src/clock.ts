// The hub's clock. The page tells the hub's time when it was made and counts on from there, so that
// a clock that was set for a rehearsal is seen everywhere, and a wrong clock of the device nowhere.

export type Clock = () => number; // milliseconds since 1970, UTC

export function clockFrom(hubNow: string): Clock {
  const start = Date.parse(hubNow);
  // Time has passed since the hub wrote its time down: the page may have been on its way for long.
  const loaded = performance.now();
  if (Number.isNaN(start)) return Date.now;
  return () => start + performance.now() - loaded;
}
