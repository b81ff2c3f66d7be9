// A press that means the page itself.

// isPlain is true for a click that is the page's to follow: with another button or a key held, the
// browser opens a link where the visitor wants it.
export function isPlain(event: MouseEvent): boolean {
  return !event.button && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}
