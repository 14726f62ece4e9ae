import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, type JsonValue } from './canonical.js';

const canonical = (text: string): string => canonicalJson(JSON.parse(text) as JsonValue);

/** RFC 8785's rules once more, by another way. */
function byTheRules(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Array) return `[${(value as readonly JsonValue[]).map(byTheRules).join()}]`;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${byTheRules(member)}`).join()}}`;
}

describe('canonical JSON', () => {
  it('is as RFC 8785 shows it', () => {
    const shown = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonical(shown)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts names by their UTF-16 code units', () => {
    const shown = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const names = Object.entries(JSON.parse(shown) as object);
    const inOrder = ['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33'];
    const expected = inOrder.map(
      (name) => `${JSON.stringify(name)}:${JSON.stringify(new Map(names).get(name))}`,
    );
    expect(canonical(shown)).toBe(`{${expected.join()}}`);
  });

  it('keeps names that JavaScript sorts by number, or takes for a prototype', () => {
    expect(canonical('{"b":{"9":1,"10":2,"a":3},"a":[{"01":1,"1":2}]}')).toBe(
      '{"a":[{"01":1,"1":2}],"b":{"10":2,"9":1,"a":3}}',
    );
    expect(canonical('{"z":1,"__proto__":{"b":1,"a":2},"constructor":3}')).toBe(
      '{"__proto__":{"a":2,"b":1},"constructor":3,"z":1}',
    );
    expect(canonical('{"z":1,"toJSON":"text"}')).toBe('{"toJSON":"text","z":1}');
  });

  it('writes zero without a sign, and half a surrogate pair as its escape', () => {
    expect(canonical('[-0, 0.0, 1e0]')).toBe('[0,0,1]');
    expect(canonical(String.raw`["\ud800", "\\ud800"]`)).toBe(String.raw`["\ud800","\\ud800"]`);
  });

  it('is the same for the same value, however it was written, and says the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given = JSON.parse(JSON.stringify(value)) as JsonValue;
        const written = canonicalJson(given);
        expect(written).toBe(byTheRules(given));
        expect(JSON.parse(written)).toEqual(given);
        expect(canonical(written)).toBe(written);
      }),
    );
  });
});
