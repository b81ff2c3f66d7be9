// What the card says beside when and where: what has become of the plan, what happens now, what makes
// it easier to take part; and how it is shared.

import { type EventDetail, phaseOf } from "./documents.ts";
import { find } from "./state.ts";
import { numerals, pageLanguage, word } from "./words.ts";

const rescued = ["POSTPONED", "MOVED", "WENT_DIGITAL", "CANCELLED"];

// showPlan tells those who would come in vain, first of all.
export function showPlan(dialog: HTMLElement, event: EventDetail | null): void {
  const box = find<HTMLElement>(dialog, "[data-card-rescue]");
  const changed = event !== null && rescued.includes(event.day);
  dialog.dataset.day = event?.day ?? "";
  box.classList.toggle("is-plain", !changed);
  box.hidden = !changed && !event?.dayReason;
  find<HTMLElement>(box, '[data-card="rescue"]').textContent = changed ? word(`rescue.${event.day}`) : "";
  const date = event?.postponedTo && new Date(`${event.postponedTo}T00:00:00Z`);
  const until = date ? new Intl.DateTimeFormat(numerals(), { dateStyle: "full", timeZone: "UTC" }).format(date) : "";
  find<HTMLElement>(box, '[data-card="until"]').textContent = until && `${word("rescue.newDate")} ${until}`;
  showAccess(dialog, event?.access ?? []);
}

function showAccess(dialog: HTMLElement, facts: string[]): void {
  const list = find<HTMLElement>(dialog, "[data-card-access]");
  list.replaceChildren(
    ...facts.map((fact) => {
      const item = document.createElement("li");
      const icon = document.createElement("span");
      icon.className = "fact";
      icon.dataset.fact = fact;
      item.append(icon, word(`access.${fact}`));
      return item;
    }),
  );
  const row = list.closest<HTMLElement>(".facts > div");
  if (row) row.hidden = facts.length === 0;
}

// nowOf is how far the event is and since when, by the clock of the place where that is known.
export function nowOf(event: EventDetail): string {
  const phase = phaseOf(event.day);
  const state = word(`day.${event.day}`);
  const since = phase === "LIVE" ? event.liveAt : phase === "OVER" ? event.doneAt : null;
  if (!since) return state;
  const form: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  try {
    const zone = event.zone ? { timeZone: event.zone } : {};
    const at = new Intl.DateTimeFormat(numerals(), { ...form, ...zone }).format(new Date(since));
    return word(phase === "LIVE" ? "find.live_since" : "find.over_since").replace("#", at);
  } catch {
    return state; // a zone that this browser does not know
  }
}

export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(pageLanguage(), { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

// shareEvent hands the event's page on, or copies its address; it gives what to say about it.
export async function shareEvent(event: EventDetail): Promise<string> {
  const url = new URL(event.path, location.origin).href;
  try {
    if (typeof navigator.share === "function") {
      await navigator.share({ title: event.title, url });
      return "";
    }
    await navigator.clipboard.writeText(url);
    return word("find.copied");
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === "AbortError") return ""; // the viewer thought better of it
    return url; // to be copied by hand
  }
}
