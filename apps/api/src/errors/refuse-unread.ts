import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { v4 as uuidv4 } from 'uuid';
import { prepareAnswer } from '../http/http-hooks.js';
import { currentCorrelationId } from '../http/request-context.js';
import { httpAnswer, type HttpRefusal } from './http-refusal.js';

/** For the client to take its answer, and to end its side. */
const LEFT_OPEN_MS = 5_000;

const PATH_UNREADABLE = refusal(400, 'PATH_UNREADABLE', 'The path is no text');

const CONTENT_ENCODING = refusal(415, 'CONTENT_ENCODING', 'A body is read as it is, not compressed');

/** By the codes of Node's parser of HTTP; all others are `REQUEST_UNREADABLE`. */
const UNPARSED: Readonly<Record<string, HttpRefusal>> = {
  HPE_HEADER_OVERFLOW: refusal(
    431,
    'HEADERS_TOO_LARGE',
    'Address and headers together are longer than 16 KiB',
  ),
  ERR_HTTP_REQUEST_TIMEOUT: refusal(408, 'REQUEST_TOO_SLOW', 'The request did not come whole in time'),
};
const REQUEST_UNREADABLE = refusal(400, 'REQUEST_UNREADABLE', 'The request is not HTTP');

/** What the server refuses before any hook runs: a path that is no text. */
export function refuseUnread(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const correlationId = prepareAnswer(request, reply);
  const { status, ...told } = PATH_UNREADABLE;
  void reply.code(status).type('application/json').send(httpAnswer(told, correlationId));
}

/** A body in an encoding that is not taken off: with what is, as RFC 9110 (12.5.3) has it. */
export function refuseEncoded(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { 'content-encoding': encoding = '' } = request.headers;
  if (encoding === '' || encoding.toLowerCase() === 'identity') return done();
  const { status, ...told } = CONTENT_ENCODING;
  const body = httpAnswer(told, currentCorrelationId());
  void reply.code(status).header('accept-encoding', 'identity').type('application/json').send(body);
}

/**
 * What never becomes a request: nothing but the connection is there to answer on, and it ends with the answer. What still comes on
 * it is read and left: a connection that is closed with something unread takes the answer along.
 */
export function refuseUnparsed(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writableEnded) return; // it has its answer, and sends more that is no request
  if (!socket.writable) return void socket.destroy(error);
  const { status, ...told } = UNPARSED[error.code] ?? REQUEST_UNREADABLE;
  const body = httpAnswer(told, uuidv4());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Content-Type: application/json\r\nConnection: close\r\n\r\n${body}`,
  );
  const late = setTimeout(() => socket.destroy(), LEFT_OPEN_MS);
  socket.once('close', () => clearTimeout(late));
}

function refusal(status: number, reason: string, message: string): HttpRefusal {
  return { status, code: 'BAD_REQUEST', message, details: { reason } };
}
