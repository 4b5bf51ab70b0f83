// What operators do once in a double world, with what they are known to do wrongly.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";
import type { DoubleWorld } from "./double-world.ts";
import { sealArchive } from "./seal-archive.ts";
import { T } from "./timeline.ts";
import type { TreeLine } from "./tree.ts";

type Act = (at: UnixSeconds, name: string, action: (now: UnixSeconds) => void | Promise<void>) => void;

/** From now on the client tree also carries the nation's archives, behind its own. */
export async function switchContent(
  { runner, has, mirror, trees, events }: DoubleWorld,
  now: UnixSeconds,
): Promise<void> {
  events.push({ at: now, kind: "content-switched", tree: "client", source: "national" });
  runner.add("state mirror", { name: "mirror", everySeconds: HOUR, run: mirror.run }, now + 40 * MINUTE);
  if (!has("switched-before-import-drained")) return;
  const isNewest = (line: TreeLine) => line.addedAt > now - 12 * HOUR;
  await trees.client.replaceLines((line) => (isNewest(line) ? null : line), now);
}

/** The nation's old seal ends, six hours later the new one begins, and everything listed comes anew under it. */
export function switchSeal({ has, trees, seals, events }: DoubleWorld, act: Act): void {
  const { national } = trees;
  act(T.newSealTrusted, "phones get the new trusted key", (at) => {
    events.push({ at, kind: "trust-rolled-out", tree: "national", until: at + 6 * HOUR });
  });
  act(T.newSigningKey, "a new version of the signing key", () => {
    const { privateKey } = seals.nationNew;
    if (has("newest-key-signs")) national.setSeal({ ...seals.nationOld, privateKey });
  });
  act(T.oldSealEnds, "the old seal ends", () => national.setSeal(null));
  act(T.newSealBegins, "the new seal begins", async (now) => {
    events.push({ at: now, kind: "seal-switched", tree: "national" });
    national.setSeal(seals.nationNew);
    if (has("seal-switched-for-new-lines-only")) return;
    events.push({ at: now, kind: "restart-forced", tree: "national" });
    await national.restart(now);
  });
}

/** A re-run of the last window: it has nothing to do, and a broken server does it again. */
export async function storeLastAgain({ has, trees, seals, random }: DoubleWorld, now: UnixSeconds): Promise<void> {
  const last = trees.client.lines.findLast(({ supplier }) => supplier === "own");
  if (!has("name-used-twice") || last === undefined) return;
  const [model] = last.primaries;
  if (model === undefined) return;
  const primaries = [...last.primaries, { ...model, keyData: random.bytes(16) }];
  const seal = seals.state;
  const bytes = await sealArchive({ ...last, primaries, region: "XX", infos: [seal.info], seals: [seal] });
  await trees.client.replaceLines((line) => (line === last ? { ...line, bytes } : line), now);
}

/** Old archives stay where they are; a broken server lists them under the new root. */
export async function renameLines({ has, trees }: DoubleWorld, now: UnixSeconds): Promise<void> {
  if (!has("lines-rewritten")) return;
  const isOld = ({ addedAt }: { addedAt: UnixSeconds }) => addedAt < now - DAY;
  await trees.client.replaceLines((line) => (isOld(line) ? { ...line, line: `moved/${line.line}` } : line), now);
}
