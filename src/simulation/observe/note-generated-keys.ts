// Which keys a server made up as padding: what phones hold of them was entered by nobody.

import type { Server } from "../../app/create-server.ts";
import { readKeysOfOrigin } from "../../features/exposures/page-queries.ts";

const PAGE = 10_000;

/** Adds the keys that a server made up as padding, in hex, to `noted`; servers forget them in time. */
export async function noteGeneratedKeys({ database }: Pick<Server, "database">, noted: Set<string>): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const page = await readKeysOfOrigin(database.db, ["generated"], after, PAGE);
    for (let index = 0; index < page.length; index++) noted.add(page.keyHex(index));
    if (page.length < PAGE) return;
    after = page.keyHex(page.length - 1);
  }
}
