// The service worker of the public pages: without a connection they show what they showed last, and
// say so. It keeps only what the hub says everybody may keep ("public"), so nothing of a signed-in
// person and no answer with a cookie; and it lets go of everything when the hub has a new build.
//
// What was taken back meanwhile may be on a kept page or picture, because a device that does not reach
// the hub cannot hear of it: that is allowed there and nowhere else. So what the hub answers always comes
// first and takes the kept one's place, also when it answers that there is nothing any more; a kept page
// says that it is old and of when; and tiles and replays, which cannot say that, are never kept.
//
//	/assets/, /words/    from the cache; their names change with their content
//	/, /e/..., /about    from the hub; after a while, or without it, as they were last seen
//	/map.svg             the same, under its address without the minute
//	everything else      is none of its business

import { spokenOf, timeless } from "./kept.ts";

// BUILD stands before this script when the hub serves it.
interface Build {
  version: string;
  files: string[]; // the shell: scripts and styles that the front page needs
  words: Record<string, Words>;
  style: string; // the address of the style sheet
}

interface Words {
  dir: string;
  note: string; // what is said of a kept page
  since: string;
  kept: string;
  title: string; // and where there is none
  none: string;
  again: string;
  file: string; // the words that scripts need
}

declare const BUILD: Build;

// What of the worker's own world is used here; the compiler's library of it clashes with the page's.
interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskedEvent extends LifeEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: AskedEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;
const prefix = "hub-";
const cacheName = prefix + BUILD.version;

// How long, in milliseconds, the hub may take before the kept page is shown, if there is one.
const patience = 4_000;

// maxKept is how many answers are kept beside the shell; the oldest go.
const maxKept = 60;

// When an answer was kept.
const keptAt = "X-Kept-At";

worker.addEventListener("install", (event) => {
  event.waitUntil(install().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const at = new URL(request.url);
  if (request.method !== "GET" || at.origin !== location.origin || request.headers.has("Range")) return;
  if (/^\/(assets|words)\//.test(at.pathname)) event.respondWith(fromCache(request));
  else if (at.pathname === "/map.svg") event.respondWith(picture(request, event));
  else if (request.mode === "navigate" && isPublic(at.pathname)) event.respondWith(page(request, event));
});

function isPublic(path: string): boolean {
  return path === "/" || path.startsWith("/about/") || (path.startsWith("/e/") && !path.endsWith(".ics"));
}

// install keeps the shell and the front page, so that one visit is enough.
async function install(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(BUILD.files);
  const front = await fetch("/");
  await cache.add(wordsOf(front.headers.get("Content-Language") ?? "").file);
  await keep(new Request("/"), front).catch(() => {});
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith(prefix) && n !== cacheName).map((n) => caches.delete(n)));
}

async function fromCache(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName });
  if (kept) return kept;
  const answer = await fetch(request);
  await keep(request, answer.clone()).catch(() => {});
  return answer;
}

// picture asks the hub for the picture of the day, which pages without a map ask for anew every minute
// by a number: it is kept once, whatever its minute was.
async function picture(request: Request, event: LifeEvent): Promise<Response> {
  const at = timeless(request.url);
  try {
    const answer = await fetch(request);
    event.waitUntil(keep(new Request(at), answer.clone()).catch(() => {}));
    return answer;
  } catch (lost) {
    const kept = await caches.match(at, { cacheName, ignoreVary: true });
    if (kept) return kept;
    throw lost;
  }
}

// page asks the hub. A slow hub does not keep anybody from the page that is here already; a hub that
// cannot be reached is said to be so.
async function page(request: Request, event: LifeEvent): Promise<Response> {
  const asked = fetch(request).then((answer) => {
    event.waitUntil(keep(request, answer.clone()).catch(() => {}));
    return answer;
  });
  asked.catch(() => {}); // it may fail after the kept page was shown
  const kept = await keptPage(request);
  try {
    return await (kept ? Promise.race([asked, late()]) : asked);
  } catch {
    return kept ? marked(kept) : nothingKept();
  }
}

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("late")), patience));
}

// keptPage is what was last seen at the address; a search of the front page is answered by the
// whole of it.
async function keptPage(request: Request): Promise<Response | undefined> {
  const options = { cacheName, ignoreVary: true };
  const own = await caches.match(request, options);
  if (own || new URL(request.url).pathname !== "/") return own;
  return caches.match("/", options);
}

// keep stores what everybody may keep, with the time, and drops the oldest beyond the limit and what is
// not there any more.
async function keep(request: Request, answer: Response): Promise<void> {
  if (answer.status === 404 || answer.status === 410) {
    await (await caches.open(cacheName)).delete(request, { ignoreVary: true });
    return;
  }
  const control = answer.headers.get("Cache-Control") ?? "";
  if (answer.status !== 200 || answer.redirected || !/\bpublic\b/.test(control)) return;
  const headers = new Headers(answer.headers);
  headers.set(keptAt, new Date().toISOString());
  const cache = await caches.open(cacheName);
  await cache.delete(request, { ignoreVary: true }); // one a page, whatever its language was
  await cache.put(request, new Response(await answer.blob(), { headers }));
  const shell = new Set([...BUILD.files, "/"].map((path) => new URL(path, location.origin).href));
  const rest = (await cache.keys()).filter(({ url }) => !shell.has(url) && !new URL(url).pathname.startsWith("/words/"));
  for (const old of rest.slice(0, Math.max(0, rest.length - maxKept))) await cache.delete(old);
}

// marked says on the page itself that it is an old one, and of when.
async function marked(kept: Response): Promise<Response> {
  const html = await kept.text();
  const lang = /<html lang="([\w-]+)"/.exec(html)?.[1] ?? "en";
  const words = wordsOf(lang);
  const at = new Date(kept.headers.get(keptAt) ?? "");
  const note = `<p class="notice offline-note" role="status" data-offline><strong>${words.note}.</strong> ${words.since} <time datetime="${at.toISOString()}"><bdi>${timeIn(lang, at)}</bdi></time>. ${words.kept}</p>`;
  const whole = html.replace(/<main\b[^>]*>/, (main) => main + note);
  return new Response(whole, { headers: headersOf(kept.headers.get("Content-Security-Policy")) });
}

// nothingKept is for a device that has never seen the page.
async function nothingKept(): Promise<Response> {
  const lang = spokenOf(navigator.languages, Object.keys(BUILD.words));
  const words = wordsOf(lang);
  const html = `<!doctype html><html lang="${lang}" dir="${words.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title}</title><meta name="color-scheme" content="dark light"><link rel="stylesheet" href="${BUILD.style}"></head><body><main id="main"><div class="sheet hero" data-offline><h1>${words.title}</h1><p>${words.none}</p><p><a class="button" href="">${words.again}</a></p></div></main></body></html>`;
  return new Response(html, { status: 503, headers: headersOf(null) });
}

function wordsOf(lang: string): Words {
  return BUILD.words[lang] ?? (BUILD.words.en as Words);
}

function timeIn(lang: string, at: Date): string {
  const form = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(`${lang}-u-nu-latn`, form).format(at);
}

// headersOf lets a page that comes from here do no more than one that comes from the hub.
function headersOf(policy: string | null): Headers {
  return new Headers({
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy ?? "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
  });
}
