import { LogSigner, SERVER_HASHER } from '@abland/audit';
import {
  type Bundle,
  canonicalJson,
  consistencyRanges,
  formatBundle,
  formatProof,
  hashRanges,
  inclusionRanges,
  type JsonValue,
  parseVerifierKey,
  toBase64,
  toHex,
  toUtf8,
  type Trust,
  verifyBundle,
} from '@abland/audit-verify';
import { logIdOf, proveReceipt } from '@abland/chain';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eachByteChanged } from '../../../libs/audit-verify/src/bytes/changed.fixture.js';
import { hashesOf, merkleTreeHash } from '../../../libs/audit-verify/src/merkle/reference-tree.fixture.js';
import { makeBlock, type MadeBlock } from '../../../libs/chain/src/blocks/made-blocks.fixture.js';
import { type ChainProofs, withReceipts } from '../src/commands/audit/with-receipts.js';

const ORIGIN = 'example.com/log';
const SIGNER = new LogSigner(ORIGIN, [new Uint8Array(32).fill(1)]);
const TRUST: Trust = {
  ...{ logKeys: [parseVerifierKey(SIGNER.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 },
};
const [TRANSFER, ANCHORED] = [
  '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  '0x6157798d3e5a46938a5898b8749a1bbeaef031ed7cc39e6c393f66706b08dcb7',
];
const [TOKEN, CHECKPOINT, FROM, TO] = ['a1', 'b2', 'c3', 'd4'].map((byte) => `0x${byte.repeat(20)}`) as [
  string,
  string,
  string,
  string,
];
const word = (hex: string | number): string =>
  (typeof hex === 'number' ? hex.toString(16) : hex.slice(2)).padStart(64, '0');
const topic = (value: string | number): string => `0x${word(value)}`;
const leafOf = (entry: string): Uint8Array => SERVER_HASHER.leaf(toUtf8(entry));

interface Event {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: object;
}

/** How many events of the log are anchored in the block that two later ones are of. */
const ANCHORED_SIZE = 3;
const EARLIER = Array.from({ length: ANCHORED_SIZE }, (_, at) => canonicalJson({ id: `${at}` }));

describe('a bundle with receipts', () => {
  let block: MadeBlock;
  let entries: readonly string[];
  let bundle: Bundle;
  let proofs: ChainProofs;

  beforeAll(async () => {
    const root = `0x${toHex(merkleTreeHash(EARLIER.map(leafOf)))}`;
    const anchored = { logId: logIdOf(ORIGIN), index: '0', treeSize: '3', rootHash: root, signer: FROM };
    block = makeBlock(7, topic(1), [
      [{ address: TOKEN, topics: [TRANSFER ?? '', topic(FROM), topic(TO)], data: topic(9) }],
      [
        {
          ...{ address: CHECKPOINT, topics: [ANCHORED ?? '', anchored.logId, topic(0)] },
          data: `0x${word(ANCHORED_SIZE)}${root.slice(2)}${word(FROM)}`,
        },
      ],
    ]);
    const fact = (type: string, data: JsonValue, logIndex: number): string => {
      const [blockHash, txHash] = [block.header['hash'], block.logs[logIndex]?.['transactionHash']].map(
        String,
      );
      const blockTime = Number(block.header['timestamp']);
      const chain = { chainId: 7, blockNumber: 7, blockHash, blockTime, txHash, logIndex };
      return canonicalJson({ data, id: type, metadata: { chain }, type, version: 1 } as JsonValue);
    };
    entries = [
      ...EARLIER,
      fact('Transfer', { contract: TOKEN, from: FROM, to: TO, amount: '9' }, 0),
      fact('TreeHeadAnchored', { contract: CHECKPOINT, ...anchored }, 1),
    ];
    bundle = await bundleOf([3, 4]);
    const hashes = hashesOf(entries.map(leafOf));
    proofs = {
      receipt: (place) => proveReceipt(rpcOf(block), place),
      consistency: async (oldSize, size) =>
        (await hashRanges(consistencyRanges(oldSize, size), hashes, SERVER_HASHER)).map(toBase64),
    };
  });

  async function bundleOf(indexes: readonly number[]): Promise<Bundle> {
    const leaves = entries.map(leafOf);
    const checkpoint = SIGNER.checkpoint({ size: leaves.length, root: Buffer.from(merkleTreeHash(leaves)) });
    const proved = indexes.map(async (index) => {
      const path = await hashRanges(inclusionRanges(index, leaves.length), hashesOf(leaves), SERVER_HASHER);
      const proof = formatProof({ extra: null, index, path, checkpoint });
      return { entry: entries[index] ?? '', envelope: null, proof };
    });
    return { entries: await Promise.all(proved), verifierKeys: [SIGNER.verifierKeys.trim()] };
  }

  const faultOf = (bytes: Uint8Array, trust = TRUST): string | null => {
    try {
      verifyBundle(bytes, trust, SERVER_HASHER);
      return null;
    } catch (error) {
      expect(error).toMatchObject({ name: 'ProofError' });
      return (error as { fault: string }).fault;
    }
  };
  const twice = async (): Promise<Uint8Array> => toUtf8(formatBundle(await withReceipts(bundle, proofs)));

  it('proves each fact by the log and by its block, and what of the log was anchored there', async () => {
    const { entries: verified } = verifyBundle(await twice(), TRUST);
    const blockHash = String(block.header['hash']);
    expect(verified.map(({ anchors, fact, index }) => [index, fact?.blockHash, anchors])).toEqual([
      [3, blockHash, null],
      [4, blockHash, ANCHORED_SIZE],
    ]);
  });

  it('proves nothing with a bit of any byte changed', async () => {
    const faults = new Set<string | null>();
    const bytes = toUtf8(formatBundle(await withReceipts(await bundleOf([4]), proofs)));
    expect(faultOf(bytes)).toBeNull();
    // Of header and nodes, which a test of theirs changes digit by digit, each sixteenth one.
    const digits = /[0-9a-f]{200,}/g;
    const isLong = (at: number): boolean => longs.some(({ from, to }) => from <= at && at < to);
    const longs = [...Buffer.from(bytes).toString('latin1').matchAll(digits)].map(({ 0: text, index }) => ({
      ...{ from: index, to: index + text.length },
    }));
    for (const [at, changed] of eachByteChanged(bytes).entries())
      if (at % 16 === 0 || !isLong(at)) faults.add(faultOf(changed));
    expect(faults).not.toContain(null);
    // A byte of header, node, place in the block or anchor is seen where it is checked, not by its form alone.
    expect(faults).toContain('NOT_ON_CHAIN');
    expect(faults).toContain('INCONSISTENT');
  });

  it('is held against the blocks that the reader knows', async () => {
    const [known, other] = [String(block.header['hash']), topic(5)];
    expect(faultOf(await twice(), { ...TRUST, blocks: [other, known] })).toBeNull();
    expect(faultOf(await twice(), { ...TRUST, blocks: [other] })).toBe('OTHER_BLOCK');
    // Who takes the receipts out of it proves by the log alone again, which is not what was asked.
    expect(faultOf(toUtf8(formatBundle(bundle)), { ...TRUST, blocks: [known] })).toBe('OTHER_BLOCK');
    expect(faultOf(toUtf8(formatBundle(bundle)))).toBeNull();
  });

  it('says no tree to be anchored that is not the beginning of the log', async () => {
    const { entries: proved, ...rest } = await withReceipts(bundle, proofs);
    const having = (anchor: readonly string[] | null, at = 1): string | null =>
      faultOf(
        toUtf8(formatBundle({ ...rest, entries: proved.with(at, { ...proved[at], anchor } as never) })),
      );
    const path = proved[1]?.anchor ?? [];
    expect(having(path)).toBeNull();
    expect(having(path.slice(1))).toBe('INCONSISTENT');
    expect(having(path, 0)).toBe('NOT_ON_CHAIN');
  });

  it('proves nothing that an entry says beside a log which it keeps', async () => {
    const logs = block.logs.map(({ address, data, topics }) => ({ address, data, topics }));
    const [transfer, anchored] = entries.slice(3).map((entry) => JSON.parse(entry) as Event);
    const faultWith = async ({ data, ...event }: Event, at: number, log: unknown): Promise<string | null> => {
      const entry = canonicalJson({
        ...event,
        data: log === undefined ? data : { ...data, log },
      } as unknown as JsonValue);
      entries = entries.with(at, entry);
      const proved = await withReceipts(await bundleOf([at]), proofs).catch(() => null);
      return proved === null ? 'NOT_ON_CHAIN' : faultOf(toUtf8(formatBundle(proved)));
    };
    const whole = entries;
    // The place of a real log of the block, whose word is then that of any fields beside it.
    const moved = { ...anchored, metadata: transfer?.metadata } as Event;
    expect(await faultWith(moved, 4, logs[0])).toBe('NOT_ON_CHAIN');
    const other = { ...transfer, data: { ...transfer?.data, amount: '8' } } as Event;
    expect(await faultWith(other, 3, logs[0])).toBe('NOT_ON_CHAIN');
    const elsewhere = { ...transfer, data: { ...transfer?.data, contract: FROM } } as Event;
    expect(await faultWith(elsewhere, 3, logs[0])).toBe('NOT_ON_CHAIN');
    for (const none of [null, 5, 'x', [], {}])
      expect(await faultWith(transfer as Event, 3, none)).toBe('NOT_ON_CHAIN');
    for (const type of ['constructor', 'Unknown'])
      expect(await faultWith({ ...transfer, type } as Event, 3, undefined)).toBe('NOT_ON_CHAIN');
    // What the log does say is proved.
    expect(await faultWith(transfer as Event, 3, logs[0])).toBeNull();
    entries = whole;
  });

  it('proves nothing where nothing is in it, or keys are listed that signed nothing', async () => {
    expect(faultOf(toUtf8(formatBundle({ ...bundle, entries: [] })))).toBe('MALFORMED');
    const more = new LogSigner(ORIGIN, [new Uint8Array(32).fill(2)]).verifierKeys.trim();
    const verifierKeys = [...bundle.verifierKeys, more];
    expect(faultOf(toUtf8(formatBundle({ ...bundle, verifierKeys })))).toBe('MALFORMED');
  });

  it('keeps the anchor that a bundle has where there is no log to prove it anew', async () => {
    const once = await withReceipts(bundle, proofs);
    expect(await withReceipts(once, { ...proofs, consistency: null })).toEqual(once);
  });

  it('leaves what is no fact as it is, and refuses to prove by a chain what none has', async () => {
    const mixed = await withReceipts(await bundleOf([0, 3]), proofs);
    expect(verifyBundle(toUtf8(formatBundle(mixed)), TRUST).entries.map(({ fact }) => fact === null)).toEqual(
      [true, false],
    );
    await expect(withReceipts(await bundleOf([0, 1]), proofs)).rejects.toMatchObject({ code: 'NO_FACT' });
  });
});

function rpcOf(block: MadeBlock): Parameters<typeof proveReceipt>[0] {
  const header = { ...block.header, transactions: block.transactions.map(({ hash }) => hash) };
  const provider = {
    ...{ shownUrl: 'made', has: () => true },
    request: (method: string) =>
      Promise.resolve(method === 'eth_getBlockByHash' ? header : structuredClone(block.receipts)),
  };
  return { ask: (work) => work(provider as never) };
}
