import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createApiClient } from './api-client.js';

afterEach(() => void jest.restoreAllMocks());

/** A server whose tokens are `1`, `2` and so on, of which the newest is good. */
function serve() {
  const server = { good: 1, refreshed: [] as unknown[], isDown: false };
  const refused = (code: string, reason: string) =>
    Response.json({ errors: [{ message: code, extensions: { code, details: { reason } } }] });
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    const { query, variables } = JSON.parse(String(init?.body)) as {
      query: string;
      variables: { refreshToken?: string };
    };
    const { authorization } = init?.headers as Record<string, string>;
    if (query.includes('refreshSession')) {
      if (server.isDown) throw new Error('nobody answers');
      server.refreshed.push([variables.refreshToken, authorization]);
      server.good += 1;
      const tokens = { token: `${server.good}`, refreshToken: `r${server.good}` };
      return Response.json({ data: { refreshSession: tokens } });
    }
    return authorization === `Bearer ${server.good}`
      ? Response.json({ data: { me: authorization } })
      : refused('UNAUTHENTICATED', authorization === 'Bearer forged' ? 'INVALID' : 'EXPIRED');
  });
  return server;
}

describe('a client of the API whose access token is over', () => {
  it('refreshes its session once, however many ask, and asks again', async () => {
    const server = serve();
    const client = createApiClient('http://here');
    client.authorize({ token: '0', refreshToken: 'r0' });
    server.good = 7;
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.query('{ me }')));
    expect(answers).toEqual(Array(5).fill({ me: 'Bearer 8' }));
    expect(server.refreshed).toEqual([['r0', undefined]]);
    server.good = 9;
    await client.query('{ me }');
    expect(server.refreshed.at(-1)).toEqual(['r8', undefined]);
  });

  it('refreshes with the same token again where no answer came', async () => {
    const server = serve();
    const client = createApiClient('http://here');
    client.authorize({ token: '0', refreshToken: 'r0' });
    server.isDown = true;
    await expect(client.query('{ me }')).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    server.isDown = false;
    expect(await client.query('{ me }')).toEqual({ me: 'Bearer 2' });
    expect(server.refreshed).toEqual([['r0', undefined]]);
  });

  it('tells every other refusal as it is', async () => {
    const server = serve();
    const client = createApiClient('http://here');
    await expect(client.query('{ me }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    client.authorize({ token: 'forged', refreshToken: 'r0' });
    await expect(client.query('{ me }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(server.refreshed).toEqual([]);
  });
});
