// The event card: what one event is, when by both clocks, and the cheer.

import {
  CheerMutation,
  type CheerPayload,
  EventQuery,
  type EventDetail,
  phaseOf,
  placeText,
} from "./documents.ts";
import { ask } from "./graphql.ts";
import { type App, type Card, type State, find } from "./state.ts";
import { count, numerals, pageLanguage, word } from "./words.ts";
import { languageName, nowOf, shareEvent, showPlan } from "./cardfacts.ts";
import { deviceToken, randomToken, store, stored } from "./device.ts";

export function openCard(app: App, id: string): void {
  app.change((s) => {
    s.card = { id, event: null, phase: "loading", cheered: hasCheered(id), said: "" };
  });
  void askCard(app, id, { phase: "failed" });
}

let asked = 0;

// askCard asks for what a card tells; of two answers the later question's counts.
async function askCard(app: App, id: string, failed: Partial<Card>): Promise<void> {
  const mine = ++asked;
  const event = await ask<{ event: EventDetail | null }>(EventQuery, { id, language: pageLanguage() }).then(
    (answer) => answer.event,
    () => null,
  );
  if (mine === asked) setCard(app, id, event ? { event, phase: "ready" } : failed);
}

// renewCard asks again; what is there stays until the answer comes.
function renewCard(app: App, id: string): void {
  setCard(app, id, { stale: false });
  void askCard(app, id, {});
}

// setCard changes the card if it is still the one of that event.
function setCard(app: App, id: string, part: Partial<Card>): void {
  app.change((s) => {
    if (s.card?.id === id) s.card = { ...s.card, ...part };
  });
}

export function bindCard(app: App): () => void {
  const dialog = find<HTMLDialogElement>(app.page, "dialog#card");
  const button = find<HTMLButtonElement>(dialog, "[data-cheer]");
  const render = viewOf(dialog, button);
  let drawn: Card | null = null;

  const off = app.onRender((state: State) => {
    const card = state.card;
    if (card === drawn) return;
    if (card?.stale && card.event) renewCard(app, card.id);
    if (card) render(card, state.firsts);
    if (card && !dialog.open) dialog.showModal();
    if (card && drawn?.id === card.id && drawn.phase !== card.phase) tellTitle(dialog);
    if (!card && dialog.open) dialog.close();
    drawn = card;
  });
  const closed = () => {
    // It is told later, when another card may be there.
    if (drawn && !dialog.open) app.change((s) => (s.card = null));
  };
  const outside = (event: MouseEvent) => {
    if (event.target === dialog) dialog.close(); // the backdrop counts as the dialog itself
  };
  const cheer = () => {
    const card = app.state.card;
    if (card?.event && !card.cheered) void sendCheer(app, card.id);
  };
  const share = find<HTMLButtonElement>(dialog, "[data-share]");
  const shared = async () => {
    const card = app.state.card;
    if (card?.event) setCard(app, card.id, { said: await shareEvent(card.event) });
  };
  share.addEventListener("click", shared);
  dialog.addEventListener("close", closed);
  dialog.addEventListener("click", outside);
  button.addEventListener("click", cheer);
  return () => {
    off();
    share.removeEventListener("click", shared);
    dialog.removeEventListener("close", closed);
    dialog.removeEventListener("click", outside);
    button.removeEventListener("click", cheer);
  };
}

// tellTitle has a screen reader read the title that has come, if it was left at the one that said to wait.
function tellTitle(dialog: HTMLDialogElement): void {
  const title = find<HTMLElement>(dialog, '[data-card="title"]');
  if (document.activeElement !== title) return;
  title.blur();
  title.focus();
}

async function sendCheer(app: App, id: string): Promise<void> {
  setCard(app, id, { cheered: true, said: "" });
  try {
    const variables = { id, device: deviceToken(), key: randomToken() };
    const { cheer } = await ask<{ cheer: CheerPayload }>(CheerMutation, variables);
    const problem = cheer.problems[0];
    if (problem) {
      setCard(app, id, { cheered: false, said: problem.message });
      return;
    }
    rememberCheer(id);
    const event = app.state.card?.event;
    const fresh = cheer.outcome === "FRESH";
    // The answer's numbers are those before this cheer, which is in the log a moment later.
    const cheers = (event?.cheers ?? 0) + (fresh ? 1 : 0);
    setCard(app, id, {
      said: word(fresh ? "cheer_thanks" : "cheer_before"),
      ...(event && { event: { ...event, cheers: Math.max(cheers, cheer.event?.cheers ?? 0) } }),
    });
  } catch {
    setCard(app, id, { cheered: false, said: word("failed") });
  }
}

function viewOf(dialog: HTMLDialogElement, button: HTMLButtonElement) {
  const part = (name: string) => find<HTMLElement>(dialog, `[data-card="${name}"]`);
  const set = (name: string, text: string | null | undefined) => {
    const place = part(name);
    place.textContent = text ?? "";
    const row = place.closest<HTMLElement>(".facts > div") ?? place;
    row.hidden = !text;
  };
  return (card: Card, firsts: string[]) => {
    const event = card.event;
    const isFirst = () => firsts.includes(card.id);
    dialog.setAttribute("aria-busy", String(card.phase === "loading"));
    dialog.dataset.phase = card.phase;
    dialog.dataset.way = event?.way ?? "";
    set("title", event?.title ?? word(card.phase));
    set("kind", event && kindOf(event));
    set("host", event?.host.displayName);
    set("summary", event?.summary);
    showPlan(dialog, event);
    set("reason", event?.dayReason);
    set("first", event && isFirst() ? word("find.first").replace("#", event.place.countryName ?? "") : "");
    set("precision", event?.place.precision && word(`precision.${event.place.precision}.public`));
    set("now", event && nowOf(event));
    set("language", event?.language && languageName(event.language));
    set("there", event && thereOf(event));
    set("here", event && hereOf(event));
    set("where", event && placeText(event.place));
    part("cheers").textContent = event ? count("cheers", event.cheers) : "";
    part("checkIns").textContent = event ? count("check_ins", event.checkIns) : "";
    part("said").textContent = card.said;
    button.disabled = !event;
    button.setAttribute("aria-disabled", String(card.cheered));
    button.textContent = word(card.cheered ? "cheered" : "cheer");
    setLink(part("link") as HTMLAnchorElement, event?.path ?? null);
    setLink(part("calendar") as HTMLAnchorElement, event && `${event.path}.ics?lang=${pageLanguage()}`);
    setLink(part("online") as HTMLAnchorElement, event?.onlineUrl ?? null);
    for (const name of ["title", "summary", "reason"]) part(name).lang = event?.language ?? "";
  };
}

function setLink(link: HTMLAnchorElement, address: string | null): void {
  link.hidden = !address;
  // An address comes from a host: only the web's own kinds are followed.
  if (address && /^(https?:\/\/|\/)/i.test(address)) link.href = address;
  else link.removeAttribute("href");
}

function kindOf(event: EventDetail): string {
  const byClock = event.dayBy === "CLOCK" && phaseOf(event.day) !== "UPCOMING";
  const state = word(`day.${event.day}`) + (byClock ? ` (${word("by_clock")})` : "");
  return `${word(`way.${event.way}`)} · ${state}`;
}

// thereOf is the time by the clock of the place. Intl knows the zone's name in the page's language.
function thereOf(event: EventDetail): string {
  const { zone } = event;
  if (!event.startsAtLocal || !zone) return "";
  return event.allDay ? dayIn(event, zone) : rangeIn(event, { timeZone: zone, timeZoneName: "short" });
}

// hereOf is the time by the visitor's clock, unless that shows the same: a zone has several names, and
// neighbors have one time.
function hereOf(event: EventDetail): string {
  if (event.zone && rangeIn(event, { timeZone: event.zone }) === rangeIn(event, {})) return "";
  return rangeIn(event, { timeZoneName: "short" });
}

const date: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };

function dayIn(event: EventDetail, timeZone: string): string {
  try {
    const day = new Intl.DateTimeFormat(numerals(), { ...date, timeZone }).format(new Date(event.startsAt));
    return `${day}, ${word("all_day")}`;
  } catch {
    return ""; // a zone that this browser does not know
  }
}

function rangeIn(event: EventDetail, zone: Intl.DateTimeFormatOptions): string {
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  try {
    const form = new Intl.DateTimeFormat(numerals(), { ...date, ...clock, ...zone });
    return form.formatRange(new Date(event.startsAt), new Date(event.endsAt));
  } catch {
    return ""; // a zone that this browser does not know
  }
}

// maxCheers is how many cheers this browser remembers; the hub counts once in any case.
const maxCheers = 500;

function hasCheered(id: string): boolean {
  return (stored("cheered") ?? "").split(" ").includes(id);
}

function rememberCheer(id: string): void {
  const all = (stored("cheered") ?? "").split(" ").filter((one) => one && one !== id);
  store("cheered", [id, ...all].slice(0, maxCheers).join(" "));
}
