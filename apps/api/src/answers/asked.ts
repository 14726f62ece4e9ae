import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isGraphqlUrl } from '../http/graphql-path.js';
import { documentIdOf } from '../trusted-documents/ask-by-id.js';

/** A request of GraphQL, as far as its answer depends on it. */
export interface Asked {
  readonly key: string;
  /** Of the document alone. */
  readonly document: string;
  /** By GET and the id of a trusted document: caches on the way may keep the answer. */
  readonly byId: boolean;
}

/** Null where the request is none whose answer might be kept. */
export function askedOf(request: FastifyRequest): Asked | null {
  if (!isGraphqlUrl(request.url)) return null;
  const given = request.method === 'POST' ? ofBody(request.body) : ofUrl(request);
  if (given === null) return null;
  const accept = request.headers.accept ?? '';
  return {
    key: digestOf(JSON.stringify([given.query, given.operationName, given.variables, accept])),
    document: digestOf(JSON.stringify([given.query, given.operationName])),
    byId: request.method === 'GET',
  };
}

interface Given {
  readonly query: string;
  readonly operationName: string | null;
  /** As JSON; other orders of the same are others. */
  readonly variables: string;
}

function ofBody(body: unknown): Given | null {
  if (typeof body !== 'object' || body === null) return null;
  const {
    extensions,
    operationName = null,
    query,
    variables = null,
    ...others
  } = body as Record<string, unknown>;
  const isPlain = extensions === undefined && Object.keys(others).length === 0;
  if (!isPlain || typeof query !== 'string' || !isName(operationName)) return null;
  const text = textOf(variables);
  return text === null ? null : { query, operationName, variables: text };
}

/** Null where they are nested too deeply to be written: whoever checks them says so. */
function textOf(variables: unknown): string | null {
  try {
    return JSON.stringify(variables);
  } catch {
    return null;
  }
}

function ofUrl(request: FastifyRequest): Given | null {
  if (documentIdOf(request) === null) return null;
  const search = new URLSearchParams(request.url.split('?')[1]);
  if (new Set(search.keys()).size !== [...search.keys()].length) return null;
  const { operationName = null, query, variables = 'null', ...others } = Object.fromEntries(search);
  if (query === undefined || Object.keys(others).length > 0) return null;
  return { query, operationName, variables };
}

const isName = (given: unknown): given is string | null => given === null || typeof given === 'string';

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
