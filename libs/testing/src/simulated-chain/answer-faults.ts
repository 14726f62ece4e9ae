import type { Json } from '@abland/chain/made-blocks';
import type { SeededRandom } from '../seeded-random.js';
import type { Asked, ProviderFault } from './provider-fault.js';

const isBlock = ({ method }: Asked): boolean => method.startsWith('eth_getBlockBy');
const isLatest = (asked: Asked): boolean => isBlock(asked) && asked.params[0] === 'latest';
const isLogs = ({ method }: Asked): boolean => method === 'eth_getLogs';
const isReceipts = ({ method }: Asked): boolean => method === 'eth_getBlockReceipts';
const isReceipt = ({ method }: Asked): boolean => method === 'eth_getTransactionReceipt';

/** Fields without which an answer is none. */
const NEEDED = [
  'number',
  'hash',
  'parentHash',
  'timestamp',
  'logsBloom',
  'blockHash',
  'logIndex',
  'topics',
  'data',
];
const ILL_FORMED: readonly unknown[] = [null, '', '0x', '0xzz', 'latest', -1, 12, {}, [], true];

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** One of the objects that an answer is made of. */
function partOf(result: unknown, random: SeededRandom): Json | null {
  const [first] = [result].flat();
  if (!isJson(first)) return null;
  const one = Array.isArray(result) ? (random.pick(result) as Json) : first;
  const nested = [one['logs'], one['transactions']]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter(isJson);
  return nested.length > 0 && random.chance(0.5) ? random.pick(nested) : one;
}

function spoilField(
  result: unknown,
  random: SeededRandom,
  spoil: (part: Json, name: string) => void,
): unknown {
  const part = partOf(result, random);
  const names = NEEDED.filter((name) => part !== null && name in part);
  if (part !== null && names.length > 0) spoil(part, random.pick(names));
  return result;
}

/** All lists of logs in an answer to a question for logs or receipts. */
function logLists(result: unknown, asked: Asked): Json[][] {
  if (!Array.isArray(result) && !isReceipt(asked)) return [];
  if (isLogs(asked)) return [result as Json[]];
  if (!isReceipts(asked) && !isReceipt(asked)) return [];
  return [result as Json | Json[]]
    .flat()
    .filter(isJson)
    .map((receipt) => receipt['logs'] as Json[]);
}

const withLogs =
  (change: (logs: Json[], random: SeededRandom) => void): NonNullable<ProviderFault['result']> =>
  (result, asked, random) => {
    const lists = logLists(result, asked).filter((logs) => logs.length > 0);
    if (lists.length > 0) change(random.pick(lists), random);
    return result;
  };

const inLogsAlone =
  (change: (logs: Json[], random: SeededRandom) => void): NonNullable<ProviderFault['result']> =>
  (result, asked, random) =>
    isLogs(asked) ? withLogs(change)(result, asked, random) : result;

const leaveOut = (logs: Json[], random: SeededRandom): void => {
  logs.splice(random.below(logs.length), 1);
};

/** What follows a gap tells of it; where the last one is missing nothing does but the bloom filter, and not always. */
const leaveGap = (logs: Json[], random: SeededRandom): void => {
  if (logs.length > 1) logs.splice(random.below(logs.length - 1), 1);
};

const withoutReceipts: NonNullable<ProviderFault['refusal']> = (asked) =>
  isReceipts(asked) || isReceipt(asked) ? { code: -32601, message: 'the method does not exist' } : null;

/** Amounts are in the data, which no bloom filter tells of. */
const alter = (logs: Json[], random: SeededRandom): void => {
  const log = random.pick(logs.filter(({ data }) => String(data).length > 2).concat(logs.slice(0, 1)));
  const data = String(log['data']);
  log['data'] = data === '0x' ? data : `${data.slice(0, -1)}${data.endsWith('7') ? '8' : '7'}`;
};

/** Gaps, where nothing but the indexes of logs tells of them: two alike are in the block. */
export const GAP_FAULT: ProviderFault = {
  name: 'a gap in the logs where receipts are not to be had',
  part: 2,
  refusal: withoutReceipts,
  result: inLogsAlone(leaveGap),
};

/** Answers that are not what was asked for, or not as they must be. */
export const ANSWER_FAULTS: readonly ProviderFault[] = [
  GAP_FAULT,
  { name: 'null for anything', part: 5, result: () => null },
  {
    name: 'null for no logs',
    result: (result, asked) => (isLogs(asked) && (result as Json[]).length === 0 ? null : result),
  },
  {
    name: 'a field missing',
    part: 3,
    result: (result, _, random) =>
      spoilField(result, random, (part, name) => Reflect.deleteProperty(part, name)),
  },
  {
    name: 'a field ill-formed',
    part: 3,
    result: (result, _, random) =>
      spoilField(result, random, (part, name) => (part[name] = random.pick(ILL_FORMED))),
  },
  { name: 'ids as text', answer: (answer) => ({ ...answer, id: String(answer['id']) }) },
  { name: 'neither a result nor an error', part: 4, answer: ({ id }) => ({ jsonrpc: '2.0', id }) },
  { name: 'answers twice', answer: (answer) => [answer, answer] },
  {
    name: 'another id of the chain',
    result: (result, { method }) => (method === 'eth_chainId' ? '0xdead' : result),
  },
  {
    name: 'a head without a number',
    result: (result, asked) => (isLatest(asked) ? { ...(result as Json), number: null, hash: null } : result),
  },
  { name: 'logs left out', part: 2, result: withLogs(leaveOut) },
  {
    name: 'logs left out where receipts are not to be had',
    part: 2,
    refusal: withoutReceipts,
    result: inLogsAlone(leaveOut),
  },
  {
    name: 'logs twice',
    part: 2,
    result: withLogs((logs, random) => void logs.push({ ...random.pick(logs) })),
  },
  { name: 'logs altered', part: 2, result: withLogs(alter) },
  {
    name: 'logs altered where receipts are not to be had',
    part: 2,
    refusal: withoutReceipts,
    result: inLogsAlone(alter),
  },
  {
    name: 'logs of a block that is gone',
    part: 3,
    result: withLogs((logs, random) => void Object.assign(random.pick(logs), { blockHash: random.hash() })),
  },
  {
    name: 'logs removed',
    part: 3,
    result: inLogsAlone((logs, random) => void Object.assign(random.pick(logs), { removed: true })),
  },
  {
    name: 'transactions left out',
    part: 3,
    result: (result, asked) => {
      if (isBlock(asked) && isJson(result)) (result['transactions'] as unknown[]).pop();
      return result;
    },
  },
  {
    name: 'transactions altered',
    part: 3,
    result: (result, asked, random) => {
      const transactions = isBlock(asked) && isJson(result) ? (result['transactions'] as unknown[]) : [];
      const altered = transactions.length > 0 ? random.pick(transactions) : null;
      if (isJson(altered)) altered['input'] = `${String(altered['input'])}00`;
      return result;
    },
  },
  {
    name: 'reverted or not, the wrong way round',
    part: 3,
    result: (result, asked, random) => {
      const receipts = isReceipt(asked) || isReceipts(asked) ? [result].flat().filter(isJson) : [];
      const turned = receipts.length > 0 ? random.pick(receipts) : null;
      if (turned !== null) turned['status'] = turned['status'] === '0x1' ? '0x0' : '0x1';
      return result;
    },
  },
  {
    name: 'fields that nobody knows, a megabyte of them',
    part: 4,
    result: (result, _, random) => {
      const part = partOf(result, random);
      if (part !== null) part['more'] = 'x'.repeat(1_000_000);
      return result;
    },
  },
];
