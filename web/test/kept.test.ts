import { spokenOf, timeless } from "../src/offline/kept.ts";
import { equal, test } from "./harness.ts";

test("the offline page is in the reader's language, Chinese too", () => {
  const known = ["en", "es", "zh-Hans"];
  const spoken = (...wanted: string[]) => spokenOf(wanted, known);
  equal([spoken("zh-CN"), spoken("zh"), spoken("zh-Hans-SG")], ["zh-Hans", "zh-Hans", "zh-Hans"]);
  equal([spoken("sw", "es-MX", "en"), spoken("ES"), spoken("de"), spoken()], ["es", "es", "en", "en"]);
});

test("pictures of each minute are kept as one", () => {
  const of = (minute: number) => timeless(`https://hub/map.svg?lang=fr&only=map&theme=dark&minute=${minute}`);
  equal([of(1), of(2)], ["https://hub/map.svg?lang=fr&only=map&theme=dark", of(1)]);
});
