import { offsetOf, showLocalHours } from "../src/localhours.ts";
import { equal, test } from "./harness.ts";

test("an instant is written so much ahead of UTC", () => {
  equal(offsetOf("2025-12-12T10:00:00+05:45"), 345);
  equal(offsetOf("2025-12-12T10:00:00-09:30"), -570);
  equal(offsetOf("2025-12-12T10:00:00Z"), 0);
});

test("the reader's hours are told where the clock of the place shows others", () => {
  const line = (starts: string, ends: string) => {
    const p = document.createElement("p");
    p.dataset.local = "";
    p.hidden = true;
    p.innerHTML = `<time datetime="${starts}" data-until="${ends}"></time>`;
    document.body.append(p);
    return p;
  };
  const minutes = -new Date("2025-12-12T10:00:00Z").getTimezoneOffset();
  const own = `${minutes < 0 ? "-" : "+"}${new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16)}`;
  const same = line(`2025-12-12T10:00:00${own}`, `2025-12-12T12:00:00${own}`);
  const other = line("2025-12-12T10:00:00+13:45", "2025-12-12T12:00:00+13:45");
  const none = line("", "");
  showLocalHours();
  equal([same.hidden, other.hidden, none.hidden], [true, false, true]);
  equal(/\d\d?.\d\d.*\d\d?.\d\d/.test(other.textContent ?? ""), true, other.textContent ?? "");
  for (const p of [same, other, none]) p.remove();
});
