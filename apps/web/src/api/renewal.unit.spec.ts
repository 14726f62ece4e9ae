import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { freshToken, shareRenewals, tokenRefused } from './renewal.js';
import { beginSession, endedBecause, endSession, session } from './session.js';

const kept = new Map<string, string>();
Object.assign(globalThis, {
  sessionStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  },
});

const tokens = (number: number) => ({
  ...{ sessionId: 'session', token: `token ${number}`, refreshToken: `refresh ${number}` },
  ...{ expiresInSeconds: 900, sessionExpiresAt: '2999-01-01T00:00:00.000Z' },
});
/** Answers each refresh by the next tokens, or by a code, or not at all. */
function serve(answer: () => number | string | null) {
  const presented: unknown[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    const { variables } = JSON.parse(String(init?.body)) as { variables: { refreshToken: string } };
    presented.push(variables.refreshToken);
    const next = answer();
    if (next === null) throw new Error('nobody answers');
    const refused = { data: null, errors: [{ message: '', extensions: { code: next } }] };
    return Response.json(typeof next === 'string' ? refused : { data: { refreshSession: tokens(next) } });
  });
  return presented;
}
const LONG_AGO = () => Date.now() - 900_000;

beforeEach(() => void beginSession('0x1', tokens(1), Date.now()));
afterEach(() => {
  jest.restoreAllMocks();
  endSession();
});

describe('the token that is asked with', () => {
  it('is the one that there is, until it is time for the next', async () => {
    const presented = serve(() => 2);
    expect(await freshToken()).toBe('token 1');
    expect(presented).toEqual([]);
    beginSession('0x1', tokens(1), LONG_AGO());
    expect(await freshToken()).toBe('token 2');
    expect(await freshToken()).toBe('token 2');
    expect(presented).toEqual(['refresh 1']);
    expect(JSON.parse(kept.get('abland.session') ?? '')).toMatchObject({ address: '0x1', token: 'token 2' });
  });

  it('is renewed once, however many ask', async () => {
    const presented = serve(() => 2);
    beginSession('0x1', tokens(1), LONG_AGO());
    expect(await Promise.all([freshToken(), freshToken(), freshToken()])).toEqual(Array(3).fill('token 2'));
    expect(presented).toEqual(['refresh 1']);
  });

  it('is another where the server refused it, whatever the clock says', async () => {
    const presented = serve(() => 2);
    tokenRefused();
    expect([await freshToken(), await freshToken()]).toEqual(['token 2', 'token 2']);
    expect(presented).toEqual(['refresh 1']);
  });

  it('is the same again where nobody answers, and is renewed with the next question', async () => {
    let answer: number | null = null;
    const presented = serve(() => answer);
    beginSession('0x1', tokens(1), LONG_AGO());
    expect(await freshToken()).toBe('token 1');
    answer = 2;
    expect(await freshToken()).toBe('token 2');
    expect(presented).toEqual(['refresh 1', 'refresh 1']);
  });

  it.each(['SESSION_ENDED', 'REFRESH_TOKEN_REUSED', 'REFRESH_TOKEN_EXPIRED', 'REFRESH_TOKEN_INVALID'])(
    'is none where the session is over: %s',
    async (code) => {
      serve(() => code);
      beginSession('0x1', tokens(1), LONG_AGO());
      expect(await freshToken()).toBeNull();
      expect([session.get(), kept.size]).toEqual([null, 0]);
      expect(endedBecause.get()).toMatch(/Sign in/);
    },
  );

  it('is that of another tab which renewed it while this one stood still, and no old one is presented', async () => {
    const presented = serve(() => 'REFRESH_TOKEN_REUSED');
    const other = new BroadcastChannel('abland.session');
    const stop = shareRenewals();
    const { sessionId } = beginSession('0x1', tokens(1), LONG_AGO());
    other.onmessage = ({ data }) => {
      expect(data).toMatchObject({ asks: sessionId });
      other.postMessage({ ...session.get(), token: 'token 2', renewAt: Date.now() + 800_000 });
    };
    expect(await freshToken()).toBe('token 2');
    expect(presented).toEqual([]);
    other.close();
    stop();
  });

  it('is told to a tab that asks, where it is newer than its own', async () => {
    const other = new BroadcastChannel('abland.session');
    const stop = shareRenewals();
    const { renewAt, sessionId } = beginSession('0x1', tokens(2), Date.now());
    const told = new Promise((resolve) => (other.onmessage = ({ data }) => resolve(data)));
    other.postMessage({ asks: 'another session', renewAt: 0 });
    other.postMessage({ asks: sessionId, renewAt });
    other.postMessage({ asks: sessionId, renewAt: renewAt - 1 });
    expect(await told).toMatchObject({ sessionId, token: 'token 2' });
    other.close();
    stop();
  });

  it('stays where the server has trouble', async () => {
    serve(() => 'SERVICE_UNAVAILABLE');
    beginSession('0x1', tokens(1), LONG_AGO());
    expect(await freshToken()).toBe('token 1');
  });
});
