// A code that changes is drawn again by the page itself, so that nothing else moves and the focus stays
// where it is. Without scripts the browser loads the whole page again.

// retry is how long, in seconds, to wait when the hub cannot be reached.
const retry = 5;

// bindRenewal follows an element that says in data-renew after how many seconds it is out of date.
export function bindRenewal(part: HTMLElement): void {
  const wait = (seconds: number) => setTimeout(() => void renew(), seconds * 1000);
  const renew = async () => {
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(location.href, { cache: "no-store" });
      text = await answer.text();
    } catch {
      wait(retry);
      return;
    }
    if (answer.status >= 500) {
      wait(retry);
      return;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector<HTMLElement>("[data-renew]");
    if (!fresh) {
      location.reload(); // whoever looks may not see it any more, and is told why
      return;
    }
    for (const changing of ["header", ".qr"]) {
      const [old, next] = [part.querySelector(changing), fresh.querySelector(changing)];
      if (old && next && old.outerHTML !== next.outerHTML) old.replaceWith(next);
    }
    wait(Number(fresh.dataset.renew) || retry);
  };
  wait(Number(part.dataset.renew) || retry);
}
