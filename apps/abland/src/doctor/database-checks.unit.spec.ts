import { describe, expect, it } from '@jest/globals';
import { QUESTIONS } from './database-checks.js';

const NOW = 1_700_000_000;
const ALLOWED = { creates: true, replica: false, role: 'abland', trigrams: true };

describe('what a database answers the doctor', () => {
  it.each([
    ['version', { version: '15.1', number: 150_001 }, 'PostgreSQL 15.1'],
    ['clock', { now: NOW + 2 }, '1.0 s from this machine’s'],
    ['permission', ALLOWED, 'abland may make schemas, and pg_trgm is there'],
    ['durability', { fsync: 'on', synchronous_commit: 'local' }, 'what is committed stays'],
    ['replication', { replica: false, behind: null }, 'it is no replica'],
    ['replication', { replica: true, behind: 29.9 }, 'a replica, 29.9 s behind'],
  ])('is well: %s %j', (about, row, found) => {
    expect(judge(about, row)).toBe(found);
  });

  it.each([
    ['version', { version: '14.9', number: 140_009 }, /upgrade it to 15/],
    ['clock', { now: NOW - 3 }, /NTP/],
    ['clock', { now: NOW + 4 }, /NTP/],
    ['permission', { ...ALLOWED, replica: true }, /name the primary/],
    ['permission', { ...ALLOWED, creates: false }, /GRANT CREATE/],
    ['permission', { ...ALLOWED, trigrams: false }, /contrib/],
    ['durability', { fsync: 'off', synchronous_commit: 'on' }, /^set fsync = on$/],
    ['replication', { replica: true, behind: 31 }, /pg_stat_replication/],
  ])('is wrong, with what to do: %s %j', (about, row, advice) => {
    expect(() => judge(about, row)).toThrow(
      expect.objectContaining({ advice: expect.stringMatching(advice) }),
    );
  });
});

/** Asked and answered within a second of this machine. */
const judge = (about: string, row: Readonly<Record<string, unknown>>): string | undefined =>
  QUESTIONS.find((question) => question.about === about)?.judge(row, { asked: NOW, answered: NOW + 1 });
