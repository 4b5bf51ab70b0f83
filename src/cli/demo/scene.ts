// What a demo says before anything happens: what is going on, and between whom.

import { styleText } from "node:util";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { DemoReport } from "../../simulation/demo/demo-types.ts";
import { WHOLE_FLEET } from "../../simulation/demo/phone-fleet.ts";
import { wrapText } from "../output/wrap-text.ts";

const PICTURE = [
  "people ──▶ state's server ───▶ state's location ────▶ phones of the state",
  "             │                      ▲",
  "             │ import               │ mirror: keys of all regions,",
  "             ▼                      │ under the state's own seal",
  "people ──▶ nation's server ──▶ national location ───▶ phones of the nation",
];

const PHONES = `${WHOLE_FLEET.length} phones of the ${PHONE_KINDS.length} kinds in the field`;

const SCENES: Readonly<Record<DemoReport["demo"], { readonly title: string; readonly paragraphs: readonly string[] }>> =
  {
    migration: {
      title: "A state moves to a national key server",
      paragraphs: [
        "People who test positive upload the random keys that their phones have sent out. A key server publishes them as " +
          "signed archives; every phone fetches those and finds out whether it was near.",
        "A state and a nation run one such server each, and the nation takes over what the state's phones receive: no key " +
          `may be lost, and no phone may notice. ${PHONES} watch for four weeks. Servers, HTTP and signatures are real; ` +
          "only time runs faster.",
      ],
    },
    archives: {
      title: "Archives move to another key server",
      paragraphs: [
        "The archives in your folder are what the key server of a state has published. The server of a nation imports " +
          "them and publishes their keys again; a mirror brings those to a location under another seal. " +
          `${PHONES} follow both and have to get every key.`,
      ],
    },
  };

/** In lines of at most `width` columns; without the picture where that does not fit. */
export function renderScene(demo: DemoReport["demo"], width: number): string {
  const { title, paragraphs } = SCENES[demo];
  const widest = Math.max(...PICTURE.map((line) => line.length));
  const hasPicture = demo === "migration" && widest + 2 <= width;
  return [
    `\n${styleText("bold", title)}\n\n`,
    ...(hasPicture ? [...PICTURE.map((line) => `  ${line}\n`), "\n"] : []),
    paragraphs.map((text) => wrapText(text, width)).join("\n"),
  ].join("");
}
