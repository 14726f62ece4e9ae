import { describe, expect, it } from '@jest/globals';
import { keptIn } from './kept.js';

const blocked = (): never => {
  throw new Error('SecurityError');
};

describe('what a browser keeps of a page', () => {
  it('is nothing where a person has blocked it, and no failure of the page', () => {
    const kept = keptIn(blocked);
    kept.set('theme', 'dark');
    kept.remove('theme');
    expect(kept.get('theme')).toBeNull();
  });

  it('stays what it was where nothing more fits', () => {
    const kept = keptIn(() => ({ getItem: () => 'light', setItem: blocked, removeItem: blocked }));
    kept.set('theme', 'dark');
    kept.remove('theme');
    expect(kept.get('theme')).toBe('light');
  });
});
