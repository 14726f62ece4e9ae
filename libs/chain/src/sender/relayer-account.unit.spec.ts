import { beforeEach, describe, expect, it } from '@jest/globals';
import { relayerStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { EventStoreUnavailableError, type NewEvent } from '@abland/kernel';
import { v5 as uuidv5 } from 'uuid';
import { RelayerAccount } from './relayer-account.js';

const CHAIN_ID = 31337;
const RELAYER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const CONTEXT = { correlationId: 'test', causationId: null };
const command = (name: string): string => uuidv5(name, uuidv5.URL);
const txHash = (name: string): string => `0x${command(name).replaceAll('-', '').repeat(2)}`;

const transaction = (name: string, nonce: number, variant = name, replaces: string | null = null) => ({
  chainId: CHAIN_ID,
  relayer: RELAYER,
  nonce,
  commandId: command(name),
  txHash: txHash(variant),
  rawTransaction: '0x02',
  replaces,
});

describe('the account of our sender', () => {
  let store: MemoryEventStore;
  beforeEach(() => {
    store = new MemoryEventStore();
  });
  const open = (chainId = CHAIN_ID): RelayerAccount => new RelayerAccount(store, chainId, RELAYER);

  async function record(account: RelayerAccount, name: string): Promise<void> {
    const nonce = (await account.nextNonce(0n)) ?? 0;
    expect(await account.record(transaction(name, nonce), CONTEXT)).toBe(true);
  }

  /** Another transaction of a command, of the same nonce. */
  async function replace(account: RelayerAccount, name: string, variant: string): Promise<void> {
    const signed = await account.find(command(name), 0n);
    if (signed === null) throw new RangeError('Nothing to replace');
    const { nonce, txHash: replaces } = signed;
    expect(await account.record(transaction(name, nonce, variant, replaces), CONTEXT)).toBe(true);
  }
  const standing = async (account: RelayerAccount, nonce: number) =>
    (await account.standingFrom(nonce)).map(({ transaction: one, replaced }) => [
      one.nonce,
      one.txHash,
      ...replaced,
    ]);

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

  it('gives nonces without a gap, over restarts, from wherever the first one was', async () => {
    const first = open();
    expect(await first.nextNonce(0n)).toBeNull();
    expect(await first.nextRecorded()).toBeNull();
    expect(await first.record(transaction('a', 7), CONTEXT)).toBe(true);
    await record(first, 'b');
    const second = open();
    await record(second, 'c');
    expect(await second.nextRecorded()).toBe(10);
    expect(await standing(second, 8)).toEqual([
      [8, txHash('b')],
      [9, txHash('c')],
    ]);
    await expect(second.record(transaction('d', 12), CONTEXT)).rejects.toMatchObject({
      code: 'RELAYER_NONCE_MISMATCH',
    });
  });

  it('lets a transaction take the place of one of the same nonce, and goes on with the next one', async () => {
    const account = open();
    for (const name of ['a', 'b', 'c']) await record(account, name);
    const after = await somethingElse();
    await replace(account, 'a', 'a dearer');
    await replace(account, 'b', 'b dearer');
    await replace(account, 'b', 'b dearest');
    for (const one of [account, open()]) {
      expect(await one.find(command('b'), 0n)).toMatchObject({ nonce: 1, txHash: txHash('b dearest') });
      expect(await one.nextNonce(after)).toBe(3);
      expect(await one.nextRecorded()).toBe(3);
      expect(await standing(one, 1)).toEqual([
        [1, txHash('b dearest'), txHash('b dearer'), txHash('b')],
        [2, txHash('c')],
      ]);
    }
    const restarted = open();
    expect(await restarted.nextNonce(after)).toBe(3);
    await record(restarted, 'd');
    expect((await standing(restarted, 0)).map(([nonce]) => nonce)).toEqual([0, 1, 2, 3]);
  });

  it('is another one on another chain', async () => {
    await record(open(1), 'a');
    await record(open(1), 'b');
    const other = open(2);
    expect(await other.nextNonce(0n)).toBeNull();
    expect(await other.find(command('a'), 0n)).toBeNull();
    expect(await standing(other, 0)).toEqual([]);
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
    expect(await one.nextNonce(0n)).toBeNull();
    expect(await other.nextNonce(0n)).toBeNull();
    expect(await one.record(transaction('a', 0), CONTEXT)).toBe(true);
    expect(await other.record(transaction('a', 0, 'another fee'), CONTEXT)).toBe(false);
    expect(await other.find(command('a'), 0n)).toMatchObject({ nonce: 0, txHash: txHash('a') });
    expect(await one.nextRecorded()).toBe(1);
  });

  it('refuses a second transaction of a command', async () => {
    const account = open();
    await record(account, 'a');
    const nonce = (await account.nextNonce(0n)) ?? 0;
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
    for await (const page of store.readStream(relayerStream(CHAIN_ID, RELAYER))) expect(page).toHaveLength(1);
  });
});
