import { describe, expect, it } from '@jest/globals';
import { commandIdOf, eventIds, inputHashOf } from './identity.js';

const CALLER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

describe('the identity of a command', () => {
  it('is of its caller and key alone, however the address is spelled', () => {
    expect(commandIdOf(CALLER, 'a')).toBe(commandIdOf(CALLER.toLowerCase(), 'a'));
    expect(commandIdOf(CALLER, 'a')).not.toBe(commandIdOf(CALLER, 'b'));
    expect(commandIdOf(CALLER, 'a')).not.toBe(commandIdOf(CALLER.replace('0xf3', '0xa3'), 'a'));
  });

  it('never changes: another one would let every command be given twice', () => {
    expect(commandIdOf(CALLER, 'key')).toBe('78850387-1c2a-5538-80a6-b18f57c7704e');
  });

  it('gives each event of a command an id of its own, and the same one again', () => {
    const id = commandIdOf(CALLER, 'a');
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

  it('does not take one text for another that looks like it in parts', () => {
    expect(inputHashOf('swap', { a: '1","b":"2' })).not.toBe(inputHashOf('swap', { a: '1', b: '2' }));
  });
});
