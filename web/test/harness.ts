// The least that tests need. Results are written into the page, where the Go test reads them.

type Test = { name: string; run: () => void | Promise<void> };

const tests: Test[] = [];

export function test(name: string, run: () => void | Promise<void>): void {
  tests.push({ name, run });
}

export function equal<T>(got: T, want: T, what = ""): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what} got ${a}, want ${b}`);
}

export function near(got: number, want: number, within: number, what = ""): void {
  if (!(Math.abs(got - want) <= within)) throw new Error(`${what} got ${got}, want ${want}`);
}

// inWorld runs something with parts of the browser's world in place of its own.
export async function inWorld(parts: object, run: () => void | Promise<void>): Promise<void> {
  const world = globalThis as unknown as Record<string, unknown>;
  const own = Object.fromEntries(Object.keys(parts).map((name) => [name, world[name]]));
  Object.assign(world, parts);
  try {
    await run();
  } finally {
    Object.assign(world, own);
  }
}

export async function runAll(): Promise<void> {
  const lines: string[] = [];
  for (const { name, run } of tests) {
    try {
      await run();
      lines.push(`ok ${name}`);
    } catch (reason) {
      lines.push(`FAIL ${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
    }
  }
  const out = document.createElement("pre");
  out.id = "results";
  out.textContent = [...lines, `ran ${tests.length}`].join("\n");
  document.body.replaceChildren(out);
}
