import { describe, expect, it } from '@jest/globals';
import { ACTS_OF, partOf, wordOf } from './builds.js';

describe('builds for people', () => {
  it('are told by what is true of them now, a stall before everything that was told before it', () => {
    const word = (state: 'LIVE' | 'BUILDING' | 'READY', activity: 'LIVE' | 'STALLED' | 'RETRYING') =>
      wordOf({ state, activity });
    expect(word('LIVE', 'LIVE')).toEqual({ word: 'Live', tone: 'good' });
    expect(word('LIVE', 'STALLED')).toEqual({ word: 'Stalled', tone: 'bad' });
    expect(word('BUILDING', 'STALLED').word).toBe('Stalled');
    expect(word('BUILDING', 'RETRYING')).toEqual({ word: 'Building, tries again', tone: 'warn' });
    expect(word('READY', 'LIVE')).toEqual({ word: 'Ready', tone: 'good' });
  });

  it('say how much of the log they have', () => {
    expect(partOf({ position: '75', behind: '25' })).toBe(0.75);
    expect(partOf({ position: null, behind: '10' })).toBe(0);
    expect(partOf({ position: null, behind: '0' })).toBe(1);
  });

  it('let nobody discard what is live, and promote only what is ready', () => {
    expect(ACTS_OF.LIVE).toEqual(['rebuild']);
    const promotable = Object.entries(ACTS_OF).filter(([, acts]) => acts.includes('promote'));
    expect(promotable.map(([state]) => state)).toEqual(['READY']);
  });
});
