import { describe, expect, it } from '@jest/globals';
import { ACTS_OF, leftOf, partOf, rateOf, wordOf } from './builds.js';

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

  it('say how long they take and how far that may be wrong, and nothing where it is not known', () => {
    expect(leftOf({ timeLeft: { seconds: 190, within: 22 } })).toBe('3 m 10 s left ± 22 s');
    expect(leftOf({ timeLeft: { seconds: 3, within: 0 } })).toBe('3 s left');
    expect(leftOf({ timeLeft: null })).toBe('');
  });

  it('have no rate where they are level, or where nobody keeps them', () => {
    expect(rateOf({ activity: 'CATCHING_UP', behind: '10', eventsPerSecond: 15_200 })).toBe('15.2K/s');
    expect(rateOf({ activity: 'STALLED', behind: '10', eventsPerSecond: 15_200 })).toBe('—');
    expect(rateOf({ activity: 'LIVE', behind: '0', eventsPerSecond: 3 })).toBe('—');
  });

  it('let nobody discard what is live, and promote only what is ready', () => {
    expect(ACTS_OF.LIVE).toEqual(['rebuild']);
    const promotable = Object.entries(ACTS_OF).filter(([, acts]) => acts.includes('promote'));
    expect(promotable.map(([state]) => state)).toEqual(['READY']);
  });
});
