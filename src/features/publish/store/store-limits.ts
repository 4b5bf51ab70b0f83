// How long uploads wait for the database: together less than what an answer may take (register-public-routes.ts).

import type { StatementLimits } from "../../../platform/database/database.ts";

/**
 * Of the transactions of uploads. Where another one holds the very rows (the same keys, or the same certificate), and does
 * not go on, the phone comes again; one of ours that is frozen gives its locks free before others have to be refused.
 */
export const UPLOAD_LIMITS: StatementLimits = {
  withinMilliseconds: 5_000,
  lockMilliseconds: 2_000,
  idleMilliseconds: 4_000,
};

/** From its arrival until its group begins. */
export const LONGEST_WAIT_MILLISECONDS = 6_000;

/** For a group, also where its uploads are done again one by one; the rest of them is refused. */
export const GROUP_MILLISECONDS = 4_000;
