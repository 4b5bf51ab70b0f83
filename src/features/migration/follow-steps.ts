// The steps by which one server follows a tree of the other: its keys into files, a source or a mirror, every key trusted; pure.

import { shellWord } from "../../core/shell-word.ts";
import type { MigrationRole, NextStep } from "./migration-types.ts";
import type { PlannedTree } from "./plan-form.ts";

export interface Follower {
  readonly who: MigrationRole;
  readonly kind: "source" | "mirror";
  readonly says: string;
  /** What `source add` or `mirror add` needs besides the tree. */
  readonly options: Readonly<Record<string, string>>;
}

/** `migration`: its name. Of several keys the newest comes with the source or mirror, the others are trusted after it. */
export function followSteps(migration: string, tree: PlannedTree, { who, kind, says, options }: Follower): NextStep[] {
  const keys = tree.publicKeys.toReversed().map(({ keyId, keyVersion }, at) => ({
    file: `${tree.name}${at === 0 ? "" : `-${at + 1}`}.pem`,
    name: { "--key-id": keyId, "--key-version": keyVersion },
  }));
  const [newest, ...others] = keys;
  const trusted = newest === undefined ? {} : { "--public-key": newest.file, ...newest.name };
  return [
    ...keys.map(({ file, name }) => ({
      who,
      says: `Write a public key of ${tree.name} into a file.`,
      command: line(`enks migration public-key ${shellWord(migration)} ${tree.name}`, { ...name, "--out": file }),
    })),
    {
      who,
      says,
      command: line(`enks ${kind} add ${tree.name}`, {
        ...options,
        ...addressOf(tree),
        ...profileOf(tree),
        ...trusted,
      }),
    },
    ...others.map(({ file, name }) => ({
      who,
      says: "Trust an older key too, as long as archives under it are listed.",
      command: line(`enks ${kind} trust ${tree.name}`, { "--public-key": file, ...name }),
    })),
  ];
}

function addressOf({ indexUrl, baseUrl }: PlannedTree): Record<string, string> {
  return { "--index-url": indexUrl, "--base-url": baseUrl };
}

/** `true` is an option without a value. */
function profileOf({ otherEntries = [], batchParts, onsetCodes }: PlannedTree): Record<string, string | true> {
  return {
    ...(otherEntries.length === 0 ? {} : { "--other-entries": otherEntries.join(",") }),
    ...(batchParts === true ? { "--batch-parts": true as const } : {}),
    ...(onsetCodes === true ? { "--onset-codes": true as const } : {}),
  };
}

function line(words: string, options: Readonly<Record<string, string | true>>): string {
  const told = Object.entries(options).map(([name, value]) => (value === true ? name : `${name} ${shellWord(value)}`));
  return [words, ...told].join(" ");
}
