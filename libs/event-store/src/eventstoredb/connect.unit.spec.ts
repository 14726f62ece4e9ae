import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connect } from './connect.js';

const SECRET = 'SECRET0123';

describe('the URL of EventStoreDB', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
    for (const way of ['warn', 'error', 'log'] as const)
      jest.spyOn(console, way).mockImplementation((...words: unknown[]) => void said.push(words.join(' ')));
  });
  afterEach(() => void jest.restoreAllMocks());

  it.each([
    ['an option that does not exist', 'host:2113?tls=false&tlsInsecure=true'],
    ['certificates unverified', 'host:2113?tlsVerifyCert=false'],
    ['a value of another kind', 'host:2113?tls=maybe'],
    ['no port', 'host:port'],
    ['no host', '?'],
  ])('is refused without being shown for %s', (_, rest) => {
    let error: unknown;
    try {
      connect(`esdb://admin:${SECRET}@${rest}`);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'EVENT_STORE_URL_INVALID' });
    const { message, stack, cause } = error as Error;
    expect(`${message} ${stack} ${String(cause)} ${said.join(' ')}`).not.toContain(SECRET);
  });

  it.each([
    'esdb://localhost:2113?tls=false',
    'esdb+discover://one:2113,two:2113?nodePreference=leader&TLS=false',
  ])('is taken, without a word, as %s', async (url) => {
    await connect(url).dispose();
    expect(said).toEqual([]);
  });
});
