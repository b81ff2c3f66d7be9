// How GraphiQL asks the hub: plain fetch for queries and mutations, server-sent events for
// subscriptions. No library is needed for either.

const answers = "application/graphql-response+json, application/json;q=0.9";

// fetcher asks one endpoint. GraphiQL takes a promise of one answer or an async iterable of many.
export function fetcher(endpoint) {
  return (params, options) => {
    const ask = (accept, signal) =>
      fetch(endpoint, {
        method: "POST",
        headers: { ...options?.headers, "Content-Type": "application/json", Accept: accept },
        body: JSON.stringify(params),
        signal,
      });
    if (isSubscription(params, options?.documentAST)) {
      return follow((signal) => ask("text/event-stream", signal));
    }
    return ask(answers).then((response) => response.json());
  };
}

function isSubscription({ operationName }, document) {
  const operations = document?.definitions.filter((d) => d.kind === "OperationDefinition") ?? [];
  const operation = operations.find((d) => d.name?.value === operationName) ?? operations[0];
  return operation?.operation === "subscription";
}

// follow gives the answers of a stream until it ends or GraphiQL stops reading.
async function* follow(open) {
  const abort = new AbortController();
  try {
    const response = await open(abort.signal);
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      yield await response.json();
      return;
    }
    for await (const event of events(response.body)) {
      if (event.name === "complete") return;
      if (event.name === "next") yield JSON.parse(event.data);
    }
  } finally {
    abort.abort();
  }
}

// events cuts a byte stream into server-sent events; the hub writes each with one line of data.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (rest + part.value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const line = (name) => block.split("\n").find((l) => l.startsWith(name + ": "))?.slice(name.length + 2);
      yield { name: line("event"), data: line("data") };
    }
  }
}
