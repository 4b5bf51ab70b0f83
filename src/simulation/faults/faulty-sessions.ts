// A database whose connections break, and whose clients die, as planned. What was not committed is rolled back.

import { CodedError } from "../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../../platform/database/database.ts";
import type { Session, Sessions, StatementResult } from "../../platform/database/sessions.ts";
import type { Meet } from "./faulty-blobs.ts";
import type { ProcessLife } from "./process-life.ts";

const CHANGES = /\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i;

/** Sessions of one process on `inner`, which stays open when they are closed. */
export function faultySessions(inner: Sessions, meet: Meet, life: ProcessLife): Sessions {
  return {
    async acquire() {
      life.require();
      return new FaultySession(await inner.acquire(), meet, life);
    },
    release(session, usable) {
      if (session instanceof FaultySession) void giveBack(inner, session, usable);
    },
    close: async () => undefined,
  };
}

/** What PostgreSQL does with the transaction of a client that is gone. */
async function giveBack(inner: Sessions, { own, isOpen }: FaultySession, usable: boolean): Promise<void> {
  if (isOpen) await own.run("rollback", []);
  inner.release(own, usable || isOpen);
}

class FaultySession implements Session {
  readonly own: Session;
  /** In a transaction. */
  isOpen = false;
  private isLost = false;
  private readonly meet: Meet;
  private readonly life: ProcessLife;

  constructor(own: Session, meet: Meet, life: ProcessLife) {
    this.own = own;
    this.meet = meet;
    this.life = life;
  }

  async run(...statement: Parameters<Session["run"]>): Promise<StatementResult> {
    this.life.require();
    if (this.isLost) throw lostConnection();
    const [sql] = statement;
    if (sql === "commit") return this.change("commit", statement);
    if (!this.isOpen && CHANGES.test(sql)) return this.change("write", statement);
    const result = await this.own.run(...statement);
    if (sql.startsWith("begin")) this.isOpen = true;
    if (sql === "rollback") this.isOpen = false;
    return result;
  }

  private async change(operation: "commit" | "write", statement: Parameters<Session["run"]>): Promise<StatementResult> {
    const fault = this.meet(operation);
    // Without power nothing was committed unless it was synced, and then the answer would have come.
    if (fault === "dies-before" || fault === "power-lost") this.life.die();
    if (fault === "connection-breaks-before") this.lose();
    const result = await this.own.run(...statement);
    this.isOpen = false;
    if (fault === "dies-after") this.life.die();
    if (fault === "connection-breaks-after") this.lose();
    return result;
  }

  private lose(): never {
    this.isLost = true;
    throw lostConnection();
  }
}

function lostConnection(): CodedError<DatabaseErrorCode> {
  return new CodedError("database_unreachable", "the connection of the world's database broke");
}
