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

/** Expects of every read model that a rebuild of the log makes it. Returns the checksums of their tables. */
export async function expectAsRebuilt(
  system: SystemUnderTest,
  abland: (...args: readonly string[]) => Promise<string>,
): Promise<string> {
  await untilQuiet(system);
  const live = checksumsOf(await abland('projections', 'checksum'));
  expect(checksumsOf(await abland('projections', 'rebuild'))).toBe(live);
  return live;
}
