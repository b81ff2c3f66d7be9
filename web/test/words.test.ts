import { count, fill, useWords } from "../src/words.ts";
import { placeText } from "../src/documents.ts";
import { equal, test } from "./harness.ts";

// The tests' page is in English and has no words of its own.
export const words = {
  loading: "Loading",
  "place.both": "{0}, {1}",
  "found.one": "{n} event found",
  "found.other": "{n} events found",
  "left.other": "{n} left",
  before: "The day begins in {0}",
};
useWords(words);

test("a count is said in the plural form of its number", () => {
  equal(count("found", 1), "1 event found");
  equal(count("found", 0), "0 events found");
  equal(count("found", 1234), "1,234 events found");
});

test("a form that is missing gives way to the one for all other numbers", () => {
  equal(count("left", 1), "1 left");
});

test("places in a sentence are filled, even with what looks like a place", () => {
  equal(fill("before", "3 d {0}"), "The day begins in 3 d {0}");
});

test("town and country are written as the language does", () => {
  const cairo = { locality: "القاهرة", country: "EG", countryName: "مصر" };
  useWords({ "place.both": "{0}، {1}" });
  const said = [placeText(cairo), placeText({ ...cairo, locality: "" }), placeText({ ...cairo, country: null, countryName: null })];
  useWords(words);
  equal(said, ["القاهرة، مصر", "مصر", "القاهرة"]);
});
