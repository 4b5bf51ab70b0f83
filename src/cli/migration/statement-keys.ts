// Keys that sign reports and bundles: made in files, and read from them.

import { CodedError } from "../../core/coded-error.ts";
import { makeStatementKey, readStatementKey, type StatementKey } from "../../proof/signed-statement.ts";
import { readText } from "../read-text.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";

const OWNER_ONLY = 0o600;

/** Writes the private key to `file` and the public one to `file`.pub. Throws `output_exists` and `output_unwritable`. */
export async function makeStatementKeyFiles(file: string): Promise<StatementKey & { readonly publicFile: string }> {
  const publicFile = `${file}.pub`;
  await requireNoFile(file);
  await requireNoFile(publicFile);
  const made = makeStatementKey();
  await writeNewOutput(file, made.privatePem, undefined, OWNER_ONLY);
  await writeNewOutput(publicFile, made.publicPem);
  return { ...made, publicFile };
}

/** Throws `input_unreadable` and `statement_key_invalid`. */
export async function readStatementKeyFile(file: string): Promise<StatementKey> {
  try {
    return readStatementKey(await readText(file));
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== "statement_key_invalid") throw error;
    throw new CodedError(error.code, `${file}: ${error.message}`, { remedy: error.remedy ?? "", cause: error });
  }
}
