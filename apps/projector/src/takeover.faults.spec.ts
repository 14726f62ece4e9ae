import { randomUUID } from 'node:crypto';
import { userDecider, userStream } from '@abland/domain';
import { openEventStore } from '@abland/event-codec';
import { type EventStore, handleCommand, silentLogger } from '@abland/kernel';
import { createTestDatabase, ProgramProcess, type ProgramStatus, type TestDatabase } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import type { ProjectorStatus } from './projector-status.js';

const START_WITHIN_MS = 120_000;
const TAKE_OVER_WITHIN_MS = 120_000;

/** Positions are written as text in JSON. */
const isAtHead = (told: ProgramStatus): boolean => {
  const { head, projections } = told as unknown as ProjectorStatus;
  const caughtUp = projections.every(({ behind }) => String(behind) === '0');
  return told.status === 'ready' && head !== null && projections.length > 0 && caughtUp;
};

describe('a projector beside another one', () => {
  let database: TestDatabase;
  let store: EventStore;
  const projectors: ProgramProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openEventStore(database.url, silentLogger);
  });
  afterAll(async () => {
    for (const projector of projectors) await projector.end('SIGKILL');
    await store.close();
    await database.drop();
  });

  const start = async (): Promise<ProgramProcess> => {
    const projector = await ProgramProcess.start('projector', { DATABASE_URL: database.url });
    projectors.push(projector);
    return projector;
  };

  async function signIn(): Promise<void> {
    const { address } = Wallet.createRandom();
    await handleCommand(
      store,
      userDecider,
      userStream(address),
      { type: 'SignInUser', address, at: new Date().toISOString() },
      {
        metadata: { correlationId: randomUUID(), causationId: null, actor: address },
        eventId: () => randomUUID(),
      },
    );
  }

  it('keeps the read models on after one that is killed', async () => {
    const first = await start();
    await signIn();
    await first.until(isAtHead, START_WITHIN_MS);
    const second = await start();
    await second.until(isAtHead, START_WITHIN_MS);

    await first.end('SIGKILL');
    await signIn();
    await second.until(isAtHead, TAKE_OVER_WITHIN_MS);
    expect(await second.end()).toBe(0);
  });
});
