// A bundle of the other organisation: its signature and its form are checked before anything of it is used.

import { Compile } from "typebox/compile";
import { CodedError } from "../../core/coded-error.ts";
import {
  BUNDLE_STATEMENT,
  type BundledTree,
  bundleForm,
  type MigrationBundle,
} from "../../features/migration/bundle-form.ts";
import { openStatement, parseStatement } from "../../proof/signed-statement.ts";
import { tellNames } from "../options/suggest-names.ts";
import { readText } from "../read-text.ts";

export type BundleErrorCode =
  /** It is signed as a bundle, and is none of this version. */
  | "bundle_invalid"
  /** The bundle has no tree of that name. */
  | "bundle_tree_unknown";

const LARGEST_BUNDLE = 16 * 1024 * 1024;
const validator = Compile(bundleForm);

/** Throws `bundle_invalid`, `input_unreadable` and CodedError<StatementErrorCode>. */
export async function readBundle(file: string, publicPem: string): Promise<MigrationBundle> {
  const bundle = openStatement(BUNDLE_STATEMENT, parseStatement(await readText(file, LARGEST_BUNDLE)), publicPem);
  if (validator.Check(bundle)) return bundle;
  const [error] = validator.Errors(bundle);
  throw new CodedError<BundleErrorCode>(
    "bundle_invalid",
    `${file}: ${error?.instancePath ?? ""} ${error?.message ?? ""}`,
    {
      remedy: "Ask for a bundle that this version of the program reads.",
    },
  );
}

/** Throws `bundle_tree_unknown`, which names those that there are. */
export function treeIn({ trees, organisation }: MigrationBundle, name: string): BundledTree {
  const found = trees.find((tree) => tree.name === name);
  if (found !== undefined) return found;
  const names = trees.map((tree) => tree.name);
  throw new CodedError<BundleErrorCode>("bundle_tree_unknown", `the bundle of ${organisation} has no tree "${name}"`, {
    remedy: tellNames(name, names),
  });
}
