// All settings as a flat list, read out of the schema.

import type { TSchema } from "typebox";
import { SETTING_GROUPS } from "./config-schema.ts";
import type { Unit } from "./setting-notes.ts";

export type SettingForm = "text" | "integer" | "number" | "boolean" | "list" | "periods";

export interface Setting {
  /** The group that it is listed under. */
  readonly group: string;
  /** As messages and people write it: "publicListener.port". */
  readonly path: string;
  readonly schema: TSchema;
  readonly form: SettingForm;
  readonly description: string;
  readonly environment: readonly string[];
  readonly unit: Unit | null;
  readonly isSecret: boolean;
  /** The words that it may have, where these are few. */
  readonly words: readonly string[] | null;
  readonly otherValues: ReadonlyMap<string, string>;
  readonly defaultText: string;
}

/** In the order of the schema. */
export const SETTINGS: readonly Setting[] = SETTING_GROUPS.flatMap(({ title, settings }) =>
  settingsIn(settings, title, []),
);

function settingsIn(members: Readonly<Record<string, TSchema>>, group: string, parents: readonly string[]): Setting[] {
  return Object.entries(members).flatMap(([name, schema]) => {
    const path = [...parents, name];
    const inner = note(schema, "properties");
    return isMembers(inner) ? settingsIn(inner, group, path) : [settingOf(schema, group, path.join("."))];
  });
}

function isMembers(value: unknown): value is Readonly<Record<string, TSchema>> {
  return typeof value === "object" && value !== null;
}

function settingOf(schema: TSchema, group: string, path: string): Setting {
  const items = note(schema, "items");
  const words = (note(schema, "enum") ?? note(items, "enum") ?? null) as readonly string[] | null;
  return {
    group,
    path,
    schema,
    form: formOf(note(schema, "type")),
    description: textOf(note(schema, "description")) ?? "",
    environment: note(schema, "environment") as readonly string[],
    unit: (note(schema, "unit") ?? null) as Unit | null,
    isSecret: note(schema, "secret") === true,
    words,
    otherValues: new Map(Object.entries((note(schema, "otherValues") ?? {}) as Record<string, string>)),
    defaultText: textOf(note(schema, "defaultText")) ?? codeText(note(schema, "default")),
  };
}

function note(schema: unknown, name: string): unknown {
  return typeof schema === "object" && schema !== null ? Reflect.get(schema, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function codeText(value: unknown): string {
  return value === undefined ? "none" : `\`${textOf(value) ?? JSON.stringify(value)}\``;
}

function formOf(type: unknown): SettingForm {
  switch (type) {
    case "integer":
    case "number":
    case "boolean":
      return type;
    case "array":
      return "list";
    case "object":
      return "periods";
    default:
      return "text";
  }
}
