import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HttpPlace } from './http-place.js';

const refusal = (code: string): string => JSON.stringify({ errors: [{ message: '', extensions: { code } }] });
const TILE = { level: 0, number: 0, width: 2 };
const ENTRIES = { ...TILE, level: 'entries' as const };

describe('a log behind HTTP', () => {
  let server: Server;
  let asked: string[];
  let answer: (path: string, response: ServerResponse) => void;
  const place = (answerWithinMs = 60_000, signal = new AbortController().signal): HttpPlace =>
    new HttpPlace(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log`, {
      answerWithinMs,
      signal,
    });
  const answering = (status: number, body: string | Uint8Array) => {
    answer = (_path, response) => {
      response.statusCode = status;
      response.end(body);
    };
  };

  beforeEach(async () => {
    asked = [];
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      answer(url, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  });

  it('gives what it serves by the paths of tlog-tiles, and asks once for a tile that it has', async () => {
    answering(200, new Uint8Array(64).fill(3));
    const log = place();
    expect(await log.tile(TILE)).toEqual(Buffer.alloc(64, 3));
    expect(await log.tile(TILE)).toEqual(Buffer.alloc(64, 3));
    expect(await log.entries(ENTRIES)).toEqual(Buffer.alloc(64, 3));
    expect(asked).toEqual(['/log/tile/0/000.p/2', '/log/tile/entries/000.p/2']);
  });

  it('takes the beginning of the full tile where the partial one is gone', async () => {
    answer = (path, response) => {
      response.statusCode = path.includes('.p/') ? 404 : 200;
      response.end(new Uint8Array(256 * 32).map((_byte, at) => at / 32));
    };
    expect(await place().tile(TILE)).toEqual(Buffer.concat([Buffer.alloc(32, 0), Buffer.alloc(32, 1)]));
  });

  it('keeps nothing of what is longer than it may be', async () => {
    answer = (_path, response) => {
      const more = (): boolean => response.write(Buffer.alloc(65_536));
      response.on('drain', () => void more());
      more();
    };
    const tooLong = { code: 'WRONG_ANSWER', message: expect.stringMatching(/more than \d+ bytes/) };
    await expect(place().tile(TILE)).rejects.toMatchObject(tooLong);
    await expect(place().checkpoint()).rejects.toMatchObject(tooLong);
    await expect(place().entries(ENTRIES)).rejects.toMatchObject(tooLong);
  });

  it('is away where its answer does not come to an end in time, whatever its first bytes did', async () => {
    const over: AbortController[] = [];
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      over.push(new AbortController());
      return over.at(-1)?.signal ?? AbortSignal.abort();
    });
    answer = (_path, response) => {
      response.write('example', () => setTimeout(() => over.at(-1)?.abort(late), 100));
    };
    const late = new DOMException('Late', 'TimeoutError');
    const message = 'it gave no whole answer within 1000 ms';
    await expect(place(1_000).checkpoint()).rejects.toMatchObject({ code: 'UNREACHABLE', message });
    expect(asked).toHaveLength(4);
    expect(timeout.mock.calls).toEqual([[1_000], [1_000], [1_000], [1_000]]);
  });

  it('is asked again while it says that it cannot answer now', async () => {
    answer = (_path, response) => {
      response.statusCode = asked.length < 3 ? ([503, 429][asked.length - 1] ?? 0) : 200;
      response.end('a note');
    };
    expect(await place().checkpoint()).toBe('a note');
  });

  it('says what it answers otherwise', async () => {
    answering(404, refusal('ENTRIES_NOT_PUBLIC_YET'));
    expect(await place().entries(ENTRIES)).toBeNull();
    answering(500, refusal('LOG_REWRITTEN'));
    await expect(place().entries(ENTRIES)).rejects.toMatchObject({ code: 'REWRITTEN' });
    answering(404, 'nothing');
    await expect(place().entries(ENTRIES)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(place().tile(TILE)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    for (const status of [204, 301, 403]) {
      answering(status, '');
      await expect(place().checkpoint()).rejects.toMatchObject({ code: 'WRONG_ANSWER' });
    }
    answering(200, 'key\n'.repeat(17));
    await expect(place().verifierKeys()).rejects.toMatchObject({ message: 'it shows 17 keys' });
    answering(200, 'no key');
    await expect(place().verifierKeys()).rejects.toMatchObject({ code: 'WRONG_ANSWER' });
  });

  it('is not asked any more after the end', async () => {
    const ending = new AbortController();
    answer = () => ending.abort();
    await expect(place(60_000, ending.signal).checkpoint()).rejects.toThrow(/abort/i);
    expect(asked).toHaveLength(1);
  });
});
