import { latitudeAt, southing } from "../src/mercator.ts";
import { equal, near, test } from "./harness.ts";

test("latitudes lie where the map's square has them, and come back from there", () => {
  equal(southing(0), 0.5);
  near(southing(85.0511287798066), 0, 1e-9);
  near(southing(-90), 1, 1e-9);
  for (const latitude of [-85, -33.9, 0, 27.7, 71]) near(latitudeAt(southing(latitude)), latitude, 1e-9, String(latitude));
});
