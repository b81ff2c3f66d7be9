// Under which address and in which language things are kept.

// timeless is the address of the picture of the day without the number of the minute, by which pages
// ask past the browser's cache: one picture takes the place of the one before.
export function timeless(address: string): string {
  const at = new URL(address);
  at.searchParams.delete("minute");
  return at.href;
}

// spokenOf is the first of a reader's languages that the hub knows, English if it knows none. It has
// one form of each, so that "zh-CN" and "zh" are told "zh-Hans".
export function spokenOf(wanted: readonly string[], known: readonly string[]): string {
  const main = (tag: string) => tag.toLowerCase().split("-")[0];
  for (const tag of wanted) {
    const found = known.find((lang) => main(lang) === main(tag));
    if (found) return found;
  }
  return "en";
}
