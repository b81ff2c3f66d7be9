// What lets a page run for days without anybody near: it stays awake, learns of a new build of the
// hub, and begins anew now and then, but only when the hub can be reached and nothing happens.

const minute = 60_000;

// renewAfter is after how long the page begins anew at the next quiet moment, renewAtLast when it
// does so in any case.
const renewAfter = 12 * 60 * minute;
const renewAtLast = 13 * 60 * minute;
const quiet = minute; // so long nothing has happened

export interface Moment {
  runsFor: number; // milliseconds
  quietFor: number;
  mine: string; // the build that the page is of
  theirs: string | null; // the build that the hub is of now, null when it does not answer
}

// wantsRenewal tells whether to begin anew. A hub that does not answer is not left for an error page
// of the browser, which nobody would press away.
export function wantsRenewal(m: Moment): boolean {
  if (!m.theirs) return false;
  if (m.theirs !== m.mine) return true;
  return m.runsFor > renewAtLast || (m.runsFor > renewAfter && m.quietFor > quiet);
}

export interface Kiosk {
  happened(): void; // something has just happened
  stop(): void;
}

export function bindKiosk(build: string, renew: () => void): Kiosk {
  let last = performance.now();
  const look = async () => {
    const now = performance.now();
    const theirs = await currentBuild();
    if (wantsRenewal({ runsFor: now, quietFor: now - last, mine: build, theirs })) renew();
  };
  const timer = setInterval(() => void look(), minute);
  const awake = () => {
    if (document.visibilityState === "visible") void stayAwake();
  };
  document.addEventListener("visibilitychange", awake);
  awake();
  return {
    happened: () => (last = performance.now()),
    stop: () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", awake);
    },
  };
}

async function currentBuild(): Promise<string | null> {
  try {
    const answer = await fetch("/screen/build", { cache: "no-store" });
    return answer.ok ? (await answer.text()).trim() : null;
  } catch {
    return null;
  }
}

async function stayAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Not allowed, or the battery is low: the device decides.
  }
}
