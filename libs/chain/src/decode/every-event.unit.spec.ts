import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { EventFragment, Interface } from 'ethers';
import { GOVERNANCE_FACT_VERSIONS, MARKET_FACT_VERSIONS, SINGLETON_FACT_VERSIONS } from '@abland/domain';
import { LogDecoder } from './decode-log.js';
import { logsOf, SAMPLE_CONTRACTS, SAMPLE_SOURCES } from './sample-logs.fixture.js';
import fc from 'fast-check';

const FACTORIES = new URL('../contracts/generated/factories/', import.meta.url);

function eventsOf(abi: Interface): EventFragment[] {
  const events: EventFragment[] = [];
  abi.forEachEvent((event) => events.push(event));
  return events;
}
const signaturesOf = (abi: Interface): string => eventsOf(abi).map(String).sort().join();

describe('every event of our contracts', () => {
  it.each(SAMPLE_SOURCES)(
    'of %s has a reader, or a reason why it has none',
    (_, { abi, readers, ignored }) => {
      const names = eventsOf(abi).map(({ name }) => name);
      const read = [...readers.values()].map(({ event }) => event.name);
      expect([...read, ...Object.keys(ignored)].sort()).toEqual(names.sort());
      for (const reason of Object.values(ignored)) expect(reason).toMatch(/\w+ \w+ \w+/);
    },
  );

  it('is of a contract that is decoded: no other contract has any', async () => {
    const decoded = new Set(SAMPLE_SOURCES.map(([, { abi }]) => signaturesOf(abi)));
    const files = readdirSync(FACTORIES);
    expect(files.length).toBeGreaterThan(7);
    for (const file of files) {
      const generated = (await import(new URL(file, FACTORIES).pathname)) as Record<
        string,
        { createInterface(): Interface }
      >;
      for (const factory of Object.values(generated)) {
        const signatures = signaturesOf(factory.createInterface());
        if (signatures !== '') expect(decoded).toContain(signatures);
      }
    }
  });

  it('becomes a fact, and each kind of fact comes of one', () => {
    const decoder = new LogDecoder(SAMPLE_CONTRACTS);
    const types = new Set<string>();
    for (const [address, { abi }] of SAMPLE_SOURCES) {
      for (const event of eventsOf(abi)) {
        for (const log of fc.sample(logsOf(address, abi, event), 40)) {
          const decoded = decoder.decode(log, () => true);
          expect(decoded.kind).not.toBe('parked');
          if (decoded.kind !== 'fact') continue;
          expect(decoded.fact.data.contract).toBe(address);
          types.add(decoded.fact.type);
        }
      }
    }
    const blocks = ['BlockIngested', 'BlocksReverted', 'BlocksFinalized'];
    const ofNoLog = ['TransactionFailed', 'TransactionPaid', 'TokenDescribed', ...blocks];
    const known = { ...MARKET_FACT_VERSIONS, ...SINGLETON_FACT_VERSIONS, ...GOVERNANCE_FACT_VERSIONS };
    expect([...types, ...ofNoLog].sort()).toEqual(Object.keys(known).sort());
  });
});
