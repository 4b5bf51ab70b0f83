// Writes what a server has as a file that `enks apply` reads.

import { stringify } from "yaml";
import { jsonText } from "../output/plain-text.ts";
import { KINDS } from "./tree-kinds.ts";
import { type CurrentItem, type CurrentTree, SECTIONS } from "./tree-types.ts";

const HEAD = `# The configuration of an enks server, as \`enks export-config\` wrote it; \`enks apply -f\` takes it back.
# docs/operate/configuration-tree.md describes the format. Tokens and the private halves of signing keys are not in it.
`;

/** The same tree gives the same text. What was revoked is left out. */
export function writeTree(tree: CurrentTree, form: "yaml" | "json" = "yaml"): string {
  const plain = Object.fromEntries(
    SECTIONS.map((section) => {
      const items = tree[section].filter(({ closed }) => section !== "principals" || closed === null);
      return [section, items.map((item) => (section === "signingKeys" ? item.name : plainItem(item, section)))];
    }),
  );
  if (form === "json") return jsonText(plain);
  return HEAD + stringify(plain, { lineWidth: 0, aliasDuplicateObjects: false });
}

function plainItem({ name, values, parts }: CurrentItem, section: keyof CurrentTree): object {
  const { parts: kind } = KINDS[section];
  const entered = parts.filter(({ isForeign }) => !isForeign).map((part) => part.values);
  return { name, ...values, ...(kind === undefined ? {} : { [kind.section]: entered }) };
}
