import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROJECTIONS } from './projections.js';

const TABLES = PROJECTIONS.flatMap((projection) => projection.tables);

describe('the read models', () => {
  it('key every row that comes of a chain by that chain first', () => {
    const ofChains = TABLES.filter((table) => table.origin === 'chain' || 'chain_id' in table.columns);
    const otherwise = ofChains.filter((table) => table.key[0] !== 'chain_id').map((table) => table.name);
    // Requests are called by an id that names the chain.
    expect(otherwise).toEqual(['requests']);
  });

  it('have no two projections, tables or indexes of one name', () => {
    for (const names of [
      PROJECTIONS.map((projection) => projection.name),
      TABLES.map((table) => table.name as string),
      TABLES.flatMap((table) => table.indexes.map((index) => index.name)),
    ]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });

  const specs = globSync('*/*.unit.spec.ts', { cwd: new URL('.', import.meta.url).pathname })
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n');
  const nameOf = (projection: string): string =>
    `${projection.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Projection`;

  it.each(PROJECTIONS)('$name is specified by examples, and by the laws of what comes of a chain', (one) => {
    expect(specs).toMatch(new RegExp(`specify\\(\\s*${nameOf(one.name)}\\b`));
    if (one.tables.some(({ origin }) => origin === 'chain'))
      expect(specs).toMatch(new RegExp(`chainLaws\\(\\s*${nameOf(one.name)}\\b`));
  });
});
