import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { DOMAIN_ERROR_CODES } from '@abland/domain';
import { buildSchema, isEnumType, parse, validate } from 'graphql';
import { explorerTabs } from '../explorer/tabs.mjs';
import { apiErrorCodes, printApiSchema } from '../src/index.js';

const root = new URL('../../../', import.meta.url);

describe('what the API promises', () => {
  it('is printed to schemas/graphql/schema.graphql', async () => {
    const committed = await readFile(new URL('schemas/graphql/schema.graphql', root), 'utf8');
    expect(committed).toBe(await printApiSchema());
  });

  it('holds for every query that the explorer comes with', async () => {
    const schema = buildSchema(await printApiSchema());
    for (const { query, variables, headers } of explorerTabs) {
      expect(validate(schema, parse(query))).toEqual([]);
      expect(() => [variables, headers].map((text) => JSON.parse(text ?? '{}'))).not.toThrow();
    }
  });

  it('names every code in docs/errors.md and none that does not exist', async () => {
    const documented = [
      ...(await readFile(new URL('docs/errors.md', root), 'utf8')).matchAll(/^\| `([A-Z_0-9]+)` +\|/gm),
    ].map(([, code]) => code);
    const codes = new Set<string>([...Object.keys(apiErrorCodes), ...DOMAIN_ERROR_CODES]);
    expect(new Set(documented)).toEqual(codes);
    expect(documented).toHaveLength(codes.size);
  });

  it('names every status in docs/statuses.md and none that does not exist', async () => {
    const tables = [
      ...(await readFile(new URL('docs/statuses.md', root), 'utf8')).matchAll(
        /^\| (?:status|state) .*\n\|.*\n((?:\|.*\n?)+)/gm,
      ),
    ].map(([, rows = '']) => [...rows.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, status]) => status).toSorted());
    const types = Object.values(buildSchema(await printApiSchema()).getTypeMap());
    const promised = types
      .filter(isEnumType)
      .filter(({ name }) => /(Status|State)$/.test(name))
      // What never became a request is told below the table of requests.
      .map((type) =>
        type
          .getValues()
          .flatMap(({ name }) => (name === 'REJECTED' ? [] : name))
          .toSorted(),
      );
    expect(tables.map(String).toSorted()).toEqual(promised.map(String).toSorted());
  });
});
