// The words that scripts need, in the page's language, from a file of the hub's that browsers keep,
// and the forms of numbers and times in that language.

// Digits are Latin in every language, as the hub writes them.
const language = `${document.documentElement.lang || "en"}-u-nu-latn`;
const numbers = new Intl.NumberFormat(language);
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });

// Scripted is what only scripts use, in the page's language.
export interface Scripted {
  words: Record<string, string>;
  parts: Record<string, string>; // HTML of the hub's, by the data-part of the place that it takes
  files: Record<string, string>; // addresses, by data attribute
  ahead: string[]; // addresses of the scripts that draw the map
}

let known = new Map<string, string>();

// useWords gives the page its words, before anything asks for one.
export function useWords(words: Record<string, string>): void {
  known = new Map(Object.entries(words));
}

// fetchScripted gets it from the address that the hub wrote into the page.
export async function fetchScripted(page: HTMLElement): Promise<Scripted> {
  const answer = await fetch(page.dataset.words ?? "");
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return (await answer.json()) as Scripted;
}

export function word(key: string): string {
  return known.get(key) ?? "";
}

const plurals = new Intl.PluralRules(language);

// fill puts values into the places {0}, {1}... of a word.
export function fill(key: string, ...values: string[]): string {
  return word(key).replaceAll(/\{(\d)\}/g, (place, i: string) => values[Number(i)] ?? place);
}

// count is a word about n things in the plural form that the language has for n.
export function count(key: string, n: number): string {
  const form = word(`${key}.${plurals.select(n)}`) || word(`${key}.other`);
  return form.replace("{n}", number(n));
}

// pageLanguage is the page's language, for the hub and for Intl.
export function pageLanguage(): string {
  return document.documentElement.lang || "en";
}

// numerals is pageLanguage for Intl, with the digits that the hub writes.
export function numerals(): string {
  return language;
}

export function number(n: number): string {
  return numbers.format(n);
}

// ago says how long before now an instant was, both in milliseconds.
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 45) return word("just_now");
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86400) return relative.format(-Math.round(seconds / 3600), "hour");
  return relative.format(-Math.round(seconds / 86400), "day");
}

const clocks = new Map<string, Intl.DateTimeFormat>();

// clockIn is what a wall clock in a time zone shows, "" in a zone that this browser does not know.
export function clockIn(zone: string, at: number): string {
  try {
    let clock = clocks.get(zone);
    if (!clock) {
      clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
      clocks.set(zone, clock);
    }
    return clock.format(at);
  } catch {
    return "";
  }
}

// duration says a span of milliseconds in its largest units, such as "3 d 4 h" or "12 h 5 min".
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const parts: [number, string][] =
    minutes >= 1440
      ? [[Math.floor(minutes / 1440), "day"], [Math.floor((minutes % 1440) / 60), "hour"]]
      : [[Math.floor(minutes / 60), "hour"], [minutes % 60, "minute"]];
  const none = parts.every(([n]) => n === 0);
  return parts
    .filter(([n], i) => n > 0 || (none && i === 1))
    .map(([n, unit]) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(n),
    )
    .join(" ");
}
