// SQL with its parameters as a value, for those who only hand it on.

import type { RawBuilder } from "kysely";

export type Statement = RawBuilder<unknown>;
