import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { textOfNamedFile } from './named-file.js';
import { type Environment, read } from './variables.js';

/** What of the schema is told, and what is answered. */
export interface GraphqlConfig {
  readonly introspection: boolean;
  readonly explorer: boolean;
  readonly trustedDocuments: TrustedDocumentsConfig;
  readonly queryLimits: QueryLimitsConfig;
}

/** What one query may ask for. */
export interface QueryLimitsConfig {
  readonly depthMax: number;
  readonly costMax: number;
  readonly lookupsMax: number;
  readonly rootsMax: number;
  readonly aliasesMax: number;
}

export interface TrustedDocumentsConfig {
  readonly texts: readonly string[];
  /** Whether nothing else is answered but what the web app asks. */
  readonly only: boolean;
}

/** As relay-compiler and graphql-codegen write it (by hash), or as Apollo's tools do. */
const format = z.union([
  z.object({
    format: z.literal('apollo-persisted-query-manifest'),
    version: z.literal(1),
    operations: z.array(z.object({ id: z.string(), body: z.string() })),
  }),
  z.record(z.string(), z.string()),
]);

/** @throws ConfigError */
export function graphqlConfig(env: Environment): GraphqlConfig {
  const file = read(env, 'TRUSTED_DOCUMENTS_FILE');
  return {
    introspection: read(env, 'GRAPHQL_INTROSPECTION') === 'on',
    explorer: read(env, 'GRAPHQL_EXPLORER') === 'on',
    trustedDocuments: {
      texts: file === undefined ? [] : textsOf(file),
      only: read(env, 'TRUSTED_DOCUMENTS') === 'only',
    },
    queryLimits: {
      depthMax: read(env, 'QUERY_DEPTH_MAX'),
      costMax: read(env, 'QUERY_COST_MAX'),
      lookupsMax: read(env, 'QUERY_LOOKUPS_MAX'),
      rootsMax: read(env, 'QUERY_ROOTS_MAX'),
      aliasesMax: read(env, 'QUERY_ALIASES_MAX'),
    },
  };
}

const wrong = (problem: string, path?: string): ConfigError =>
  new ConfigError('TRUSTED_DOCUMENTS_FILE', problem, path);

function textsOf(file: string): readonly string[] {
  const parsed = format.safeParse(jsonOf(textOfNamedFile(file, (problem) => wrong(problem))));
  if (!parsed.success)
    throw wrong('must be an object of texts by their SHA-256, or a manifest of persisted queries of Apollo');
  const texts = isManifest(parsed.data)
    ? parsed.data.operations.map(({ body, id }) => [id, body] as const)
    : Object.entries(parsed.data);
  for (const [id, text] of texts) requireId(id, text);
  return texts.map(([, text]) => text);
}

type Parsed = z.output<typeof format>;
const isManifest = (given: Parsed): given is Extract<Parsed, { readonly operations: unknown }> =>
  Array.isArray(given['operations']);

/** What clients ask by is the hash of the text that we have: else they would be answered something else. */
function requireId(id: string, text: string): void {
  const hash = createHash('sha256').update(text).digest('hex');
  if (id.replace(/^sha256:/, '') !== hash) throw wrong(`must be the SHA-256 of its text, ${hash}`, id);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong(`must be JSON: ${(error as Error).message}`);
  }
}
