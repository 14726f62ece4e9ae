import { until } from '@abland/testing';
import { expect } from '@jest/globals';
import { createApiClient } from '../src/demo/api-client.js';
import { checksumsOf, type SystemUnderTest } from './system-under-test.js';

interface Standing {
  readonly position: string;
  readonly logHead: string;
  readonly stages: readonly { readonly name: string; readonly state: string; readonly dueSeconds: number }[];
}
const STANDING = '{ _meta { position logHead stages { name state dueSeconds } } }';
/** For the second of two looks to be a new one. */
const LOOK_AGAIN_MS = 200;

/** Waits until every stage has handled all that there is: what was done before changes nothing any more of what is read then. */
export async function untilQuiet(system: SystemUnderTest): Promise<void> {
  const api = createApiClient(system.apiUrl);
  let standing: Standing | null = null;
  const isQuiet = async (): Promise<boolean> => {
    standing = (await api.query<{ _meta: Standing }>(STANDING))._meta;
    const { logHead, position, stages } = standing;
    const isDone = stages.every(({ dueSeconds, state }) => state === 'RUNNING' && dueSeconds === 0);
    return isDone && position === logHead;
  };
  await until(
    async () => {
      if (!(await isQuiet().catch(() => false))) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      return isQuiet().catch(() => false);
    },
    () => standing,
  );
}

type Tables = (output: string) => string;
/** The log went on beside every one of so many rebuilds: something never ends. */
const TRIES = 10;

/**
 * Expects of every read model that a rebuild of the log makes it; of some of their tables where others never rest. A rebuild
 * that something happened beside says nothing, and is made again: a system at rest still anchors its log now and then, which
 * makes blocks. Returns the checksums.
 *
 * @param rebuild makes the read models anew, in whichever way, and tells their checksums as a command does
 */
export async function expectRebuiltAlike(
  abland: (...args: readonly string[]) => Promise<string>,
  tables: Tables = checksumsOf,
  rebuild: () => Promise<string> = () => abland('projections', 'rebuild'),
): Promise<string> {
  let live = tables(await abland('projections', 'checksum'));
  for (let tries = 1; ; tries += 1) {
    const rebuilt = tables(await rebuild());
    const after = tables(await abland('projections', 'checksum'));
    if (after === live || tries === TRIES) {
      expect(rebuilt).toBe(live);
      return live;
    }
    live = after;
  }
}

/** As above, of a system in which nothing is on its way any more. */
export async function expectAsRebuilt(
  system: SystemUnderTest,
  abland: (...args: readonly string[]) => Promise<string>,
): Promise<string> {
  await untilQuiet(system);
  return expectRebuiltAlike(abland);
}
