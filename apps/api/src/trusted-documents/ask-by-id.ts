import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { httpAnswer } from '../errors/http-refusal.js';
import { currentCorrelationId } from '../http/request-context.js';
import { pathOf } from '../rate-limits/limit-requests.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** By the draft of GraphQL over HTTP; Apollo's clients say it in `extensions.persistedQuery`. */
const ID = /^(?:sha256:)?([0-9a-f]{64})$/;
/** What a browser sends only where the API's word allows it: what the server asks of GETs against forgery. */
const NOT_FORGED = 'apollo-require-preflight';

const byId = new WeakMap<FastifyRequest, string>();

/** By which id the document was asked; null: it was not. */
export const documentIdOf = (request: FastifyRequest): string | null => byId.get(request) ?? null;

/**
 * Puts the text of a trusted document in the place of its id. By id one may ask by GET without the header that guards other GETs: a
 * trusted query does nothing, and tells pages of others nothing, as no browser sends a token by itself.
 */
export function askById(fastify: FastifyInstance, trusted: TrustedDocuments): void {
  fastify.addHook('preHandler', async (request, reply) => {
    if (!/^\/graphql\/?$/.test(pathOf(request.url))) return;
    if (request.method === 'GET') return ofGet(request, reply, trusted);
    if (request.method === 'POST') return ofPost(request, reply, trusted);
  });
}

function ofGet(
  request: FastifyRequest,
  reply: FastifyReply,
  trusted: TrustedDocuments,
): FastifyReply | undefined {
  const [path = '', ...rest] = request.url.split('?');
  const search = new URLSearchParams(rest.join('?'));
  const id = idOf(search.get('documentId') ?? undefined, jsonOf(search.get('extensions')));
  if (search.has('query') || id === null) return undefined;
  const text = trusted.textOf(id);
  if (text === undefined) return unknown(reply);
  for (const name of ['documentId', 'extensions']) search.delete(name);
  search.set('query', text);
  request.raw.url = `${path}?${search}`;
  request.headers[NOT_FORGED] = 'trusted';
  byId.set(request, id);
  return undefined;
}

function ofPost(
  request: FastifyRequest,
  reply: FastifyReply,
  trusted: TrustedDocuments,
): FastifyReply | undefined {
  const { body } = request;
  if (!isRecord(body) || (body['query'] !== undefined && body['query'] !== null)) return undefined;
  const id = idOf(body['documentId'], body['extensions']);
  if (id === null) return undefined;
  const text = trusted.textOf(id);
  if (text === undefined) return unknown(reply);
  delete body['documentId'];
  delete body['extensions'];
  body['query'] = text;
  byId.set(request, id);
  return undefined;
}

/** Null where none is named: the request is none by id. What is named and is no id is one that nobody knows. */
function idOf(documentId: unknown, extensions: unknown): string | null {
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const named = documentId ?? (isRecord(persisted) ? persisted['sha256Hash'] : undefined);
  if (named === undefined || named === null) return null;
  return (typeof named === 'string' && ID.exec(named)?.[1]) || '';
}

/** Apollo's clients know the code, and send the whole text in its place. */
function unknown(reply: FastifyReply): FastifyReply {
  const message = 'No document of this id is known here';
  const told = { code: 'PERSISTED_QUERY_NOT_FOUND', message, details: {} } as const;
  return reply.code(404).type('application/json').send(httpAnswer(told, currentCorrelationId()));
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null; // the server says so
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
