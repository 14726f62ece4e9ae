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
import type { StateFile } from './state-file.js';

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
}

/** Bundles between two writes of what is kept. */
const BUNDLES_A_WRITE = 64;

/** Looks at a log until something is wrong with it, or it is to end. @throws Finding, MonitorStateError */
export async function watchLog(watching: Watching): Promise<void> {
  const { everyMs, signal, tell } = watching;
  let followed = await begin(watching);
  while (!signal.aborted) {
    try {
      followed = await lookOnce(followed, watching);
    } catch (error) {
      if (signal.aborted) return;
      if (everyMs === null || !(error instanceof Finding) || error.code !== 'UNREACHABLE') throw error;
      tell.away(error);
      followed = (await watching.state.read()) ?? followed;
    }
    requireFresh(followed, watching);
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

async function lookOnce(before: FollowedLog, watching: Watching): Promise<FollowedLog> {
  const { state, tell } = watching;
  const { followed, top } = await followHeads(before, watching, Date.now(), SERVER_HASHER);
  await state.write(followed);
  let { entries } = followed;
  if (watching.readsEntries) {
    let bundles = 0;
    for await (const read of readEntries(entries, top, SERVER_HASHER)) {
      entries = read;
      if (++bundles % BUNDLES_A_WRITE === 0) await state.write({ ...followed, entries });
      if (watching.signal.aborted) break;
    }
    await state.write({ ...followed, entries });
  }
  tell.seen({ ...followed, entries }, top.place.url);
  return { ...followed, entries };
}

function requireFresh(followed: FollowedLog, { logs, maxAgeMs }: Watching): void {
  if (maxAgeMs !== null) requireNews(followed, Date.now(), maxAgeMs, logs[0].url);
}
