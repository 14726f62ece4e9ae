import { MemoryEventStore } from '@abland/event-store';
import { type Json, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { describe, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import { readMessage } from '../follow/read-message.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, TOPIC, untilEvents, withLogs } from './chain-messages.fixture.js';
import { startIngester } from './ingester.js';
import { CONTRACTS } from './sample-logs.fixture.js';

const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';
const HASH = `0x${'77'.repeat(32)}`;
const PAYER = `0x${'ab'.repeat(20)}`;
const amounts = { gasUsed: '21000', gasPrice: '7', dataFee: '50', total: '147050' };

describe('what a transaction with a command cost', () => {
  const [first] = new SimulatedChain(1).blocksNow;
  const block = {
    ...withLogs(first, []),
    ...{ commands: { [HASH]: COMMAND }, costs: [{ hash: HASH, from: PAYER, ...amounts }] },
  };
  const sent = { value: '9', input: '0x12345678', inputBytes: 4 };

  it.each([
    ['with what it sends', { sent: { [HASH]: sent } }, sent],
    ['by an older indexer without that', {}, { value: null, input: null, inputBytes: null }],
    [
      'by a newer indexer with more',
      { costs: [{ ...block.costs[0], tip: '1' }], sent: { [HASH]: { ...sent, more: 1 } } },
      sent,
    ],
  ])('is a fact of its block, before its end, that names the command, told %s', async (_, more, told) => {
    const [eventStore, logStream] = [new MemoryEventStore(), new MemoryLogStream()];
    const ingester = startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...{ eventStore, logStream },
    });
    await logStream.publish(TOPIC, [asMessage({ ...block, ...more } as never)] as unknown as Json[]);
    const events = await untilEvents(eventStore, 2);
    await ingester.stop();
    expect(events).toMatchObject([
      {
        type: 'TransactionPaid',
        version: 2,
        data: { txHash: HASH, payer: getAddress(PAYER), ...amounts, ...told },
        metadata: { chain: { blockHash: first?.hash, txHash: HASH, logIndex: null, commandId: COMMAND } },
      },
      { type: 'BlockIngested', data: { facts: 1, commandIds: [COMMAND] } },
    ]);
  });

  it('is read from a message as it must be, or the message is none', () => {
    const told = (change: Json): string =>
      readMessage({
        ...(asMessage({
          ...block,
          costs: [{ ...block.costs[0], ...(change as object) }],
        } as never) as object),
      } as Json).kind;
    expect(told({})).toBe('read');
    expect(told({ dataFee: null })).toBe('read');
    const sends = (change: object): string =>
      readMessage(asMessage({ ...block, sent: { [HASH]: { ...sent, ...change } } } as never) as Json).kind;
    expect(sends({})).toBe('read');
    for (const wrong of [
      { value: '0x1' },
      { input: '0x1' },
      { input: `0x${'00'.repeat(1_025)}` },
      { inputBytes: -1 },
    ])
      expect(sends(wrong)).toBe('unreadable');
    for (const wrong of [{ total: '-1' }, { gasUsed: '0x1' }, { gasPrice: 7 }, { total: '9'.repeat(79) }])
      expect(told(wrong)).toBe('unreadable');
  });
});
