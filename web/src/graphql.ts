// Talking to the hub: queries and mutations by POST, subscriptions by EventSource (graphql-sse,
// one connection an operation).

const address = "/graphql";

// Waiting times before a lost stream is opened again, in milliseconds; the last one repeats.
const patience = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

// answerWithin is how long, in milliseconds, an answer may take: the hub gives one up after half of
// that, so what comes later was lost on its way.
const answerWithin = 10_000;

// silentFor is how long, in milliseconds, a stream may say nothing. The hub shows life three times as
// often, so one that does not is a connection that has died without a word.
const silentFor = 45_000;

interface Answer<T> {
  data?: T | null;
  errors?: { message: string }[];
}

export async function ask<T>(query: string, variables: object, signal?: AbortSignal): Promise<T> {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, answerWithin);
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json",
      },
      body: JSON.stringify({ query, variables }),
      signal: limit.signal,
    });
    const answer = (await response.json()) as Answer<T>;
    if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? `status ${response.status}`);
    return answer.data;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

export interface Listener<T> {
  variables: () => object; // asked anew for each connection, to go on where the last one ended
  next: (data: T) => void;
  open: () => void;
  lost: () => void;
  hear: (hubNow: string) => void; // what the hub's clock shows
}

// listen keeps a subscription open until it is unbound. It opens lost connections itself instead
// of leaving that to the browser, which would ask for the old position again.
export function listen<T>(query: string, listener: Listener<T>): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const open = () => {
    const variables = JSON.stringify(listener.variables());
    const search = new URLSearchParams({ query, variables, extensions: '{"heartbeat":true}' });
    source = new EventSource(`${address}?${search}`);
    alive();
    source.addEventListener("open", opened);
    source.addEventListener("heartbeat", beaten);
    source.addEventListener("next", received);
    source.addEventListener("message", received);
    source.addEventListener("complete", again);
    source.addEventListener("error", again);
  };
  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(again, silentFor);
  };
  const opened = () => {
    alive();
    listener.open();
  };
  const beaten = (event: MessageEvent<string>) => {
    alive();
    listener.hear(event.data);
  };
  const received = (event: MessageEvent<string>) => {
    alive();
    failures = 0;
    const answer = JSON.parse(event.data) as Answer<T>;
    if (answer.data) listener.next(answer.data);
  };
  const again = () => {
    clearTimeout(silence);
    source?.close();
    listener.lost();
    const wait = patience[Math.min(failures++, patience.length - 1)] ?? 30_000;
    clearTimeout(timer);
    timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
  };
  const online = () => {
    failures = 0;
    clearTimeout(timer);
    source?.close();
    open();
  };
  addEventListener("online", online);
  open();
  return () => {
    removeEventListener("online", online);
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
  };
}
