// What a world of correct servers and phones is made of; hours from its beginning.

export interface GoodPlan {
  readonly hours: number;
  readonly switchHour: number;
  readonly retentionHours: number;
  readonly minRecords: number;
  readonly people: readonly GoodPerson[];
  readonly phones: readonly GoodPhone[];
}

export interface GoodPerson {
  readonly place: "state" | "nation";
  readonly entersHour: number;
  readonly releasedAfterHours: number;
  readonly keys: number;
  /** A likely case that was revised; null: confirmed at once. */
  readonly revision: { readonly afterHours: number; readonly to: "confirmed" | "revoked" } | null;
}

export interface GoodPhone {
  readonly follows: "client" | "national";
  readonly pollHours: number;
  readonly beginsHour: number;
  readonly away: { readonly fromHour: number; readonly hours: number } | null;
}
