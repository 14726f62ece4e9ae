import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FACT_LOGS, logOfFact } from '@abland/audit-verify';
import type { LoggedFact } from '@abland/domain';
import { LogDecoder } from './decode-log.js';
import { logOf, WRITERS } from './log-of.js';
import { logsOf, SAMPLE_CONTRACTS, SAMPLE_SOURCES } from './sample-logs.fixture.js';

const decoder = new LogDecoder(SAMPLE_CONTRACTS);
const KINDS = SAMPLE_SOURCES.flatMap(([address, { abi, readers }]) =>
  [...readers.values()].map(({ event }) => ({ name: `${event.name} of ${address}`, address, abi, event })),
);

describe('the logs of facts as those who check proofs write them back', () => {
  it('have the shapes that facts are read by', () => {
    expect(FACT_LOGS).toEqual(Object.fromEntries([...WRITERS].map(([type, { shape }]) => [type, shape])));
  });

  it.each(KINDS)('are the chain’s to the byte: $name', ({ address, abi, event }) => {
    fc.assert(
      fc.property(logsOf(address, abi, event), (log) => {
        const decoded = decoder.decode(log, () => true);
        if (decoded.kind !== 'fact') return;
        const fact = JSON.parse(JSON.stringify(decoded.fact)) as LoggedFact;
        expect(logOfFact(fact.type, fact.data as never)).toMatchObject(logOf(fact));
      }),
      { numRuns: 30 },
    );
  });
});
