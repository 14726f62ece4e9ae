import { describe, expect, it } from '@jest/globals';
import type { EventFragment, ParamType } from 'ethers';
import fc from 'fast-check';
import type { ChainLog, LoggedFact } from '@abland/domain';
import type { BlockLog } from '../blocks/chain-block.js';
import { LogDecoder } from './decode-log.js';
import { logOf } from './log-of.js';
import { logsOf, SAMPLE_CONTRACTS, SAMPLE_SOURCES } from './sample-logs.fixture.js';

const decoder = new LogDecoder(SAMPLE_CONTRACTS);
const isStatic = ({ inputs }: EventFragment): boolean =>
  inputs.every(({ type }) => /^(address|bool|bytes32|uint\d+)$/.test(type));

const KINDS = SAMPLE_SOURCES.flatMap(([address, { abi, readers }]) =>
  [...readers.values()].map(({ event }) => ({ name: `${event.name} of ${address}`, address, abi, event })),
);
const STATIC_KINDS = KINDS.filter(({ event }) => isStatic(event));

/** Null where the log is nothing to us. */
function factOf(log: BlockLog): LoggedFact | null {
  const decoded = decoder.decode(log, () => true);
  if (decoded.kind === 'parked') throw new Error(decoded.fact.data.reason);
  return decoded.kind === 'fact' ? decoded.fact : null;
}
const chainLogOf = (address: string, { topics, data }: BlockLog): ChainLog => ({ address, topics, data });
/** What the store and its readers see. */
const stored = (fact: LoggedFact): LoggedFact => JSON.parse(JSON.stringify(fact)) as LoggedFact;

describe('the log of a fact', () => {
  it('is restored to the byte, for all of them', () => {
    expect(KINDS.length).toBeGreaterThan(50);
    expect(STATIC_KINDS.length).toBeGreaterThan(40);
  });

  it.each(KINDS)('is restored to the byte: $name', ({ address, abi, event }) => {
    fc.assert(
      fc.property(logsOf(address, abi, event), (log) => {
        const fact = factOf(log);
        if (fact === null) return;
        expect(logOf(stored(fact))).toEqual(chainLogOf(address, log));
        expect('log' in fact.data).toBe(!isStatic(event));
      }),
      { numRuns: 60 },
    );
  });

  it.each(STATIC_KINDS)('tells what the ABI tells: $name', ({ address, abi, event }) => {
    fc.assert(
      fc.property(logsOf(address, abi, event), (log) => {
        const fact = factOf(log);
        if (fact === null) return;
        const { contract: _, clock: __, ...fields } = fact.data as Record<string, unknown>;
        const told = Object.values(fields).map(String);
        const args = (abi.decodeEventLog(event, log.data, log.topics).toArray() as unknown[]).map(String);
        const dropped = fact.type === 'GovernanceTokenMinted' ? args.slice(1) : args;
        expect(told.sort()).toEqual(dropped.sort());
      }),
      { numRuns: 30 },
    );
  });

  it.each(STATIC_KINDS)('is kept where fields would not give it back: $name', ({ address, abi, event }) => {
    fc.assert(
      fc.property(logsOf(address, abi, event), fc.nat(), (log, choice) => {
        const variants = strangeVariants(event, log);
        const strange = variants[choice % variants.length] as BlockLog;
        const fact = factOf(strange);
        if (fact === null) return;
        expect(fact.data.log).toEqual(chainLogOf(address, strange));
        expect(logOf(stored(fact))).toEqual(chainLogOf(address, strange));
        expect({ ...fact.data, log: undefined }).toEqual({ ...factOf(log)?.data, log: undefined });
      }),
      { numRuns: 60 },
    );
  });

  it('is kept where a flag is neither 0 nor 1', () => {
    const forwarded = KINDS.find(({ event }) => event.name === 'ExecutedForwardRequest');
    if (forwarded === undefined) throw new RangeError('No such event');
    const [log] = fc.sample(logsOf(forwarded.address, forwarded.abi, forwarded.event), 1) as [BlockLog];
    const strange = { ...log, data: `${log.data.slice(0, -1)}2` };
    expect(factOf(strange)?.data).toMatchObject({ success: true, log: { data: strange.data } });
  });
});

/** A log with the same meaning, written as Solidity would not. */
function strangeVariants(event: EventFragment, log: BlockLog): BlockLog[] {
  const variants: BlockLog[] = [
    { ...log, data: `${log.data}00` },
    { ...log, data: `${log.data}${'00'.repeat(32)}` },
    ...(log.topics.length < 4 ? [{ ...log, topics: [...log.topics, `0x${'00'.repeat(32)}`] }] : []),
  ];
  let topic = 0;
  let word = -1;
  for (const input of event.inputs) {
    if (input.indexed === true) topic += 1;
    else word += 1;
    if (!hasPadding(input)) continue;
    if (input.indexed === true)
      variants.push({ ...log, topics: log.topics.with(topic, dirty(log.topics[topic] ?? '', 2)) });
    else variants.push({ ...log, data: dirty(log.data, 2 + 64 * word) });
  }
  return variants;
}

const hasPadding = ({ type }: ParamType): boolean => type === 'address' || /^uint(?!256)\d+$/.test(type);
const dirty = (text: string, index: number): string => `${text.slice(0, index)}1${text.slice(index + 1)}`;
