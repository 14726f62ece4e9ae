import { describe, expect, it } from '@jest/globals';
import { NOW } from '../testing/samples.fixture.js';
import { assertDeadlineOnChain, parseDeadline, secondsOf } from './deadline.js';

const refused = (code: string) => expect.objectContaining({ code, field: 'deadline' });

describe('a deadline', () => {
  it.each([
    ['2026-01-01T12:00:01Z', '2026-01-01T12:00:01.000Z'],
    ['2026-01-01T12:00:01.999Z', '2026-01-01T12:00:01.000Z'],
    ['2026-01-01T12:00:01.999999999Z', '2026-01-01T12:00:01.000Z'],
    ['2026-01-02T12:00:00.000Z', '2026-01-02T12:00:00.000Z'],
  ])('of %s is the whole second %s', (text, deadline) => {
    expect(parseDeadline(text, NOW)).toBe(deadline);
  });
  it.each(['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.999Z', '2025-12-31T00:00:00Z'])(
    'of %s has passed at noon',
    (text) => {
      expect(() => parseDeadline(text, NOW)).toThrow(refused('DEADLINE_EXPIRED'));
    },
  );
  it.each(['2026-01-02T12:00:01Z', '9999-12-31T23:59:59Z'])('of %s is too far', (text) => {
    expect(() => parseDeadline(text, NOW)).toThrow(refused('DEADLINE_TOO_FAR'));
  });
  it.each([
    '',
    'tomorrow',
    '1767268800',
    '2026-01-01',
    '2026-01-01T13:00:00',
    '2026-01-01T13:00:00+01:00',
    '2026-01-01 13:00:00Z',
    '2026-01-01T13:00Z',
    '2026-02-30T13:00:00Z',
    '2026-13-01T13:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T13:00:60Z',
    '2026-01-01T13:00:00Z\n',
    '+002026-01-01T13:00:00Z',
  ])('is not %j', (text) => {
    expect(() => parseDeadline(text, NOW)).toThrow(refused('INVALID_DEADLINE'));
  });
});

it('the contract counts whole seconds', () => {
  expect(secondsOf('1970-01-01T00:01:00.999Z')).toBe(60);
});

describe('a deadline on a chain', () => {
  const DEADLINE = '2026-01-01T12:30:00.000Z';
  const SECOND = Date.parse(DEADLINE) / 1000;
  it('is ahead of its newest block, whatever the clock says', () => {
    expect(() => assertDeadlineOnChain(DEADLINE, null)).not.toThrow();
    expect(() => assertDeadlineOnChain(DEADLINE, SECOND - 1)).not.toThrow();
    const details = { deadline: DEADLINE, now: DEADLINE };
    expect(() => assertDeadlineOnChain(DEADLINE, SECOND)).toThrow(
      expect.objectContaining({ code: 'DEADLINE_EXPIRED', field: 'deadline', details }),
    );
  });
});
