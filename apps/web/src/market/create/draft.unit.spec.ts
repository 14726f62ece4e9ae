import { describe, expect, it } from '@jest/globals';
import { en } from '../../messages/en.js';
import { de } from '../../messages/de.js';
import { checkDraft, EMPTY_DRAFT } from './draft.js';

const GOOD = { ...EMPTY_DRAFT, name: 'Aurora', symbol: 'AUR' };

describe('a token as it is typed', () => {
  it('is good by the rules that the server goes by', () => {
    expect(checkDraft(GOOD)).toEqual({});
    expect(checkDraft({ ...GOOD, decimals: '0', supply: '1', description: 'Two\nlines' })).toEqual({});
  });

  it.each([
    [{ name: ' Aurora' }, { name: 'INVALID_NAME' }],
    [{ symbol: 'aur' }, { symbol: 'INVALID_SYMBOL' }],
    [{ supply: '0' }, { supply: 'INVALID_SUPPLY' }],
    [{ supply: '1e9' }, { supply: 'INVALID_SUPPLY' }],
    [{ decimals: '19' }, { decimals: 'INVALID_DECIMALS' }],
    [{ decimals: '' }, { decimals: 'INVALID_DECIMALS' }],
    [{ description: '\u202Egnp' }, { description: 'INVALID_DESCRIPTION' }],
  ])('is not where %j', (changes, problems) => {
    expect(checkDraft({ ...GOOD, ...changes })).toEqual(problems);
    for (const code of Object.values(problems) as (keyof typeof en.create.problems)[]) {
      expect(en.create.problems[code]).not.toBe('');
      expect(de.create.problems[code]).not.toBe('');
    }
  });
});
