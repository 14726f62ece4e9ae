import { describe, expect, it } from '@jest/globals';
import { isWide, searchOf, variablesOf } from './search.js';

const search = (query: string) => searchOf(new URLSearchParams(query));

describe('a search in the log', () => {
  it('is what the address of the page says', () => {
    expect(isWide(search(''))).toBe(true);
    expect(variablesOf(search(''), null)).toEqual({ first: 60 });
    expect(variablesOf(search('stream=chain-1&types=Swap, Sync&correlation=abc'), null)).toEqual({
      ...{ first: 60, stream: 'chain-1', types: ['Swap', 'Sync'], correlationId: 'abc' },
    });
    expect(variablesOf(search('stream=request-*'), null)).toEqual({ first: 60, streamPrefix: 'request-' });
  });

  it('goes on back from the newest, or forward from a place', () => {
    expect(variablesOf(search(''), '90')).toEqual({ first: 60, before: '90' });
    expect(variablesOf(search('after=12'), null)).toEqual({ first: 60, after: '12' });
    expect(variablesOf(search('after=12'), '72')).toEqual({ first: 60, after: '72' });
    expect(search('after=x').after).toBe('');
  });
});
