import { describe, expect, it } from '@jest/globals';
import { FakeTiming } from '../time/fake-timing.fixture.js';
import { EventStoreUnavailableError } from '../events/errors.js';
import { silentLogger } from './logger.js';
import { Outages } from './outages.js';

type Told = Readonly<Record<string, unknown>>;

function setUp(quietMs = 20) {
  const lines: Told[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, ...fields, message });
  const logger = { ...silentLogger, info: at('info'), warn: at('warn') };
  const timing = new FakeTiming();
  const outages = new Outages({ logger, message: 'it fails', quietMs, timing });
  return { lines, outages, timing };
}
const away = (): Error => new EventStoreUnavailableError('away');
/** As long as the real timers need to come round. */
async function untilTold(lines: readonly Told[], count: number): Promise<void> {
  while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('what fails again and again', () => {
  it('is told once as it begins, and once with how often it was, when none has come for a while', async () => {
    const { lines, outages, timing } = setUp();
    const first = away();
    outages.note(first, { of: 1 });
    for (let more = 0; more < 999; more += 1) {
      await timing.advance(10);
      outages.note(away());
    }
    expect(lines).toEqual([{ level: 'warn', err: first, of: 1, message: 'it fails' }]);
    await timing.advance(20);
    await untilTold(lines, 2);
    const over = { level: 'info', kind: 'EVENT_STORE_UNAVAILABLE', times: 1_000, seconds: 10 };
    expect(lines[1]).toEqual({ ...over, message: 'it fails: no more for now' });
    outages.note(away());
    expect(lines[2]).toMatchObject({ level: 'warn', message: 'it fails' });
  });

  it('is told apart by its code, or by where it was thrown', () => {
    const { lines, outages } = setUp(60_000);
    const thrown = (): Error => new TypeError('here');
    const elsewhere = (): Error => new TypeError('there');
    for (let round = 0; round < 3; round += 1)
      for (const error of [away(), thrown(), elsewhere()]) outages.note(error);
    expect(lines).toHaveLength(3);
  });

  it('is told once by all of one logger that are made anew at each try', () => {
    const lines: Told[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void lines.push({ ...fields }) };
    for (let round = 0; round < 3; round += 1) {
      Outages.of(logger, 'one').note(away());
      Outages.of(logger, 'other').note(away());
    }
    Outages.of({ ...logger }, 'one').note(away());
    expect(lines).toHaveLength(3);
  });

  it('is told together where it is of ever other kinds', () => {
    const { lines, outages } = setUp(60_000);
    for (let kind = 0; kind < 500; kind += 1) outages.note(null, { kind }, `${kind}`);
    expect(lines).toHaveLength(33);
  });
});
