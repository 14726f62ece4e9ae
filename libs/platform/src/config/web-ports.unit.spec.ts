import { describe, expect, it } from '@jest/globals';
import { BLOCKED_PORTS, isBlocked } from './web-ports.js';

describe('ports that nobody asks by HTTP', () => {
  it.each([...BLOCKED_PORTS])('%i is not asked by fetch, whatever listens there', async (port) => {
    const refusal: unknown = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ cause: { message: 'bad port' } });
  });

  it('are none of those that programs have by default, and not any that is free', () => {
    expect([0, 80, 443, 4000, 8545, '', '4000'].filter(isBlocked)).toEqual([]);
    expect(isBlocked('6000')).toBe(true);
  });
});
