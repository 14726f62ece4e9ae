import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  handleCommand,
  loadAggregate,
  silentLogger,
  type EventStore,
  type RecordedEvent,
} from '@abland/kernel';
import {
  relayerStream,
  requestDecider,
  requestStream,
  type RequestCommand,
  type RequestState,
} from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { AbiCoder, Transaction, Wallet, ZeroHash } from 'ethers';
import { FORWARDER_CALLS } from '../calls/interfaces.js';
import { ABForwarder__factory } from '../contracts/generated/factories/ABForwarder__factory.gen.js';
import { RelaySender } from './relay-sender.js';
import type { SendingProvider } from './sending-provider.js';

const CHAIN_ID = 31337;
const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';
const OTHER_COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964aa';
const USER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const FORWARDER = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const WALLET = new Wallet(`0x${'11'.repeat(32)}`);
const REQUESTED_AT = '2026-01-01T12:00:00.000Z';
const DEADLINE = '2026-01-01T12:30:00.000Z';
const forwarder = ABForwarder__factory.createInterface();

/** A chain as the sender sees it: the forwarder's answers and the account's count. */
class SimulatedNode {
  sent: string[] = [];
  /** Transactions of the relayer that are mined, and those that wait besides. */
  mined = 0;
  waiting = 0;
  accepts = true;
  failure: Error | null = null;

  asProvider(): SendingProvider {
    const answers: Partial<Record<keyof SendingProvider, (...args: never[]) => Promise<unknown>>> = {
      getTransactionCount: async (_: string, tag: string) =>
        tag === 'pending' ? this.mined + this.waiting : this.mined,
      getFeeData: async () => ({ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }),
      estimateGas: async () => 100_000n,
      call: async ({ data }: { data: string }) => {
        if (this.failure !== null) throw this.failure;
        const asked = forwarder.getFunction(data.slice(0, 10) as 'nonces')?.name as string;
        const [type, value] = asked === 'nonces' ? ['uint256', 0n] : ['bool', this.accepts];
        return AbiCoder.defaultAbiCoder().encode([type as string], [value]);
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
  });

  const open = async (chainId = CHAIN_ID, on: EventStore = store): Promise<RelaySender> => {
    const sender = new RelaySender({
      store: on,
      provider: node.asProvider(),
      wallet: WALLET,
      chainId,
      forwarder: FORWARDER,
      clock: () => now,
      logger: silentLogger,
    });
    await sender.open();
    return sender;
  };
  const give = (commandId: string, command: RequestCommand): Promise<unknown> =>
    handleCommand(store, requestDecider, requestStream(commandId), command, {
      metadata: { correlationId: 'asked', causationId: null, actor: USER },
      eventId: () => crypto.randomUUID(),
    });
  async function authorize(commandId = COMMAND): Promise<bigint> {
    await give(commandId, {
      type: 'AskRequest',
      kind: 'DEACTIVATE_TOKEN',
      header: {
        commandId,
        chainId: CHAIN_ID,
        requester: USER,
        execution: 'RELAYED',
        inputHash: ZeroHash,
        requestedAt: REQUESTED_AT,
        deadline: DEADLINE,
      },
      ask: { tokenAddress: FORWARDER, known: { creator: USER, active: true, pending: false } },
    });
    const forward = {
      ...{ from: USER, to: FORWARDER, value: '0', gas: '100000', nonce: '0' },
      deadline: Date.parse(DEADLINE) / 1_000,
      data: '0x12',
    };
    await give(commandId, { type: 'RequestRelay', forward });
    const signature = `0x${'12'.repeat(65)}`;
    await give(commandId, { type: 'AuthorizeRelay', signature, signer: USER, at: REQUESTED_AT });
    return (await store.head()) ?? 0n;
  }
  const relayOf = (authorizedAt: bigint, commandId = COMMAND) => ({
    commandId,
    correlationId: 'asked',
    authorizedAt,
  });
  const stateOf = async (): Promise<RequestState> =>
    (await loadAggregate(store, requestDecider, requestStream(COMMAND))).state;
  async function signed(chainId = CHAIN_ID): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(relayerStream(chainId, WALLET.address))) events.push(...page);
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
    expect(sent.data.startsWith(FORWARDER_CALLS.getFunction('execute')?.selector ?? '-')).toBe(true);
    expect(await sender.send(relay)).toEqual(outcome);
    expect(node.sent).toHaveLength(1);
    expect(await signed()).toHaveLength(1);
  });

  it('goes on by the log once it knows the account, and after a restart', async () => {
    node.mined = 4;
    await (await open()).send(relayOf(await authorize()));
    node.mined = 2; // a provider that lags behind
    await (await open()).send(relayOf(await authorize(OTHER_COMMAND), OTHER_COMMAND));
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
    const relay = relayOf(await authorize());
    const sent = await second.send(relay);
    change();
    expect(await first.send(relay)).toEqual(sent);
    expect(await stateOf()).toMatchObject({ status: 'ACCEPTED', relay: { failures: 0 } });
    expect(await signed()).toHaveLength(2);
  });

  it('sends nothing that no user signed', async () => {
    const sender = await open();
    expect(await sender.send(relayOf(0n))).toEqual({ outcome: 'REFUSED' });
    expect(node.sent).toEqual([]);
  });
});
