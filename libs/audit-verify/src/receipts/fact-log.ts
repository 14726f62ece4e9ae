import type { JsonValue } from '../json/canonical.js';
import { FACT_LOGS } from './fact-logs.js';

/** A log as the chain has it. Hexadecimal with 0x. */
export interface FactLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

type JsonObject = { readonly [key: string]: JsonValue };

const WORD_DIGITS = 64;

/**
 * The log that a fact stands for: the one that is kept beside its fields, or, where there is none, written back from them by the
 * contract's ABI. Null where the fact stands for none, or does not have what it takes.
 */
export function logOfFact(type: string, data: JsonObject): FactLog | null {
  const kept = data['log'];
  if (kept !== undefined) return asLog(kept);
  const [topic, ...words] = FACT_LOGS[type]?.split(' ') ?? [];
  const address = data['contract'];
  if (topic === undefined || typeof address !== 'string') return null;
  const topics = [topic];
  let written = '0x';
  for (const word of words) {
    const [name = '', kind = '', place = '', required = ''] = word.split(':');
    const digits = kind === 'required' ? required.padStart(WORD_DIGITS, '0') : WRITE[kind]?.(data[name]);
    if (digits?.length !== WORD_DIGITS) return null;
    if (place === 'topic') topics.push(`0x${digits}`);
    else written += digits;
  }
  return { address, topics, data: written };
}

/** How a field of each kind fills a word. */
const WRITE: Readonly<Record<string, (value: JsonValue | undefined) => string>> = {
  address: (value) => String(value).slice(2).toLowerCase().padStart(WORD_DIGITS, '0'),
  number: (value) =>
    /^\d+$/.test(String(value)) ? BigInt(String(value)).toString(16).padStart(WORD_DIGITS, '0') : '',
  hash: (value) => String(value).slice(2),
  flag: (value) => (value === true ? '1' : '0').padStart(WORD_DIGITS, '0'),
};

function asLog(value: JsonValue): FactLog | null {
  const { address, data, topics } = value as JsonObject;
  const isWhole = typeof address === 'string' && typeof data === 'string' && Array.isArray(topics);
  return isWhole ? { address, data, topics: topics.map(String) } : null;
}
