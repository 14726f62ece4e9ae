import { describe, expect, it } from '@jest/globals';
import { sessions, signingSecrets } from './sessions-config.js';

const BUILT_IN = 'development-only-secret-not-for-production';
const [ONE, OTHER] = [
  'a secret of more than thirty-two characters',
  'yet another secret of more than thirty-two characters',
];
const production = { NODE_ENV: 'production', JWT_SECRET: ONE };

describe('the secrets of sessions', () => {
  it('are the one that signs, and those that verify too', () => {
    expect(signingSecrets({ ...production, JWT_OTHER_SECRETS: OTHER })).toEqual({
      ...{ jwtSecret: ONE, jwtOtherSecrets: [OTHER] },
    });
    expect(signingSecrets(production).jwtOtherSecrets).toEqual([]);
  });

  it.each([BUILT_IN, BUILT_IN.toUpperCase(), `${OTHER},${BUILT_IN}`, `${OTHER},${OTHER}`, ONE, 'short'])(
    'are refused in production where they verify by what is public, twice, or nothing: %s',
    (JWT_OTHER_SECRETS) => {
      expect(() => signingSecrets({ ...production, JWT_OTHER_SECRETS })).toThrow(
        expect.objectContaining({ variable: 'JWT_OTHER_SECRETS' }),
      );
    },
  );

  it('may be what is public at a developer’s machine alone', () => {
    const env = { JWT_SECRET: ONE, JWT_OTHER_SECRETS: BUILT_IN };
    expect(() => signingSecrets(env)).not.toThrow();
    for (const elsewhere of [{ DATABASE_URL: 'postgres://u@h/d' }, { PUBLIC_URL: 'https://abland.example' }])
      expect(() => signingSecrets({ ...env, ...elsewhere })).toThrow('JWT_OTHER_SECRETS');
  });
});

it('a session lasts a month by tokens of a quarter of an hour, unless it is told otherwise', () => {
  expect(sessions({})).toEqual({
    ...{ issuer: 'abland', audience: 'abland-api', accessTokenMinutes: 15, sessionDays: 30 },
  });
  expect(() => sessions({ JWT_ISSUER: 'with blanks' })).toThrow('JWT_ISSUER');
  expect(() => sessions({ ACCESS_TOKEN_MINUTES: '0' })).toThrow('ACCESS_TOKEN_MINUTES');
  expect(() => sessions({ SESSION_DAYS: '366' })).toThrow('SESSION_DAYS');
});
