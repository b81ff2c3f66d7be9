import "./contrast.test.ts";
import "./daylight.test.ts";
import "./feed.test.ts";
import "./frames.test.ts";
import "./graphql.test.ts";
import "./kept.test.ts";
import "./lazy.test.ts";
import "./marked.test.ts";
import "./page.test.ts";
import "./renew.test.ts";
import "./replay.test.ts";
import "./words.test.ts";
import "./wave.test.ts";
import "./screen.test.ts";
import "./spoken.test.ts";
import { runAll } from "./harness.ts";

void runAll();
