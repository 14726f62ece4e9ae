import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { graphqlConfig } from './graphql-config.js';

const folder = mkdtempSync(join(tmpdir(), 'abland-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = '{ _meta { chainId } }';
const HASH = createHash('sha256').update(TEXT).digest('hex');

function withFile(content: unknown) {
  const file = join(folder, 'documents.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return graphqlConfig({ TRUSTED_DOCUMENTS_FILE: file, TRUSTED_DOCUMENTS: 'only' }).trustedDocuments;
}

describe('what GraphQL is answered', () => {
  it('is all, and the schema is told, where nothing is set', () => {
    const trustedDocuments = { texts: [], only: false };
    const queryLimits = { depthMax: 15, costMax: 20_000, lookupsMax: 50, rootsMax: 50, aliasesMax: 100 };
    expect(graphqlConfig({})).toEqual({ introspection: true, explorer: true, trustedDocuments, queryLimits });
    expect(graphqlConfig({ QUERY_ROOTS_MAX: '10' }).queryLimits.rootsMax).toBe(10);
    expect(() => graphqlConfig({ QUERY_COST_MAX: '1' })).toThrow(
      expect.objectContaining({ variable: 'QUERY_COST_MAX' }),
    );
    expect(graphqlConfig({ GRAPHQL_INTROSPECTION: 'off', GRAPHQL_EXPLORER: 'off' })).toMatchObject({
      ...{ introspection: false, explorer: false },
    });
  });

  it.each([
    ['texts by hash', { [HASH]: TEXT }],
    ['texts by hash as GraphQL over HTTP says it', { [`sha256:${HASH}`]: TEXT }],
    [
      'a manifest of Apollo’s',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: HASH, name: 'Meta', type: 'query', body: TEXT }],
      },
    ],
  ])('is what a file has: %s', (_, content) => {
    expect(withFile(content)).toEqual({ texts: [TEXT], only: true });
  });

  it.each([
    ['{', /must be JSON/],
    [[TEXT], /must be an object/],
    [{ [HASH]: 7 }, /must be an object/],
    [{ [HASH.replace(/^./, 'z')]: TEXT }, /must be the SHA-256 of its text/],
    [{ operations: [{ id: HASH, body: TEXT }] }, /must be an object/],
  ])('is refused by name where the file is none: %j', (content, problem) => {
    expect(() => withFile(content)).toThrow(problem);
    expect(() => withFile(content)).toThrow(expect.objectContaining({ variable: 'TRUSTED_DOCUMENTS_FILE' }));
  });
});
