import { createHash, randomUUID } from 'node:crypto';
import { actOnBuilds, type BuildActKind, decideParkedEvent } from '@abland/operations';
import { type BuildView, listBuilds, PROJECTION_NAMES, stateChecksum } from '@abland/projections';
import { failureClassOf, mayPass, silentLogger } from '@abland/kernel';
import type { SessionSystem } from './session-system.js';

const OPERATOR = 'operator:session';
const LOOK_EVERY_MS = 100;
const TRIES_MAX = 100;
const ASK_AGAIN_MS = 1_000;

/** What an operator does in the session: each act is recorded as any other. */
export class Operator {
  constructor(private readonly system: SessionSystem) {}

  async act(
    kind: BuildActKind,
    projection: string,
    more: { readonly promotesItself?: boolean } = {},
  ): Promise<void> {
    const { pool, store: log } = this.system;
    for (let tries = 1; ; tries += 1) {
      const act = { ...this.word(projection), kind, ...more };
      try {
        await actOnBuilds({ log, pool, logger: silentLogger, clock: Date.now }, act);
        return;
      } catch (error) {
        // Where the projector cannot follow within a second it is level a little later: an operator asks again.
        if (!mayPass(failureClassOf(error)) || tries === TRIES_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      }
    }
  }

  async actOnAll(kind: BuildActKind, more: { readonly promotesItself?: boolean } = {}): Promise<void> {
    for (const projection of PROJECTION_NAMES) await this.act(kind, projection, more);
  }

  async skip(parked: string): Promise<void> {
    const { pool, store: log } = this.system;
    const act = { ...this.word(parked), kind: 'SKIP_PARKED_EVENT' } as const;
    await decideParkedEvent({ log, pool, clock: Date.now }, act);
  }

  async builds(): Promise<readonly BuildView[]> {
    const { pool, store } = this.system;
    return listBuilds(pool, await store.head());
  }

  /** Waits as long as it takes, through any restart of the database, for builds to be as wanted. */
  async until(isSo: (builds: readonly BuildView[]) => boolean): Promise<readonly BuildView[]> {
    for (;;) {
      const builds = await this.builds().catch(() => []);
      if (builds.length > 0 && isSo(builds)) return builds;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** All that is live has the whole log. */
  async untilLevel(): Promise<void> {
    const isLive = ({ state }: BuildView): boolean => state === 'LIVE';
    await this.until((builds) => builds.filter(isLive).every(({ behind }) => behind === 0n));
  }

  /** Over the rows of every table that readers see, once these have the whole log; but for the acts, of which each step adds some. */
  async checksum(): Promise<string> {
    await this.untilLevel();
    const { tables } = await stateChecksum(this.system.pool);
    const hash = createHash('sha256');
    for (const { checksum, table } of tables)
      if (table !== 'operations') hash.update(`${table} ${checksum}\n`);
    return hash.digest('hex');
  }

  /** With the acts. */
  async wholeChecksum(): Promise<string> {
    await this.untilLevel();
    return (await stateChecksum(this.system.pool)).total;
  }

  private word(subject: string) {
    return { operationId: randomUUID(), subject, requestedBy: OPERATOR, reason: 'A step of the session' };
  }
}

/** How much of the log those that are being built have, the one that is furthest behind. */
export function partBuilt(builds: readonly BuildView[]): number {
  const beside = builds.filter(({ state }) => state === 'BUILDING' || state === 'READY');
  const parts = beside.map(({ behind, checkpoint }) => {
    const [at, left] = [Number(checkpoint ?? 0n), Number(behind ?? 0n)];
    return at / Math.max(at + left, 1);
  });
  return parts.length === 0 ? 1 : Math.min(...parts);
}
