// What the use cases of verification need.

import type { ArchiveTools } from "../../archive/archive-types.ts";
import type { Clock } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { AuthorityDirectory } from "./authority-directory.ts";
import type { VerificationSettings } from "./verification-types.ts";

export interface VerificationDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly clock: Clock;
  readonly report: Report;
  readonly settings: VerificationSettings;
  readonly directory: AuthorityDirectory;
}
