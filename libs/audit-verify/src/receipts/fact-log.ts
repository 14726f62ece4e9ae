import type { JsonValue } from '../json/canonical.js';
import { FACT_LOGS } from './fact-logs.js';

/** A log as the chain has it. Hexadecimal with 0x. */
export interface FactLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** What a fact stands for, and whether the fields of the fact are those of the log. */
export interface ToldLog extends FactLog {
  /** False where nothing here can read them from the log: that the log is the fact's own is all that is known. */
  readonly fieldsProved: boolean;
}

type JsonObject = { readonly [key: string]: JsonValue };

const WORD_DIGITS = 64;
const ADDRESS_DIGITS = 40;

/**
 * The log that a fact stands for: written back from its fields by the contract's ABI, or, where one is kept beside them, that one, if the fields are
 * what it says. Null where the fact stands for none, does not have what it takes, or says something else than its log.
 */
export function logOfFact(type: string, data: JsonObject): ToldLog | null {
  const { contract: address, log } = data;
  const shape = Object.hasOwn(FACT_LOGS, type) ? FACT_LOGS[type]?.split(' ') : undefined;
  if (typeof address !== 'string') return null;
  if (log === undefined) {
    const written = shape === undefined ? null : writtenLog(shape, data);
    return written === null ? null : { address, ...written, fieldsProved: true };
  }
  const kept = asLog(log);
  if (kept === null || kept.address.toLowerCase() !== address.toLowerCase()) return null;
  if (shape === undefined) return { ...kept, fieldsProved: false };
  return isTold(shape, data, kept) ? { ...kept, fieldsProved: true } : null;
}

interface Word {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly required: string;
}

const wordsOf = (words: readonly string[]): readonly Word[] =>
  words.map((word) => {
    const [name = '', kind = '', place = '', required = ''] = word.split(':');
    return { name, kind, place, required };
  });

function writtenLog(
  [topic = '', ...words]: readonly string[],
  data: JsonObject,
): Omit<FactLog, 'address'> | null {
  const topics = [topic];
  let written = '0x';
  for (const { kind, name, place, required } of wordsOf(words)) {
    const digits = kind === 'required' ? required.padStart(WORD_DIGITS, '0') : WRITE[kind]?.(data[name]);
    if (digits?.length !== WORD_DIGITS) return null;
    if (place === 'topic') topics.push(`0x${digits}`);
    else written += digits;
  }
  return { topics, data: written };
}

/** Whether each field is its word of a log that may have more than the words: digits that no field tells, more data, more topics. */
function isTold([topic = '', ...words]: readonly string[], data: JsonObject, log: FactLog): boolean {
  if (log.topics[0] !== topic) return false;
  let [topics, start] = [1, '0x'.length];
  return wordsOf(words).every(({ kind, name, place, required }) => {
    const isTopic = place === 'topic';
    const digits = isTopic ? (log.topics[topics] ?? '').slice(2) : log.data.slice(start, start + WORD_DIGITS);
    if (isTopic) topics += 1;
    else start += WORD_DIGITS;
    const wanted = kind === 'required' ? required.padStart(WORD_DIGITS, '0') : WRITE[kind]?.(data[name]);
    if (wanted?.length !== WORD_DIGITS) return false;
    const told = kind === 'address' ? ADDRESS_DIGITS : WORD_DIGITS;
    return digits.length === WORD_DIGITS && digits.slice(-told) === wanted.slice(-told);
  });
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { address, data, topics } = value as JsonObject;
  const isWhole = typeof address === 'string' && typeof data === 'string' && Array.isArray(topics);
  return isWhole ? { address, data, topics: topics.map(String) } : null;
}
