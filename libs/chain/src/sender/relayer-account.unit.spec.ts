import { beforeEach, describe, expect, it } from '@jest/globals';
import { relayerStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { EventStoreUnavailableError, type NewEvent } from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';
import { RelayerAccount } from './relayer-account.js';

const RELAYER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const CONTEXT = { correlationId: 'test', causationId: null };
const command = (name: string): string => uuidv5(name, uuidv5.URL);
const txHash = (name: string): string => `0x${command(name).replaceAll('-', '').repeat(2)}`;

const transaction = (name: string, nonce: number, variant = name) => ({
  relayer: RELAYER,
  nonce,
  commandId: command(name),
  txHash: txHash(variant),
  rawTransaction: '0x02',
});

describe('the account of our sender', () => {
  let store: MemoryEventStore;
  beforeEach(() => {
    store = new MemoryEventStore();
  });
  const open = (): RelayerAccount => new RelayerAccount(store, RELAYER);

  async function record(account: RelayerAccount, name: string): Promise<void> {
    const nonce = await account.nextNonce(0n);
    expect(await account.record(transaction(name, nonce), CONTEXT)).toBe(true);
  }

  /** Something else in the log, so that positions and nonces differ. */
  async function somethingElse(): Promise<bigint> {
    const event: NewEvent = {
      id: command(`sign-in ${String(await store.head())}`),
      type: 'UserSignedIn',
      version: 1,
      data: { address: RELAYER, at: '2026-01-01T00:00:00.000Z' },
      metadata: { ...CONTEXT, actor: 'test' },
    };
    return (await store.append('user-a', [event], 'any')).position;
  }

  it('gives nonces from 0 without a gap, over restarts', async () => {
    const first = open();
    await record(first, 'a');
    await record(first, 'b');
    const second = open();
    await record(second, 'c');
    expect(await second.count()).toBe(3);
    const recorded: number[] = [];
    for await (const { nonce } of second.recordedFrom(1)) recorded.push(nonce);
    expect(recorded).toEqual([1, 2]);
  });

  it('finds what was signed for a command after its authorization, and nothing for others', async () => {
    const before = await somethingElse();
    await record(open(), 'a');
    const after = await somethingElse();
    await record(open(), 'b');
    const account = open();
    expect(await account.find(command('b'), after)).toMatchObject({ nonce: 1, txHash: txHash('b') });
    expect(await account.find(command('a'), before)).toMatchObject({ nonce: 0 });
    expect(await account.find(command('c'), before)).toBeNull();
    expect(await account.nextNonce(after)).toBe(2);
  });

  it('lets one of two instances take a nonce, and shows the other what was taken', async () => {
    const [one, other] = [open(), open()];
    expect(await one.nextNonce(0n)).toBe(0);
    expect(await other.nextNonce(0n)).toBe(0);
    expect(await one.record(transaction('a', 0), CONTEXT)).toBe(true);
    expect(await other.record(transaction('a', 0, 'another fee'), CONTEXT)).toBe(false);
    expect(await other.find(command('a'), 0n)).toMatchObject({ nonce: 0, txHash: txHash('a') });
    expect(await one.count()).toBe(1);
  });

  it('refuses a second transaction of a command', async () => {
    const account = open();
    await record(account, 'a');
    const nonce = await account.nextNonce(0n);
    await expect(account.record(transaction('a', nonce, 'again'), CONTEXT)).rejects.toMatchObject({
      code: 'RELAYER_COMMAND_ALREADY_SIGNED',
    });
  });

  it('looks again after an append of which the outcome is unknown', async () => {
    const append = store.append.bind(store);
    const account = open();
    await account.nextNonce(0n);
    store.append = async (...args) => {
      await append(...args);
      throw new EventStoreUnavailableError('the answer was lost');
    };
    await expect(account.record(transaction('a', 0), CONTEXT)).rejects.toMatchObject({
      failureClass: 'LATER',
    });
    store.append = append;
    expect(await account.find(command('a'), 0n)).toMatchObject({ nonce: 0 });
    expect(await account.nextNonce(0n)).toBe(1);
    for await (const page of store.readStream(relayerStream(RELAYER))) expect(page).toHaveLength(1);
  });
});
