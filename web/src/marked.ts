// What the map marks of a search: beside the rows of the list also those that the list has not come to
// yet, up to a limit. Their places alone are asked for.

import { type Mark, type MarkPage, MarksQuery } from "./documents.ts";
import { ask } from "./graphql.ts";
import type { State } from "./state.ts";

// maxMarked is how many found events the map marks. More of them cannot be told apart on it, and each
// hundred is a request.
export const maxMarked = 1000;

const pageSize = 100;

// isSearching tells whether the map's own tiles cannot say what fits: they know way and phase, and
// clusters of them do not know how many of their events are to come, over or off.
export function isSearching({ filter, near }: Pick<State, "filter" | "near">): boolean {
  const { text, country, theme, language, access, phase } = filter;
  const unsure = Boolean(phase && phase !== "LIVE");
  return Boolean(text || country || theme || language || access.length || near || unsure);
}

// marksAfter are the places of what was found after a position of the list.
export async function marksAfter(
  question: object,
  after: string,
  known: number,
  signal: AbortSignal,
): Promise<Mark[]> {
  const marks: Mark[] = [];
  let next: string | null = after;
  while (next && known + marks.length < maxMarked) {
    const first = Math.min(pageSize, maxMarked - known - marks.length);
    const page: MarkPage = await pageAfter({ ...question, first, after: next }, signal);
    marks.push(...page.nodes);
    next = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  }
  return marks;
}

async function pageAfter(variables: object, signal: AbortSignal): Promise<MarkPage> {
  return (await ask<{ events: MarkPage }>(MarksQuery, variables, signal)).events;
}
