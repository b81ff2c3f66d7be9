// The hours of an event by the clock of whoever reads its page.

import { numerals } from "./words.ts";

// A line of [data-local] tells the hours of an event by the viewer's clock, where that shows others
// than the clock of the place.
export function showLocalHours(): void {
  const form = new Intl.DateTimeFormat(numerals(), {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  for (const line of document.querySelectorAll<HTMLElement>("[data-local]")) {
    const time = line.querySelector("time");
    const [from, until] = [new Date(time?.dateTime ?? ""), new Date(time?.dataset.until ?? "")];
    if (!time || Number.isNaN(from.getTime()) || Number.isNaN(until.getTime())) continue;
    if (-from.getTimezoneOffset() === offsetOf(time.dateTime)) continue;
    time.textContent = form.formatRange(from, until);
    line.hidden = false;
  }
}

// offsetOf is how many minutes an instant of RFC 3339 is written ahead of UTC.
export function offsetOf(instant: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)$/.exec(instant) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
