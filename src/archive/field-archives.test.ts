// Archives as other servers wrote them: what opens as it is, what opens with a setting, and what is refused, with its code.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FIELD_ARCHIVES, type FieldArchive, type FieldSettings } from "../../test/support/field-archives.ts";
import { makeSigner } from "../../test/support/sample-archives.ts";
import { STRICT_PROFILE, type VerifiedArchive } from "./archive-types.ts";
import { inspectArchive } from "./inspect-archive.ts";
import { nodeArchiveTools } from "./node-tools.ts";
import { openArchive } from "./open-archive.ts";

const SIGNER = makeSigner("310", "v1");

async function open(archive: FieldArchive, settings: FieldSettings = {}): Promise<VerifiedArchive> {
  const { keyId = "310", keyVersion = "v1", headerRegions: _, ...profile } = settings;
  const trustedKeys = [{ ...SIGNER.trustedKey, keyId, keyVersion }];
  const options = { trustedKeys, now: 0, profile: { ...STRICT_PROFILE, ...profile } };
  return openArchive(await archive.make(SIGNER), options, nodeArchiveTools);
}

function namesOf({ primaries }: VerifiedArchive): string[] {
  return [...new Set(Array.from(primaries, ({ keyData }) => keyData.toHex()))];
}

/** Region and codes of onset are no matter of the whole archive. */
const OF_SOURCES = new Set(["archive_region_not_allowed", "onset_range"]);

test.each(FIELD_ARCHIVES.map((archive) => [archive.seen, archive] as const))("%s", async (_seen, archive) => {
  const { outcome, keys } = archive;
  if (outcome.kind === "refused") {
    await expect(open(archive)).rejects.toMatchObject({ code: outcome.code });
  } else if (outcome.kind === "key-refused") {
    const opened = await open(archive);
    expect(namesOf(opened)).toEqual(keys);
    expect(opened.refusedCounts).toEqual({ [outcome.reason]: 1 });
  } else if (outcome.kind === "read") {
    expect(namesOf(await open(archive))).toEqual(keys);
  } else {
    if (!OF_SOURCES.has(outcome.code)) await expect(open(archive)).rejects.toMatchObject({ code: outcome.code });
    expect(namesOf(await open(archive, outcome.settings))).toEqual(keys);
  }
});

test.each(FIELD_ARCHIVES.map((archive) => [archive.seen, archive] as const))(
  "inspecting %s shows the keys, and says why the archive is not taken",
  async (_seen, archive) => {
    const { outcome, keys } = archive;
    const inspecting = inspectArchive(await archive.make(SIGNER), nodeArchiveTools);
    if (outcome.kind === "refused" && outcome.code === "archive_zip_damaged") {
      await expect(inspecting).rejects.toMatchObject({ code: "archive_zip_damaged" });
      return;
    }
    const { content, unusual } = await inspecting;
    const isRefusedForKeys = outcome.kind === "setting" && outcome.code === "onset_range";
    const found = new Set(Array.from(content.primaries, ({ keyData }) => keyData.toHex()));
    expect([...found]).toEqual(isRefusedForKeys ? [] : keys);
    if (outcome.kind === "refused") expect(unusual).toContainEqual(expect.objectContaining({ oddity: outcome.code }));
  },
);

const DOCUMENT = join(import.meta.dirname, "..", "..", "docs", "migrate", "foreign-archives.md");

test("the table of docs/migrate/foreign-archives.md is this list", () => {
  const rows = readFileSync(DOCUMENT, "utf8")
    .split("\n## ")[1]
    ?.split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, seen, , done]) => [seen, done]);
  expect(rows).toEqual(FIELD_ARCHIVES.map(({ seen, outcome }) => [seen, doneAbout(outcome)]));
});

function doneAbout(outcome: FieldArchive["outcome"]): string {
  if (outcome.kind === "read") return "read";
  if (outcome.kind === "setting") return `\`${outcome.flag}\``;
  if (outcome.kind === "refused") return `refused: \`${outcome.code}\``;
  return `its key is refused: \`${outcome.reason}\``;
}
