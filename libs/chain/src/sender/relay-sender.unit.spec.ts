import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  loadAggregate,
  silentLogger,
  type EventStore,
  type RecordedEvent,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { relayerStream, requestDecider, requestStream, type RequestState } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { Interface, makeError, Transaction } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import { ForwardNonceBook } from './forward-nonce-book.js';
import { RelaySender } from './relay-sender.js';
import { RelayerAccount } from './relayer-account.js';
import {
  authorizeRelay,
  CHAIN_ID,
  COMMAND,
  DEADLINE,
  FORWARDER,
  forwarderAnswer,
  give,
  INNER_CALL,
  GAS_MAX,
  MAX_FEE_PER_GAS,
  OTHER_COMMAND,
  OTHER_USER,
  REQUESTED_AT,
  USER,
  WALLET,
} from './sending.fixture.js';
import type { SendingProvider } from './sending-provider.js';
import { signTransaction } from './sign-transaction.js';

const tokenErrors = new Interface(['error ERC20InsufficientAllowance(address, uint256, uint256)']);
const refused = (data: string): Error =>
  makeError('execution reverted', 'CALL_EXCEPTION', {
    ...{ action: 'call', data, reason: null, invocation: null, revert: null },
    transaction: { to: null, data: '' },
  });

/** A chain as the sender sees it: the forwarder's answers and the account's count. */
class SimulatedNode {
  sent: string[] = [];
  /** Transactions of the relayer that are mined, and those that wait besides. */
  mined = 0;
  waiting = 0;
  accepts = true;
  /** What the forwarder says is the next nonce of every signer. */
  nextNonce = 0n;
  failure: Error | null = null;
  /** What the called contract reverts with; null where it does what it is asked. */
  refusal: string | null = null;
  /** Of the relayer, in wei. */
  balance = 10n ** 18n;
  /** What a mined transaction paid beside gas, in wei. */
  dataFee = 0n;

  asProvider(): SendingProvider {
    const answers: Partial<Record<keyof SendingProvider, (...args: never[]) => Promise<unknown>>> = {
      getTransactionCount: async (_: string, tag: string) =>
        tag === 'pending' ? this.mined + this.waiting : this.mined,
      getBlock: async () => ({ number: 1, baseFeePerGas: 1n }),
      getFeeData: async () => ({ maxFeePerGas: 3n, maxPriorityFeePerGas: 1n }),
      getBalance: async () => this.balance,
      dataFeeOf: async () => (this.mined > 0 ? this.dataFee : null),
      estimateGas: async () => {
        if (this.refusal !== null) throw refused('0x');
        return 100_000n;
      },
      call: async ({ data }: { data: string }) => {
        if (this.failure !== null) throw this.failure;
        if (data.startsWith(INNER_CALL) && this.refusal !== null) throw refused(this.refusal);
        return forwarderAnswer(data, this.nextNonce, this.accepts);
      },
      broadcastTransaction: async (raw: string) => this.sent.push(raw),
    };
    return answers as unknown as SendingProvider;
  }
}

describe('the sender of signed requests', () => {
  let store: MemoryEventStore;
  let node: SimulatedNode;
  let now: number;
  beforeEach(() => {
    store = new MemoryEventStore();
    node = new SimulatedNode();
    now = Date.parse(REQUESTED_AT);
    gasMax = GAS_MAX;
  });

  let gasMax: bigint;
  const open = async (chainId = CHAIN_ID, on: EventStore = store, logger = silentLogger) => {
    const sender = new RelaySender({
      store: on,
      provider: node.asProvider(),
      wallet: WALLET,
      chainId,
      forwarder: FORWARDER,
      maxFeePerGas: MAX_FEE_PER_GAS,
      gasMax,
      clock: () => now,
      timing: { now: () => now },
      logger,
    });
    await sender.open();
    return sender;
  };
  const authorize = async (commandId = COMMAND, nonce = '0', value = '0'): Promise<bigint> =>
    (await authorizeRelay(store, { commandId, nonce, value })).authorizedAt;
  const relayOf = (authorizedAt: bigint, commandId = COMMAND) => ({
    commandId,
    signer: USER,
    correlationId: 'asked',
    authorizedAt,
  });
  const stateOf = async (commandId = COMMAND): Promise<RequestState> =>
    (await loadAggregate(store, requestDecider, requestStream(commandId))).state;
  async function signed(chainId = CHAIN_ID): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(relayerStream(chainId, WALLET.address))) events.push(...page);
    return events;
  }
  async function eventsOf(commandId: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(requestStream(commandId))) events.push(...page);
    return events;
  }
  const unreachable = (): Error =>
    new Error('https://rpc.example/v3/0123456789abcdef?token=s3cret does not answer');

  it('records a transaction under the nonce that the chain gives, then sends it, once', async () => {
    node.mined = 4;
    node.waiting = 1;
    const sender = await open();
    const relay = relayOf(await authorize());
    const outcome = await sender.send(relay);
    expect(await signed()).toMatchObject([
      {
        type: 'RelayerTransactionSigned',
        data: { chainId: CHAIN_ID, relayer: WALLET.address, nonce: 5, commandId: COMMAND, replaces: null },
      },
    ]);
    const sent = Transaction.from(node.sent[0] ?? '');
    expect(outcome).toEqual({ outcome: 'SENT', txHash: sent.hash });
    expect(sent.nonce).toBe(5);
    expect(sent.data.startsWith(INTERFACES.ABForwarder.getFunction('execute')?.selector ?? '-')).toBe(true);
    expect(await sender.send(relay)).toEqual(outcome);
    expect(node.sent).toHaveLength(1);
    expect(await signed()).toHaveLength(1);
  });

  it('goes on by the log once it knows the account, and after a restart', async () => {
    node.mined = 4;
    await (await open()).send(relayOf(await authorize()));
    node.mined = 2; // a provider that lags behind
    node.nextNonce = 1n;
    await (await open()).send(relayOf(await authorize(OTHER_COMMAND, '1'), OTHER_COMMAND));
    expect((await signed()).map(({ data }) => data['nonce'])).toEqual([4, 5]);
  });

  it('takes an account that was used before, but none that something else sends from', async () => {
    node.mined = 4;
    const relay = relayOf(await authorize());
    await (await open()).send(relay);
    node.mined = 5;
    await open();
    node.mined = 6;
    await expect(open()).rejects.toMatchObject({ code: 'RELAYER_NONCE_MISMATCH' });
    await open(CHAIN_ID + 1); // there the log does not know it
  });

  it('fails a request that the contracts refuse', async () => {
    node.accepts = false;
    const sender = await open();
    expect(await sender.send(relayOf(await authorize()))).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf()).toMatchObject({ status: 'FAILED', code: 'REFUSED_BY_SIMULATION' });
    node.accepts = true;
    expect(await sender.send(relayOf(0n))).toEqual({ outcome: 'REFUSED' });
    expect(await signed()).toEqual([]);
  });

  it('lets a request expire that was not sent in time, not a second early', async () => {
    const sender = await open();
    const relay = relayOf(await authorize());
    node.failure = unreachable();
    now = Date.parse(DEADLINE);
    expect(await sender.send(relay)).toMatchObject({ outcome: 'LATER' });
    expect(await stateOf()).toMatchObject({ status: 'ACCEPTED' });
    now += 1;
    expect(await sender.send({ ...relay, ignorePause: true })).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf()).toMatchObject({ status: 'EXPIRED' });
  });

  it('records attempts that failed, without the provider’s URL, and waits longer each time', async () => {
    const sender = await open();
    const relay = relayOf(await authorize());
    node.failure = unreachable();
    expect(await sender.send(relay)).toEqual({ outcome: 'LATER', notBefore: now + 1_000 });
    expect(await sender.send(relay)).toEqual({ outcome: 'LATER', notBefore: now + 1_000 });
    expect(await stateOf()).toMatchObject({ relay: { status: 'AUTHORIZED', failures: 1 } });
    now += 1_000;
    expect(await sender.send(relay)).toEqual({ outcome: 'LATER', notBefore: now + 2_000 });
    const reasons: unknown[] = [];
    for await (const page of store.readStream(requestStream(COMMAND))) {
      for (const { type, data } of page) if (type === 'RelayAttemptFailed') reasons.push(data['reason']);
    }
    expect(reasons).toEqual(['the provider does not answer', 'the provider does not answer']);
    node.failure = null;
    now += 2_000;
    expect(await sender.send(relay)).toMatchObject({ outcome: 'SENT' });
  });

  it.each([
    ['refused by the contracts', () => (node.accepts = false)],
    ['past its deadline', () => (now = Date.parse(DEADLINE) + 1)],
    ['not to be simulated', () => (node.failure = unreachable())],
  ])('gives up nothing that another instance sent meanwhile, though it is %s', async (_, change) => {
    const [first, second] = [await open(), await open()];
    await first.send(relayOf(await authorize(OTHER_COMMAND), OTHER_COMMAND));
    node.nextNonce = 1n;
    const relay = relayOf(await authorize(COMMAND, '1'));
    const sent = await second.send(relay);
    change();
    expect(await first.send(relay)).toEqual(sent);
    expect(await stateOf()).toMatchObject({ status: 'ACCEPTED', relay: { failures: 0 } });
    expect(await signed()).toHaveLength(2);
  });

  it('sends one of two signed requests of one nonce, and gives the other up once the nonce is used', async () => {
    const sender = await open();
    const relays = [
      relayOf(await authorize()),
      { ...relayOf(await authorize(OTHER_COMMAND), OTHER_COMMAND), ignorePause: true },
    ];
    expect(
      (await Promise.all(relays.map((relay) => sender.send(relay)))).map(({ outcome }) => outcome),
    ).toEqual(['SENT', 'LATER']);
    expect(await signed()).toHaveLength(1);
    node.nextNonce = 1n;
    const [, other] = relays;
    // Whether the used nonce was its own is for the chain's facts to say: they have half a minute.
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect(await sender.send(other ?? relayOf(0n))).toMatchObject({ outcome: 'LATER' });
    }
    expect(await sender.send(other ?? relayOf(0n))).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf(OTHER_COMMAND)).toMatchObject({ status: 'FAILED', code: 'RELAY_NONCE_USED' });
    expect(node.sent).toHaveLength(1);
  });

  it('keeps a request until those before it are executed, and gives it up where one of them never will be', async () => {
    const nonces = new ForwardNonceBook(store);
    const asking = { chainId: CHAIN_ID, signer: USER, next: 0, correlationId: 'asked', actor: USER };
    const sender = await open();
    await authorize();
    await nonces.take({ ...asking, commandId: COMMAND }, 0);
    const later = { ...relayOf(await authorize(OTHER_COMMAND, '1'), OTHER_COMMAND), ignorePause: true };
    await nonces.take({ ...asking, commandId: OTHER_COMMAND }, 1);
    expect(await sender.send(later)).toMatchObject({ outcome: 'LATER' });
    expect(await stateOf(OTHER_COMMAND)).toMatchObject({ status: 'ACCEPTED' });
    await give(store, COMMAND, { type: 'FailRequest', code: 'REFUSED_BY_SIMULATION', reason: 'No' });
    expect(await sender.send(later)).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf(OTHER_COMMAND)).toMatchObject({ status: 'FAILED', code: 'RELAY_NONCE_SKIPPED' });
    expect(node.sent).toEqual([]);
  });

  it('keeps a request until its signer’s approval is mined', async () => {
    node.refusal = tokenErrors.encodeErrorResult('ERC20InsufficientAllowance', [USER, 0n, 5n]);
    const sender = await open();
    const relay = { ...relayOf(await authorize()), ignorePause: true };
    expect(await sender.send(relay)).toMatchObject({ outcome: 'LATER' });
    expect(await stateOf()).toMatchObject({ status: 'ACCEPTED', relay: { failures: 1 } });
    node.refusal = null;
    expect(await sender.send(relay)).toMatchObject({ outcome: 'SENT' });
  });

  it('gives a request up whose signer approves nothing', async () => {
    node.refusal = tokenErrors.encodeErrorResult('ERC20InsufficientAllowance', [USER, 0n, 5n]);
    const sender = await open();
    const relay = { ...relayOf(await authorize()), ignorePause: true };
    for (let attempt = 1; attempt <= 7; attempt += 1) await sender.send(relay);
    expect(await sender.send(relay)).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf()).toMatchObject({
      ...{ status: 'FAILED', code: 'REFUSED_BY_SIMULATION' },
      reason: expect.stringMatching(/^ERC20InsufficientAllowance/),
    });
  });

  it('signs nothing that its account cannot pay for', async () => {
    node.balance = 1_000n;
    const sender = await open();
    const relay = { ...relayOf(await authorize()), ignorePause: true };
    expect(await sender.send(relay)).toMatchObject({ outcome: 'LATER' });
    expect(await signed()).toEqual([]);
    expect(sender.status()).toMatchObject({ hindrance: 'RELAYER_CANNOT_PAY', balanceWei: '1000' });
    node.balance = 10n ** 18n;
    await sender.rebroadcast();
    expect(sender.status()).toMatchObject({ hindrance: null });
    expect(await sender.send(relay)).toMatchObject({ outcome: 'SENT' });
  });

  it('signs nothing that its account cannot pay for beside what waits, until that is mined', async () => {
    node.balance = 1_000_000n; // one costs 604,761 at most
    const sender = await open();
    const [first, second] = [
      await authorizeRelay(store, { commandId: COMMAND }),
      { ...(await authorizeRelay(store, { commandId: OTHER_COMMAND, user: OTHER_USER })), ignorePause: true },
    ];
    const outcomes = await Promise.all([sender.send(first), sender.send(second)]);
    expect(outcomes).toMatchObject([{ outcome: 'SENT' }, { outcome: 'LATER' }]);
    expect(await signed()).toHaveLength(1);
    expect(sender.status().hindrance).toBe('RELAYER_CANNOT_PAY');
    await sender.rebroadcast();
    expect(sender.status().hindrance).toBe('RELAYER_CANNOT_PAY');
    node.mined = 1;
    expect(await sender.send(second)).toMatchObject({ outcome: 'SENT' });
    expect(await signed()).toHaveLength(2);
  });

  it.each([
    ['that it must have', 10n ** 15n, 10n ** 15n, 'our sender cannot pay for gas now'],
    [
      'that it may pay',
      4n * 10n ** 18n,
      10n ** 20n,
      'with 8000000000000000000 wei for its data it may cost 8000000000000604761, and our sender pays 6000000000000000000 at most',
    ],
  ])(
    'counts to what %s what the last one paid for data on the chain below',
    async (_, dataFee, balance, reason) => {
      node.dataFee = dataFee;
      const sender = await open();
      await sender.send(relayOf(await authorize()));
      node.mined = 1;
      node.nextNonce = 1n;
      node.balance = balance;
      await sender.rebroadcast();
      const relay = { ...relayOf(await authorize(OTHER_COMMAND, '1'), OTHER_COMMAND), ignorePause: true };
      expect(await sender.send(relay)).toMatchObject({ outcome: 'LATER' });
      expect(await signed()).toHaveLength(1);
      const [, , , failed] = await eventsOf(OTHER_COMMAND);
      expect(failed).toMatchObject({ type: 'RelayAttemptFailed', data: { reason } });
    },
  );

  it('pays no value for anybody, though an earlier version let them sign it', async () => {
    const authorizedAt = await authorize(COMMAND, '0', '1000');
    expect(await (await open()).send(relayOf(authorizedAt))).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf()).toMatchObject({ status: 'FAILED', code: 'RELAY_VALUE_REFUSED' });
    expect(await signed()).toEqual([]);
  });

  it('pays for no more gas at once than it may', async () => {
    gasMax = 150_000n; // more than is estimated, and less than the request wants to be given
    const authorizedAt = await authorize();
    expect(await (await open()).send(relayOf(authorizedAt))).toEqual({ outcome: 'REFUSED' });
    expect(await stateOf()).toMatchObject({
      ...{ status: 'FAILED', code: 'RELAY_GAS_REFUSED' },
      reason: 'it takes 201587 gas, and our sender pays for 150000 at most',
    });
    expect(await signed()).toEqual([]);
  });

  it('signs no more than can wait to be mined, and goes on where some are', async () => {
    const account = new RelayerAccount(store, CHAIN_ID, WALLET.address);
    const fees = { maxFeePerGas: 3n, maxPriorityFeePerGas: 1n };
    const call = { call: { to: FORWARDER }, gas: 100_000n, fees, chainId: CHAIN_ID };
    for (let nonce = 0; nonce < 64; nonce += 1) {
      await account.nextNonce(0n);
      const own = { chainId: CHAIN_ID, relayer: WALLET.address, nonce, commandId: crypto.randomUUID() };
      const transaction = await signTransaction(WALLET, { ...call, nonce });
      const context = { correlationId: 'earlier', causationId: null };
      await account.record({ ...own, ...transaction, replaces: null }, context);
    }
    const sender = await open();
    const relay = { ...relayOf(await authorize()), ignorePause: true };
    expect(await sender.send(relay)).toMatchObject({ outcome: 'LATER' });
    expect(await signed()).toHaveLength(64);
    expect(sender.status()).toMatchObject({ waiting: 64, hindrance: 'RELAYER_FULL' });
    node.mined = 1;
    expect(await sender.send(relay)).toMatchObject({ outcome: 'SENT' });
  });

  it('lets a request be for now where others sign first every time', async () => {
    const contended = new Proxy(store, {
      get: (target, name) =>
        name === 'append'
          ? async (stream: string, ...rest: [never, never]) => {
              if (stream !== relayerStream(CHAIN_ID, WALLET.address)) return target.append(stream, ...rest);
              throw new WrongExpectedRevisionError(stream, 'no_stream', 0n);
            }
          : (Reflect.get(target, name) as unknown),
    });
    const sender = await open(CHAIN_ID, contended);
    await expect(sender.send(relayOf(await authorize()))).rejects.toMatchObject({
      code: 'RELAYER_CONTENDED',
      failureClass: 'LATER',
    });
  });

  it('says which transaction is not mined for long, and holds back those after it', async () => {
    const warned: object[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
    const sender = await open(CHAIN_ID, store, logger);
    await sender.send(relayOf(await authorize()));
    await sender.rebroadcast();
    now += 59_999;
    await sender.rebroadcast();
    expect(warned).toEqual([]);
    now += 1;
    await sender.rebroadcast();
    expect(warned).toMatchObject([{ nonce: 0, commandId: COMMAND, waitingMs: 60_000 }]);
    const relayer = WALLET.address;
    const waiting = { relayer, balanceWei: '1000000000000000000', waiting: 1, oldestWaitingMs: 60_000 };
    expect(sender.status()).toEqual({ ...waiting, hindrance: 'RELAYER_STUCK' });
    node.mined = 1;
    node.balance = 7n;
    await sender.rebroadcast();
    const idle = { relayer, balanceWei: '7', waiting: 0, oldestWaitingMs: null };
    expect(sender.status()).toEqual({ ...idle, hindrance: 'RELAYER_CANNOT_PAY' });
    expect(warned).toHaveLength(1);
  });

  it('sends nothing that no user signed', async () => {
    const sender = await open();
    expect(await sender.send(relayOf(0n))).toEqual({ outcome: 'REFUSED' });
    expect(node.sent).toEqual([]);
  });
});
