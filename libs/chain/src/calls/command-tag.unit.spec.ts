import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v4, v5 } from 'uuid';
import { readCommandTag, tagCalldata } from './command-tag.js';

const COMMAND = '6f9619ff-8b86-5011-b42d-00c04fc964ff';

describe('command tag', () => {
  it('is 24 bytes after the arguments: the magic, then the command id', () => {
    expect(tagCalldata('0xabcdef01', COMMAND)).toBe(
      '0xabcdef0161626c616e6400016f9619ff8b865011b42d00c04fc964ff',
    );
  });

  it('gives back the id of any command after any calldata', () => {
    const calldata = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
    const id = fc.oneof(
      fc.uuid(),
      fc.string().map((text) => v5(text, v4())),
    );
    fc.assert(
      fc.property(calldata, id, (data, command) => readCommandTag(tagCalldata(data, command)) === command),
    );
  });

  it('is not found in calldata without one, nor in a tag that was cut', () => {
    const tagged = tagCalldata('0xabcdef01', COMMAND);
    expect(readCommandTag('0x')).toBeNull();
    expect(readCommandTag('0xabcdef01')).toBeNull();
    expect(readCommandTag(tagged.slice(0, -2))).toBeNull();
    expect(readCommandTag(`0x${tagged.slice(-46)}`)).toBeNull();
  });

  it('is not found where the bytes after the magic are no UUID', () => {
    expect(readCommandTag(`0x61626c616e640001${'ff'.repeat(15)}00`)).toBeNull();
  });

  it('is not found where bytes follow it', () => {
    expect(readCommandTag(`${tagCalldata('0x', COMMAND)}00`)).toBeNull();
  });
});
