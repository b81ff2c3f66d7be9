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
  report([...lines, `ran ${tests.length}`]);
}

// report leaves the results as all there is of the page, and lets go of the picture that kept the browser waiting.
export function report(lines: string[]): void {
  const out = document.createElement("pre");
  out.id = "results";
  out.textContent = lines.join("\n");
  const held = document.querySelector("img");
  document.body.replaceChildren(out);
  held?.removeAttribute("src");
}

// patience is how long, in milliseconds, a slow machine may take.
const patience = 10_000;

// until waits for what the page comes to by itself.
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + patience;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited for ${what} at "${location.search}"`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
