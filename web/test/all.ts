import "./daylight.test.ts";
import "./feed.test.ts";
import "./page.test.ts";
import "./replay.test.ts";
import { runAll } from "./harness.ts";

void runAll();
