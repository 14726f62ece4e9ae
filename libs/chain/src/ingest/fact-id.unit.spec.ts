import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { factId } from './fact-id.js';

describe('the id of a fact', () => {
  it('is the UUID of version 5 that any other implementation makes of its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(factId(name)).toBe(v5(name, '8f1f7a52-4d0e-5c1b-9b7e-2a3c5d6e7f80'));
      }),
    );
  });
});
