// Who owns a key and what it is, by the rules of decision 0017, in a few sets.

import { ReportType } from "../../src/core/exposure-key.ts";

const { confirmed, likely, revoked, userReport } = ReportType;

export type Uploader = "person" | "stranger";
/** The state's and another's; the nation has taken over the token keys of the state. */
export const STATE = 7;
export const OTHER = 8;
export type SupplierId = typeof STATE | typeof OTHER;
export const WHOLE_DAY = 144;

type Right = "owner" | "claimant" | "none";

interface KnownKey {
  type: ReportType;
  revision: ReportType | null;
  period: number;
  isUpload: boolean;
  owners: Set<SupplierId>;
  isClaimants: boolean;
  /** Whether it was exported. */
  isSeen: boolean;
}

/** What a server may have heard before it had the key. */
interface Said {
  readonly type: ReportType;
  readonly period: number;
}

export class RightsModel {
  readonly keys = new Map<number, KnownKey>();
  /** Of whom the nation has sealed a token for a key, and the period that it names. */
  readonly tokens = new Map<string, number>();
  /** Keys that anybody can have read in an archive; some are in one of the state from the beginning. */
  readonly open = new Set<number>([0, 1, 2, 3, 4]);
  readonly waiting = new Map<number, Map<SupplierId, Said>>();
  hours = 0;

  inForce(name: number): ReportType | null {
    const key = this.keys.get(name);
    return key === undefined ? null : (key.revision ?? key.type);
  }

  upload(who: Uploader, name: number, type: ReportType, period: number): void {
    if (this.keys.has(name)) return;
    this.insert(name, type, { period, isUpload: true, owners: [] });
    this.tokens.set(`${who} ${name}`, period);
    this.hear(name, [STATE, OTHER]);
  }

  reviseUpload(who: Uploader, name: number, type: ReportType): void {
    const [key, period] = [this.keys.get(name), this.tokens.get(`${who} ${name}`)];
    if (key === undefined || key.period !== period) return;
    this.merge(key, type, key.owners.size === 0 ? "owner" : "claimant");
  }

  /** With a token that the state has sealed. */
  sendWithStatesToken(name: number, type: ReportType): void {
    const key = this.keys.get(name);
    if (key === undefined) {
      this.insert(name, type, { period: WHOLE_DAY, isUpload: true, owners: [STATE] });
      this.hear(name, [STATE, OTHER]);
      return;
    }
    if (key.period !== WHOLE_DAY) return;
    if (key.owners.has(STATE)) this.merge(key, type, "owner");
    else if (this.isUnseenUpload(key) && type !== key.type && type !== key.revision) {
      const before = { ...key, owners: new Set(key.owners) };
      this.claim(key, STATE, type);
      if (this.merge(key, type, "owner") !== "revised") this.keys.set(name, before);
    }
  }

  bring(supplier: SupplierId, name: number, type: ReportType, isEarly: boolean): void {
    this.open.add(name);
    const key = this.keys.get(name);
    if (key === undefined) {
      this.insert(name, type, { period: WHOLE_DAY, isUpload: false, owners: [supplier] });
      return this.hear(name, [supplier]);
    }
    if (key.owners.has(supplier)) return void this.merge(key, type, "owner");
    if (this.isUnseenUpload(key)) {
      this.insert(name, type, { period: WHOLE_DAY, isUpload: false, owners: [supplier] });
      return this.hear(name, [supplier]);
    }
    if (key.period !== WHOLE_DAY) return;
    if (!isEarly) return void this.merge(key, type, "claimant");
    this.claim(key, supplier, type);
    this.merge(key, type, "owner");
    this.hear(name, [supplier]);
  }

  revise(supplier: SupplierId, name: number, type: ReportType, isEarly: boolean): void {
    this.open.add(name);
    const key = this.keys.get(name);
    if (key === undefined) return this.wait(supplier, name, type);
    if (key.owners.has(supplier)) return void this.merge(key, type, "owner");
    const isUnseen = this.isUnseenUpload(key);
    if (isUnseen && key.period !== WHOLE_DAY) return this.wait(supplier, name, type);
    if (key.period !== WHOLE_DAY) return;
    if (isUnseen || isEarly) {
      this.claim(key, supplier, type);
      this.merge(key, type, "owner");
    } else if (this.merge(key, type, "claimant") === "other_source") this.wait(supplier, name, type);
  }

  export(): void {
    for (const [name, key] of this.keys) {
      key.isSeen = true;
      this.open.add(name);
    }
  }

  private isUnseenUpload({ isUpload, owners, isSeen }: KnownKey): boolean {
    return isUpload && owners.size === 0 && !isSeen;
  }

  private insert(
    name: number,
    type: ReportType,
    about: { readonly period: number; readonly isUpload: boolean; readonly owners: readonly SupplierId[] },
  ): void {
    const owners = new Set(about.owners);
    this.keys.set(name, { ...about, type, owners, revision: null, isClaimants: false, isSeen: false });
  }

  private claim(key: KnownKey, supplier: SupplierId, type: ReportType): void {
    if (key.owners.size === 0) key.isClaimants = (key.revision ?? key.type) !== type;
    key.owners.add(supplier);
  }

  private wait(supplier: SupplierId, name: number, type: ReportType): void {
    const said = this.waiting.get(name) ?? new Map<SupplierId, Said>();
    this.waiting.set(name, said.set(supplier, { type, period: WHOLE_DAY }));
  }

  /** What these suppliers have said before counts as if it came now, from before the key was exported here. */
  private hear(name: number, suppliers: readonly SupplierId[]): void {
    for (const supplier of suppliers) {
      const said = this.waiting.get(name)?.get(supplier);
      if (said === undefined || said.period !== this.keys.get(name)?.period) continue;
      this.waiting.get(name)?.delete(supplier);
      this.revise(supplier, name, said.type, true);
    }
  }

  private merge(key: KnownKey, type: ReportType, right: Right): "unchanged" | "revised" | "other_source" | "refused" {
    if (type === key.type || type === key.revision) return "unchanged";
    if (type === revoked && right !== "owner") return "other_source";
    const isFree = right === "owner" && key.isClaimants;
    if (key.revision !== null && !isFree) return "refused";
    const from = isFree ? (key.revision ?? key.type) : key.type;
    if (!(isFree && type === revoked) && !FOLLOWERS[from].includes(type)) return "refused";
    key.revision = type;
    key.isClaimants = right === "claimant";
    return "revised";
  }
}

const FOLLOWERS: Readonly<Record<ReportType, readonly ReportType[]>> = {
  [userReport]: [likely, confirmed, revoked],
  [likely]: [confirmed, revoked],
  [confirmed]: [],
  [revoked]: [],
};
