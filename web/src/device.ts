// What this browser keeps: the token that it is counted by, and small notes.

// deviceToken is a random number that this browser keeps, so that a device is counted once. It says
// nothing about who holds it.
export function deviceToken(): string {
  const kept = stored("device");
  if (kept && kept.length >= 16) return kept;
  const made = randomToken();
  store("device", made);
  return made;
}

export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage the token lasts as long as the page; the hub may count twice then.
  }
}
