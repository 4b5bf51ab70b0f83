// docs/operate/configuration.md, made from the schema.

import { SETTINGS, type Setting } from "../src/platform/config/list-settings.ts";

export function renderConfigurationDoc(): string {
  const groups = [...Map.groupBy(SETTINGS, ({ group }) => group)];
  return `${INTRODUCTION}\n${groups.map(([title, settings]) => renderGroup(title, settings)).join("\n")}`;
}

const INTRODUCTION = `# Configuration

<!-- Made by scripts/write-configuration-doc.ts from src/platform/config/config-schema.ts; a test compares. -->

A server reads \`enks.yaml\` in its data folder, which \`enks init\` makes, and the environment, which comes before the file.
\`enks serve --print-config\` prints what is in force and where each value comes from, without secrets.

- In the file a setting with a dot is nested: \`publicListener.port\` is \`port:\` below \`publicListener:\`. Times are whole
  seconds there, with the unit in the name.
- In the environment durations are written \`90s\`, \`5m\`, \`1h30m\` or \`336h\`; a bare number is seconds. Lists are separated
  by commas. An empty variable counts as unset.
- A secret may be a reference, \`file:/run/secrets/database-url\`; and each variable of a secret may end in \`_FILE\`, such as
  \`DATABASE_URL_FILE\`, and name the file, by a path from the data folder. One line end behind it does not count.
- A setting that nobody knows is refused, with the nearest one that there is; so are variables that begin with \`ENKS_\`.
  The commands' own are \`ENKS_SERVER\`, \`ENKS_TOKEN\`, \`ENKS_PROFILE\` and \`ENKS_PROFILES\`.

[compatibility.md](../audit/compatibility.md#settings) says how the variables of the reference server map to these.
`;

function renderGroup(title: string, settings: readonly Setting[]): string {
  const rows = settings.map((setting) => [
    `\`${setting.path}\``,
    setting.environment.map((name) => `\`${name}\``).join(", "),
    setting.defaultText,
    rangeOf(setting),
    setting.description + (setting.isSecret ? " A secret." : ""),
  ]);
  return `## ${title}\n\n${renderTable(["setting", "variable", "default", "values", "meaning"], rows)}`;
}

function rangeOf({ form, schema, unit, words }: Setting): string {
  const bound = (name: string): number | undefined => {
    const value: unknown = Reflect.get(schema, name);
    return typeof value === "number" ? value : undefined;
  };
  if (words !== null) return words.map((word) => `\`${word}\``).join(", ");
  const [least, most] = [bound("minimum"), bound("maximum")];
  if (form === "boolean") return "true, false";
  if (form === "periods") return "seconds by job name";
  if (form === "text") return "text";
  if (form === "list") return "texts with commas between them";
  const range = most === undefined ? (least === undefined ? "" : `${least} or more`) : `${least ?? 0} to ${most}`;
  return [range, unit ?? ""].filter((part) => part !== "").join(" ");
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [renderRow(head), renderRow(head.map(() => "---")), ...rows.map(renderRow)].join("");
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}
