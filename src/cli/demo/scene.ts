// What a demo says before anything happens: what is going on, and between whom.

import { styleText } from "node:util";
import { wrapText } from "../output/wrap-text.ts";

const PICTURE = [
  "people ──▶ state's server ───▶ state's location ────▶ phones of the state",
  "             │                      ▲",
  "             │ import               │ mirror: keys of all regions,",
  "             ▼                      │ under the state's own seal",
  "people ──▶ nation's server ──▶ national location ───▶ phones of the nation",
];

const MIGRATION = [
  "People who test positive upload the random keys that their phones have sent out. A key server publishes them as " +
    "signed archives. Every phone fetches those and finds out by itself whether it was near.",
  "A state and a nation run one such server each. The nation takes the state's keys over, and phones that know only " +
    "the state get national content, without noticing. 26 simulated phones of the 23 kinds in the field watch for four " +
    "weeks that no key is lost. Servers, HTTP and signatures are real; only time runs faster.",
];

const ARCHIVES = [
  "The archives in your folder are what a state's key server has published. A nation's key server imports them and " +
    "publishes the keys again; a mirror brings them to a location under another seal. 26 simulated phones of the 23 " +
    "kinds in the field follow both and have to get every key. Only the import sees your folder.",
];

/** Of the migration, or of archives that another server wrote; in lines of at most `width` columns. */
export function renderScene(demo: "migration" | "archives", width: number): string {
  const title = demo === "migration" ? "A state moves to a national key server" : "Archives move to another key server";
  const widest = Math.max(...PICTURE.map((line) => line.length));
  const picture = demo === "migration" && widest + 2 <= width ? [...PICTURE.map((line) => `  ${line}\n`), "\n"] : [];
  const paragraphs = demo === "migration" ? MIGRATION : ARCHIVES;
  return [
    `\n${styleText("bold", title)}\n\n`,
    ...picture,
    paragraphs.map((text) => wrapText(text, width)).join("\n"),
  ].join("");
}
