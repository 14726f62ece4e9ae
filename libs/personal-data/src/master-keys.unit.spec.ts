import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MasterKeys } from './master-keys.js';

const [one, other, key] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const unknown = expect.objectContaining({ code: 'MASTER_KEY_UNKNOWN' });
const damaged = expect.objectContaining({ code: 'PERSONAL_DATA_DAMAGED' });

describe('master keys', () => {
  it('wrap a key so that it shows nowhere, each time into other bytes', () => {
    const master = new MasterKeys([one]);
    const [first, second] = [master.wrap('ada/1', key), master.wrap('ada/1', key)];
    expect(first.wrapped.includes(key)).toBe(false);
    expect(first.wrapped).not.toEqual(second.wrapped);
    expect(master.unwrap('ada/1', first)).toEqual(key);
    expect(master.unwrap('ada/1', second)).toEqual(key);
  });

  it('unwrap what an older one wrapped, and wrap with the first', () => {
    const wrapped = new MasterKeys([one]).wrap('ada/1', key);
    const rotated = new MasterKeys([other, one]);
    expect(rotated.unwrap('ada/1', wrapped)).toEqual(key);
    expect(rotated.wrap('ada/1', key).masterKeyId).toBe(new MasterKeys([other]).currentId);
  });

  it('refuse what a key that they are not wrapped', () => {
    const wrapped = new MasterKeys([one]).wrap('ada/1', key);
    expect(() => new MasterKeys([other]).unwrap('ada/1', wrapped)).toThrow(unknown);
  });

  it('refuse a wrapped key that was changed or belongs to another person', () => {
    const master = new MasterKeys([one]);
    const { masterKeyId, wrapped } = master.wrap('ada/1', key);
    expect(() => master.unwrap('bob/1', { masterKeyId, wrapped })).toThrow(damaged);
    for (const at of [0, 1, 20, wrapped.length - 1]) {
      const changed = Buffer.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => master.unwrap('ada/1', { masterKeyId, wrapped: changed })).toThrow(damaged);
    }
    expect(() => master.unwrap('ada/1', { masterKeyId, wrapped: Buffer.alloc(5) })).toThrow(damaged);
  });

  it('have 32 bytes each, and are at least one', () => {
    expect(() => new MasterKeys([])).toThrow(RangeError);
    expect(() => new MasterKeys([one, randomBytes(16)])).toThrow(RangeError);
  });
});
