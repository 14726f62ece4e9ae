import { describe, expect, it } from '@jest/globals';
import { sealPersonalFields } from './seal-personal-fields.mjs';

const sealed = {
  type: 'object',
  properties: { encryptedFor: { type: 'string' }, value: { type: 'string' } },
  required: ['encryptedFor', 'value'],
  additionalProperties: false,
};
const schema = (email: object) => ({
  type: 'object',
  properties: { address: { type: 'string' }, registration: { type: 'integer' }, email },
  required: ['address', 'registration', 'email'],
});
const emailOf = (email: object) => sealPersonalFields(schema(email), ['email'], 'Told').properties.email;

describe('the schema of an event with personal fields', () => {
  it('has the sealed form alone, marked', () => {
    const text = { anyOf: [{ type: 'string' }, sealed], description: 'Where to write to' };
    expect(emailOf(text)).toEqual({ ...sealed, 'x-personal': true, description: 'Where to write to' });
  });
  it('allows null where the field may be null', () => {
    for (const text of [
      { anyOf: [{ type: 'string' }, sealed, { type: 'null' }] },
      { anyOf: [{ anyOf: [{ type: 'string' }, sealed] }, { type: 'null' }] },
      { anyOf: [{ type: ['string', 'null'] }, sealed] },
    ]) {
      expect(emailOf(text)).toEqual({ ...sealed, 'x-personal': true, type: ['object', 'null'] });
    }
  });
  it('is of a field that is a personal text, and of a person who is named', () => {
    expect(() => emailOf({ type: 'string' })).toThrow('Told.email is not a PersonalText');
    expect(() => emailOf(sealed)).toThrow('Told.email is not a PersonalText');
    const nameless = { ...schema({ anyOf: [{ type: 'string' }, sealed] }), required: ['address'] };
    expect(() => sealPersonalFields(nameless, ['email'], 'Told')).toThrow('name its registration');
  });
  it('without any is as it was', () => {
    const plain = schema({ type: 'string' });
    expect(sealPersonalFields(plain, [], 'Told')).toBe(plain);
  });
});
