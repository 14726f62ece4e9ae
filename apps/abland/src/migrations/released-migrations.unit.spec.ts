import { describe, expect, it } from '@jest/globals';
import { problemsOfMigrations, releaseMigrations } from './released-migrations.js';

const first = { 'api/0001-create-api': 'a'.repeat(64) };
const second = { 'api/0002-add-more': 'b'.repeat(64) };

describe('a released migration', () => {
  it('stays as it is while others are added after it', () => {
    expect(problemsOfMigrations(first, { ...first, ...second })).toEqual([]);
    expect(releaseMigrations(first, { ...first, ...second })).toEqual({ ...first, ...second });
  });

  it('is missed where it is gone', () => {
    expect(problemsOfMigrations({ ...first, ...second }, first)).toEqual([
      expect.stringMatching(/^api\/0002-add-more is released and gone/),
    ]);
  });

  it('may not be changed, and is not released anew', () => {
    const changed = { 'api/0001-create-api': 'c'.repeat(64) };
    expect(problemsOfMigrations(first, changed)).toEqual([
      expect.stringMatching(
        /^api\/0001-create-api is released and was changed \(aaaaaaaaaaaa is cccccccccccc now\)/,
      ),
    ]);
    expect(() => releaseMigrations(first, changed)).toThrow(RangeError);
  });

  it('comes before every new one of its schema', () => {
    expect(problemsOfMigrations(second, { ...first, ...second })).toEqual([
      expect.stringMatching(/^api\/0001-create-api is new and comes before api\/0002-add-more/),
    ]);
    expect(problemsOfMigrations(second, { ...second, 'processes/0001-create-processes': 'd' })).toEqual([]);
  });
});
