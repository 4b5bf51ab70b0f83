// A database that knows what still runs on it.

import type { KyselyPlugin } from "kysely";
import type { Database } from "../../src/platform/database/database.ts";

/** `running` counts transactions, and statements outside of them, that were begun and have not ended well. */
export function watchDatabase(inner: Database): { readonly database: Database; running(): number } {
  let running = 0;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      running++;
      return node;
    },
    async transformResult({ result }) {
      running--;
      return result;
    },
  };
  const transaction: Database["transaction"] = async (work) => {
    running++;
    try {
      return await inner.transaction(work);
    } finally {
      running--;
    }
  };
  return { database: { ...inner, db: inner.db.withPlugin(counting), transaction }, running: () => running };
}
