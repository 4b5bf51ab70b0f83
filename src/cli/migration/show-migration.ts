// A migration as the operator's server knows it.

import type { MigrationBody } from "../../features/migration/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { renderMigration } from "./render-migration.ts";

export function readMigration({ client }: Call, name: string): Promise<MigrationBody> {
  return client.get<MigrationBody>(path`/v1/migrations/${name}`);
}

export function showMigration(call: Call, body: MigrationBody): void {
  call.show(body, () => renderMigration(body, call.width));
}
