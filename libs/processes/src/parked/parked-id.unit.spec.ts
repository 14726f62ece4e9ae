import { describe, expect, it } from '@jest/globals';
import { parkedByProcess } from './parked-id.js';

describe('the id of what a process parked', () => {
  it('tells the process, and what of which cause it left out', () => {
    expect(parkedByProcess('PROCESS/settlement-31337/request-a/ExpireRequest/a/expiry/17')).toEqual({
      ...{ process: 'settlement-31337', stream: 'request-a', type: 'ExpireRequest', causeId: 'a/expiry/17' },
    });
    expect(parkedByProcess('PROCESS/erasure/user-0xAb/ConfirmKeyDestroyed/e')).toMatchObject({
      process: 'erasure',
    });
  });

  it.each([
    'PROJECTION/pools/00000000-0000-4000-8000-000000000001',
    'PROCESS/settlement-31337/1',
    'PROCESS/settlement-31337/request-a/ExpireRequest/',
    'PROCESS/Settlement/request-a/ExpireRequest/a',
    `PROCESS/settlement-1/request-a/ExpireRequest/${'a'.repeat(121)}`,
  ])('is none: %s', (id) => expect(parkedByProcess(id)).toBeNull());
});
