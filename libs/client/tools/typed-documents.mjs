// The types of GraphQL documents, by the printed schema.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildSchema, parse } from 'graphql';

const schemaFile = join(import.meta.dirname, '../../../schemas/graphql/schema.graphql');

const SCALARS = {
  Address: 'string',
  BigIntString: 'string',
  Cursor: 'string',
  DateTime: 'string',
  Hash: 'string',
  HexData: 'string',
  JSON: 'unknown',
  Uuid: 'string',
};

/**
 * Of every document in the files **\/*.graphql of a folder.
 * @param folder absolute
 * @param filename where it will be
 * @returns {Promise<string>} TypeScript
 */
export async function typedDocuments(folder, filename) {
  const text = readFileSync(schemaFile, 'utf8');
  const documents = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({
      location: name,
      document: parse(readFileSync(join(folder, name), 'utf8'), { noLocation: true }),
    }));
  return codegen({
    filename,
    schema: parse(text),
    schemaAst: buildSchema(text),
    documents,
    config: {
      scalars: SCALARS,
      enumsAsTypes: true,
      useTypeImports: true,
      immutableTypes: true,
      skipTypename: true,
      documentMode: 'documentNode',
      optimizeDocumentNode: true,
    },
    plugins: [{ operations: {} }, { typedDocumentNode: {} }],
    pluginMap: { operations, typedDocumentNode },
  });
}
