import { isSearching, marksAfter, maxMarked } from "../src/marked.ts";
import { emptyState } from "../src/state.ts";
import { equal, test } from "./harness.ts";

test("the map marks by itself what its tiles cannot tell", () => {
  const state = emptyState([]);
  const by = (change: object) => isSearching({ near: null, filter: { ...state.filter, ...change } });
  equal([by({}), by({ way: "DIGITAL" }), by({ phase: "LIVE" })], [false, false, false]);
  equal([by({ text: "birds" }), by({ country: "NP" }), by({ phase: "OVER" }), by({ access: ["QUIET_SPACE"] })], [true, true, true, true]);
});

test("the marks of a search end at the limit, or with the search", async () => {
  const real = globalThis.fetch;
  const asked: number[] = [];
  let total = 5000;
  globalThis.fetch = async (_, init) => {
    const { variables } = JSON.parse(String(init?.body)) as { variables: { first: number; after: string } };
    asked.push(variables.first);
    const from = Number(variables.after);
    const until = Math.min(total, from + variables.first);
    const nodes = Array.from({ length: until - from }, (_, i) => ({ id: `e${from + i}` }));
    const pageInfo = { hasNextPage: until < total, endCursor: String(until) };
    return new Response(JSON.stringify({ data: { events: { nodes, pageInfo } } }), { headers: { "Content-Type": "application/json" } });
  };
  try {
    const signal = new AbortController().signal;
    const many = await marksAfter({}, "40", 40, signal);
    equal([many.length, many[0]?.id, asked.at(-1), asked.length], [maxMarked - 40, "e40", 60, 10]);
    total = 45;
    equal((await marksAfter({}, "40", 40, signal)).length, 5);
  } finally {
    globalThis.fetch = real;
  }
});
