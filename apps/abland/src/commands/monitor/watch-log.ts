import {
  beginFollowing,
  Finding,
  followHeads,
  type FollowedLog,
  readEntries,
  requireNews,
  type VerifierKey,
} from '@abland/audit-verify';
import { SERVER_HASHER } from '@abland/audit';
import { systemTiming } from '@abland/kernel';
import type { HttpPlace } from './http-place.js';
import { NewsAge } from './news-age.js';
import { MonitorStateUnavailableError, type StateFile } from './state-file.js';

export interface Watching {
  readonly logs: readonly [HttpPlace, ...HttpPlace[]];
  readonly others: readonly HttpPlace[];
  /** Of the log; none: those that are kept, or, the first time, those that the first place shows. */
  readonly keys: readonly VerifierKey[];
  readonly state: StateFile;
  /** Milliseconds without news after which the log is stale; null: never. */
  readonly maxAgeMs: number | null;
  /** Milliseconds between two looks; null: one look. */
  readonly everyMs: number | null;
  readonly readsEntries: boolean;
  readonly signal: AbortSignal;
  readonly tell: Telling;
}

/** What is told while all is well. */
export interface Telling {
  /** Keys that are believed because a place shows them. */
  firstUse(keys: readonly VerifierKey[], url: string): void;
  /** After each look. */
  seen(followed: FollowedLog, url: string): void;
  /** That is looked at again. */
  away(finding: Finding): void;
  /** What was seen is held in memory, and kept at the next look. */
  unkept(error: MonitorStateUnavailableError): void;
}

/** Bundles between two writes of what is kept. */
const BUNDLES_A_WRITE = 64;

/** Looks at a log until something is wrong with it, or it is to end. @throws Finding, MonitorStateError, MonitorStateUnavailableError */
export async function watchLog(watching: Watching): Promise<void> {
  const { everyMs, signal, tell } = watching;
  const watch = new Watch(watching, await begin(watching));
  while (!signal.aborted) {
    try {
      await watch.look();
    } catch (error) {
      if (signal.aborted) return;
      if (everyMs === null || !(error instanceof Finding) || error.code !== 'UNREACHABLE') throw error;
      tell.away(error);
    }
    watch.requireFresh();
    if (everyMs === null) return;
    await systemTiming.pause(everyMs, signal);
  }
}

/** @throws MonitorStateError, Finding UNREACHABLE, WRONG_ANSWER where keys have to be learnt, and are not shown */
async function begin({ keys, logs, state, tell }: Watching): Promise<FollowedLog> {
  const kept = await state.read();
  if (keys.length > 0) {
    state.requireOneLog([...keys, ...(kept?.keys ?? [])]);
    return { ...(kept ?? beginFollowing(keys, Date.now())), keys };
  }
  if (kept !== null) return kept;
  const shown = await logs[0].verifierKeys();
  state.requireOneLog(shown);
  tell.firstUse(shown, logs[0].url);
  return beginFollowing(shown, Date.now());
}

/** What was seen of a log so far: whatever can be kept of it, it is held against what is seen next. */
class Watch {
  private readonly age: NewsAge;

  constructor(
    private readonly watching: Watching,
    private followed: FollowedLog,
  ) {
    this.age = new NewsAge(followed.newsAt, Date.now);
  }

  async look(): Promise<void> {
    const { readsEntries, signal, tell } = this.watching;
    const { followed, top } = await followHeads(this.followed, this.watching, Date.now(), SERVER_HASHER);
    let isKept = await this.keep(followed);
    if (readsEntries) {
      let bundles = 0;
      for await (const entries of readEntries(followed.entries, top, SERVER_HASHER)) {
        this.followed = { ...followed, entries };
        if (++bundles % BUNDLES_A_WRITE === 0 && isKept) isKept = await this.keep(this.followed);
        if (signal.aborted) break;
      }
      if (isKept) await this.keep(this.followed);
    }
    tell.seen(this.followed, top.place.url);
  }

  requireFresh(): void {
    const { logs, maxAgeMs } = this.watching;
    this.age.note(this.followed.newsAt);
    const now = this.followed.newsAt + this.age.ms;
    if (maxAgeMs !== null) requireNews(this.followed, now, maxAgeMs, logs[0].url);
  }

  /** False where the file cannot be written for now, which the next look tries again. */
  private async keep(followed: FollowedLog): Promise<boolean> {
    this.followed = followed;
    try {
      await this.watching.state.write(followed);
      return true;
    } catch (error) {
      if (this.watching.everyMs === null || !(error instanceof MonitorStateUnavailableError)) throw error;
      this.watching.tell.unkept(error);
      return false;
    }
  }
}
