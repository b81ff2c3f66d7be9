// The moment of a replay in the address, so that it can be linked to.

import { rewrite } from "./address.ts";

// markMoment has the present address, and the links that the hub wrote into the page, lead to a moment;
// null is now.
export function markMoment(at: number | null): void {
  const moment = at === null ? "" : new Date(at).toISOString().replace(/(:00)?\.000Z$/, "Z");
  const mark = (values: URLSearchParams) => (moment ? values.set("at", moment) : values.delete("at"));
  if ((new URLSearchParams(location.search).get("at") ?? "") !== moment) rewrite(mark);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-chips] a, [data-named] a")) {
    const to = new URL(link.href);
    mark(to.searchParams);
    link.href = `${to.pathname}${to.search}${to.hash}`;
  }
}
