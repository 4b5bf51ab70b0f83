// The follower of daily periods: at every check the current and the previous period once more (DB 1.5, CDS).

import { DAY } from "../core/clock.ts";
import { NAME_END, readNumberedLines } from "./cursor.ts";
import { type Follower, joinUrl } from "./follower.ts";

export interface DailyPeriodsMemory {
  /** The newest day that was handed over, counted from 1970; null: none, the app takes all. */
  readonly newestDay: number | null;
}

const readLines = readNumberedLines(NAME_END);

/** The period of a file is the day of its name-end. What comes again is processed again, by design. */
export const dailyPeriodsFollower: Follower<DailyPeriodsMemory> = {
  kind: "daily_periods",
  firstMemory: { newestDay: null },
  plan(indexes, { newestDay }) {
    const files = indexes.flatMap(({ baseUrl, body }) =>
      readLines(body).map(({ id, name }) => ({ name, url: joinUrl(baseUrl, name), day: Math.floor(id / DAY) })),
    );
    return {
      wanted: files.filter(({ day }) => newestDay === null || day >= newestDay - 1),
      partialDownload: "all_or_nothing",
      commit: "after_accepted",
      remember: (arrived) => {
        const days = files.filter(({ url }) => arrived.has(url)).map(({ day }) => day);
        return { newestDay: days.length === 0 ? newestDay : Math.max(newestDay ?? 0, ...days) };
      },
    };
  },
};
