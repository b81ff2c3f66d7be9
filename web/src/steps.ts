// Steps of the history: while one moves and types the address is replaced; a card or a panel is a step
// that Back takes back.

import { listingOf, readAddress, writeAddress } from "./address.ts";
import { openCard } from "./card.ts";
import { isFiltered } from "./found.ts";
import { fillForm, reload } from "./list.ts";
import { markMoment } from "./moment.ts";
import { type App, type State, find } from "./state.ts";

// settle is how long, in milliseconds, things must stand before the address follows: browsers refuse
// more than a hundred changes in half a minute.
const settle = 400;

// Step is what the history keeps with an entry: the event of its card, and whether this page made it.
interface Step {
  card?: string;
  own?: boolean;
}

// slugOf is the last part of an event's path.
function slugOf(path: string): string {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  } catch {
    return "";
  }
}

export function bindAddress(app: App): () => void {
  const form = find<HTMLFormElement>(app.page, "[data-filters]");
  let event = app.page.dataset.open ? readAddress().event : "";
  let panel = app.state.panel;
  let due: State | null = null; // what the address has yet to follow
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closing = false; // whether the step back only closes the card

  const step = () => (history.state ?? {}) as Step;
  const replace = (state: State, at: Step) => {
    const search = writeAddress(state, event);
    if (search !== location.search || at !== history.state) history.replaceState(at, "", search || location.pathname);
  };
  const drop = () => {
    clearTimeout(timer);
    due = null;
  };
  // settled has the present entry follow before there is another.
  const settled = () => {
    if (due) replace(due, step());
    drop();
  };
  const push = (made: Step) => {
    closing = false; // whoever is so quick steps back from here
    history.pushState(made, "", writeAddress(app.state, event) || location.pathname);
  };
  const close = () => {
    event = "";
    if (step().own && step().card) {
      closing = true;
      history.back();
    } else replace(app.state, {});
  };
  const follow = (state: State) => {
    const card = state.card;
    const now = card?.event ? slugOf(card.event.path) : "";
    if (now !== event && (!card || card.event)) { // a card has no address before it is there
      settled();
      panel = state.panel;
      if (!now) return close();
      event = now;
      push({ card: card?.id ?? "", own: true });
    } else if (state.panel !== panel) {
      settled();
      panel = state.panel;
      push(card ? { card: card.id, own: true } : {});
    } else if (!due || writeAddress(state, event) !== writeAddress(due, event)) {
      clearTimeout(timer);
      due = { ...state };
      timer = setTimeout(settled, settle);
    }
  };
  const back = () => {
    drop();
    markMoment(app.state.replay?.at ?? null); // this entry may have another one
    if (closing) {
      closing = false;
      return replace(app.state, {}); // what was set while the card was open stays
    }
    const address = readAddress();
    const card = address.event ? step().card : undefined;
    const changed = listingOf(address) !== listingOf(app.state);
    event = card ? address.event : "";
    panel = address.panel;
    app.change((s) => {
      const { filter, sort, as } = address;
      const near = listingOf({ ...s, near: address.near }) === listingOf(s) ? s.near : address.near; // with its name
      Object.assign(s, { filter, near, sort, as, panel: address.panel });
      if (!card) s.card = null;
    });
    fillForm(form, address.filter);
    if (changed) reload(app, true);
    if (card && app.state.card?.id !== card) openCard(app, card);
  };

  const { open } = app.page.dataset;
  if (open) {
    history.replaceState({ card: open }, "");
    openCard(app, open);
  }
  const { filter, near } = app.state;
  if (isFiltered(filter) || near) reload(app, app.state.view !== null); // the map needs their places
  const off = app.onRender(follow);
  addEventListener("popstate", back);
  return () => {
    off();
    drop();
    removeEventListener("popstate", back);
  };
}
