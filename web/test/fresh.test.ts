import type { Map as Engine } from "maplibre-gl";
import { takeFrame } from "../src/frames.ts";
import { Fresh, Refresher } from "../src/fresh.ts";
import { newApp } from "../src/state.ts";
import { activity, state } from "./feed.test.ts";
import { equal, test } from "./harness.ts";

const tile = "https://hub.example/tiles/day/0/0/0.mvt";

test("tiles are asked for as new as the news, and no newer than the log", () => {
  const refresher = new Refresher("day");
  equal(refresher.address(tile).url, tile);
  refresher.touch(activity(90, "EVENT_LISTED", "a"));
  equal(refresher.address(tile).url, `${tile}?seq=90`);
  refresher.all(1, "e1-95");
  equal(refresher.address(tile).url, `${tile}?seq=95&epoch=e1`);
  refresher.touch(activity(96, "EVENT_LISTED", "b"));
  refresher.all(2, "e1-95"); // something in the list was moved
  equal(refresher.address(tile).url, `${tile}?seq=96&epoch=e1`);
  equal(refresher.address("https://hub.example/tiles/other/0/0/0.mvt").url, "https://hub.example/tiles/other/0/0/0.mvt");
});

test("a log that has begun anew is asked for from where it is", () => {
  const refresher = new Refresher("day");
  refresher.touch(activity(9000, "EVENT_LISTED", "a"));
  refresher.upTo(9500);
  const app = newApp(document.createElement("div"), Date.now, state());
  app.state.latest = [activity(9600, "EVENT_LISTED", "b")];
  const none = { counts: null, activities: [], omitted: 0, removed: [], relocated: [] };
  takeFrame(app, app.state, { position: "e1-9600" }, { position: "e2-12", ...none, snapshotRequired: true });
  equal([app.state.latest.length, app.state.snapshot], [0, "e2-12"]);
  refresher.all(app.state.resync, app.state.snapshot);
  equal(refresher.address(tile).url, `${tile}?seq=12&epoch=e2`);
  refresher.upTo(20); // what is not told one by one counts in the new log
  equal(refresher.address(tile).url, `${tile}?seq=20&epoch=e2`);
});

test("a page that wakes up to five hundred news draws them once", () => {
  const sizes: number[] = [];
  const setData = (data: { features: unknown[] }) => sizes.push(data.features.length);
  const fresh = new Fresh({ getSource: () => ({ setData }) } as unknown as Engine);
  const latest = Array.from({ length: 500 }, (_, i) => activity(i, "EVENT_LISTED", `e${i}`));
  fresh.take(latest);
  fresh.take([activity(501, "CHEERED", "e1", 1)]);
  equal(sizes, [100]);
});
