import { describe, expect, it } from '@jest/globals';
import { Strangers } from './strangers.js';

describe('sockets of clients that have not said who they are', () => {
  it('are so many of one network, until one of them says so or goes', () => {
    const strangers = new Strangers({ strangersMax: 10, strangersPerNetworkMax: 2 });
    const first = strangers.take('a');
    expect([first, strangers.take('a'), strangers.take('b')]).not.toContain(null);
    expect(strangers.take('a')).toBeNull();
    first?.();
    first?.(); // it said so, and went
    expect(strangers.take('a')).not.toBeNull();
    expect(strangers.take('a')).toBeNull();
  });

  it('are so many in all', () => {
    const strangers = new Strangers({ strangersMax: 2, strangersPerNetworkMax: 2 });
    const first = strangers.take('a');
    strangers.take('b');
    expect(strangers.take('c')).toBeNull();
    first?.();
    expect(strangers.take('c')).not.toBeNull();
  });
});
