import { describe, expect, it } from '@jest/globals';
import { commandIdOf, eventIds, inputHashOf } from './identity.js';

const CALLER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

describe('the identity of a command', () => {
  it('is of its chain, caller and key alone, however the address is spelled', () => {
    expect(commandIdOf(1, CALLER, 'a')).toBe(commandIdOf(1, CALLER.toLowerCase(), 'a'));
    expect(commandIdOf(1, CALLER, 'a')).not.toBe(commandIdOf(1, CALLER, 'b'));
    expect(commandIdOf(1, CALLER, 'a')).not.toBe(commandIdOf(2, CALLER, 'a'));
    expect(commandIdOf(1, CALLER, 'a')).not.toBe(commandIdOf(1, CALLER.replace('0xf3', '0xa3'), 'a'));
  });

  it('never changes: another one would let every command be given twice', () => {
    expect(commandIdOf(31_337, CALLER, 'key')).toBe('0bec1e7f-8f22-51c7-927a-eb3d2474e5dd');
  });

  it('gives each event of a command an id of its own, and the same one again', () => {
    const id = commandIdOf(1, CALLER, 'a');
    expect(eventIds(id)(0)).toBe(eventIds(id)(0));
    expect(new Set([eventIds(id)(0), eventIds(id)(1), eventIds(id, 'relay')(0)]).size).toBe(3);
  });
});

describe('the hash of an input', () => {
  it('does not depend on the order of fields, but on every value and on the command', () => {
    const hash = inputHashOf('swap', { a: '1', b: { c: [1, 2], d: null } });
    expect(inputHashOf('swap', { b: { d: null, c: [1, 2] }, a: '1' })).toBe(hash);
    expect(inputHashOf('swap', { a: '1', b: { c: [2, 1], d: null } })).not.toBe(hash);
    expect(inputHashOf('createPool', { a: '1', b: { c: [1, 2], d: null } })).not.toBe(hash);
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('is of an integer as of its decimal text', () => {
    expect(inputHashOf('swap', { a: 10n ** 40n })).toBe(inputHashOf('swap', { a: `1${'0'.repeat(40)}` }));
  });

  it('does not take one text for another that looks like it in parts', () => {
    expect(inputHashOf('swap', { a: '1","b":"2' })).not.toBe(inputHashOf('swap', { a: '1', b: '2' }));
  });
});
