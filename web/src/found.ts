// What is found: the rows of the list, asked for a page at a time.

import { type EventPage, type EventRow, EventsQuery } from "./documents.ts";
import { ask } from "./graphql.ts";
import { isSearching, marksAfter } from "./marked.ts";
import type { App, Filter, State } from "./state.ts";
import { pageLanguage } from "./words.ts";

const pageSize = 40;

// largest is how many rows the hub gives at once, and mostRenewed how many are brought anew: somebody
// who has asked for more begins again from there.
const largest = 100;
const mostRenewed = 1000;

// Goal is what is to be there: rows before it that stay, and how many more at least.
interface Goal {
  before: EventRow[];
  after: string | null;
  more: number;
  from: number; // the first row that was asked for, 0 for none
  still: boolean;
  marks?: boolean; // whether what the map marks beyond the rows is asked for; usually with a first page
}

// load has the first page anew. The map stays where it is when the rows come with its own view.
export function load(app: App, still = false): Promise<void> {
  loading(app);
  return bring(app, { before: [], after: null, more: pageSize, from: 0, still });
}

// loadFurther has another page; after the rows that the hub wrote these come, too.
export function loadFurther(app: App): Promise<void> {
  const { rows, next } = app.state.list;
  const from = shown(app);
  loading(app);
  if (rows) return bring(app, { before: rows, after: next, more: pageSize, from, still: false });
  return bring(app, { before: [], after: null, more: from + pageSize, from, still: false });
}

// renew has as many rows as there are anew, and says nothing of it: nobody has asked for it. What the map
// marks beyond them may stay, which is many more questions.
export function renew(app: App, marks = true): Promise<void> {
  const more = Math.min(Math.max(shown(app), pageSize), mostRenewed);
  const still = app.state.list.phase !== "loading"; // unless it takes the place of what was asked for
  return bring(app, { before: [], after: null, more, from: 0, still, marks });
}

// shown is how many rows are there, of the hub's or of this page.
function shown(app: App): number {
  return app.state.list.rows?.length ?? app.page.querySelectorAll(".panel-list [data-id]").length;
}

function loading(app: App): void {
  app.change((s) => (s.list = { ...s.list, phase: "loading" }));
}

let asking: AbortController | undefined;

async function bring(app: App, goal: Goal): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const question = {
      edition: app.edition,
      filter: conditions(app.state),
      orderBy: orders[orderOf(app.state)],
    };
    const { nodes, totalCount, pageInfo } = await pages(question, goal, mine.signal);
    app.change((s) => {
      s.list = {
        rows: [...goal.before, ...nodes],
        further: goal.before.length || goal.still ? s.list.further : [],
        next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
        total: totalCount,
        from: goal.from,
        phase: "idle",
        still: goal.still,
      };
    });
    if (goal.marks ?? !goal.before.length) void markFurther(app, question, mine.signal);
  } catch {
    if (mine.signal.aborted) return;
    app.change((s) => (s.list = { ...s.list, phase: s.list.phase === "loading" ? "failed" : s.list.phase }));
  }
}

// pages asks until there is enough.
async function pages(question: object, goal: Goal, signal: AbortSignal): Promise<EventPage> {
  const nodes: EventRow[] = [];
  for (let { after } = goal; ; ) {
    const first = Math.min(goal.more - nodes.length, largest);
    const variables = { ...question, first, after, language: pageLanguage() };
    const { events } = await ask<{ events: EventPage }>(EventsQuery, variables, signal);
    nodes.push(...events.nodes);
    if (nodes.length >= goal.more || !events.pageInfo.hasNextPage || events.nodes.length === 0) return { ...events, nodes };
    after = events.pageInfo.endCursor;
  }
}

async function markFurther(app: App, question: object, signal: AbortSignal): Promise<void> {
  const { next, rows, further: before } = app.state.list;
  if (!rows || !isSearching(app.state)) return;
  try {
    const further = next ? await marksAfter(question, next, rows.length, signal) : [];
    if (before.length || further.length) app.change((s) => (s.list = { ...s.list, further, still: true }));
  } catch {
    // The list is whole without them; the map marks its rows.
  }
}

const orders = { start: "STARTS_AT", listed: "LISTED_AT", distance: "DISTANCE" };

export function orderOf({ sort, near }: Pick<State, "sort" | "near">): "start" | "listed" | "distance" {
  if (sort && (sort !== "distance" || near)) return sort;
  return near ? "distance" : "start";
}

export function isFiltered({ access, ...others }: Filter): boolean {
  return access.length > 0 || Object.values(others).some(Boolean);
}

function conditions(state: State): object {
  const { text, country, phase, way, theme, language, access } = state.filter;
  const near = state.near && {
    latitude: state.near.latitude,
    longitude: state.near.longitude,
    withinKm: state.near.withinKm,
  };
  return {
    ...(text && { text }),
    ...(country && { countries: [country] }),
    ...(phase && { phases: [phase] }),
    ...(way && { ways: [way] }),
    ...(theme && { themes: [theme] }),
    ...(language && { languages: [language] }),
    ...(access.length && { access }),
    ...(near && { near }),
  };
}
