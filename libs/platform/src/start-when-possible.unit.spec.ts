import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Timing } from '@abland/kernel';
import { freePort } from '@abland/testing';
import { startWhenPossible } from './start-when-possible.js';

const away = (message = 'connect ECONNREFUSED'): Error =>
  Object.assign(new Error(message), { code: 'ECONNREFUSED' });
const timing = (onPause: () => Promise<void>): Timing => ({ now: () => 0, random: () => 0, pause: onPause });

describe('starting when it is possible', () => {
  const told: string[] = [];
  const options = {
    port: null,
    signal: new AbortController().signal,
    onWait: (why: string) => void told.push(why),
    timing: timing(() => Promise.resolve()),
  } as const;

  it('waits for what is away, and tells each reason once', async () => {
    told.length = 0;
    const outcomes = [away(), away(), away('the other is away'), null];
    const start = () => {
      const failure = outcomes.shift();
      return failure === null ? Promise.resolve('started') : Promise.reject(failure as Error);
    };
    expect(await startWhenPossible(start, options)).toBe('started');
    expect(told).toEqual(['abland: connect ECONNREFUSED', 'abland: the other is away (ECONNREFUSED)']);
  });

  it('fails at once of what no waiting helps', async () => {
    let calls = 0;
    const start = () => Promise.reject(new Error(`wrong ${(calls += 1)}`));
    await expect(startWhenPossible(start, options)).rejects.toThrow('wrong 1');
  });

  it('says at its port that it lives and is not ready, without secrets, and leaves the port to what starts', async () => {
    const port = await freePort();
    const answers: string[] = [];
    const ask = async (path: string): Promise<void> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      answers.push(`${response.status} ${await response.text()}`);
    };
    let calls = 0;
    const start = async () => {
      calls += 1;
      if (calls < 3) throw away('postgres://me:SECRETKEY@db/x is away');
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, resolve));
      await new Promise((resolve) => server.close(resolve));
      return calls;
    };
    const pausing = timing(async () => {
      for (const path of ['/health', '/ready', '/graphql']) await ask(path);
    });
    expect(await startWhenPossible(start, { ...options, port, timing: pausing })).toBe(3);
    const refused = '503 {"status":"not ready","error":"abland: postgres://db/… is away (ECONNREFUSED)"}';
    const lives = expect.stringMatching(/^200 \{"status":"ok","version":"[\d.]+","uptimeSeconds":\d+\}$/);
    const once = [lives, refused, refused];
    expect(answers).toEqual([...once, ...once]);
  });

  it('ends its waiting at a stop', async () => {
    const stopping = new AbortController();
    const pausing = timing(() => Promise.resolve(stopping.abort()));
    const start = () => Promise.reject(away());
    const ended = startWhenPossible(start, { ...options, signal: stopping.signal, timing: pausing });
    await expect(ended).rejects.toThrow('ECONNREFUSED');
  });
});
