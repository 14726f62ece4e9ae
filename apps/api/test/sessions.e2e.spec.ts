import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESSIONS_MAX, userStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { type BaseWallet, Wallet } from 'ethers';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { USUAL_SESSION_SETTINGS } from '../src/sessions/session-settings.js';
import { signingKeys } from '../src/sessions/signing-keys.js';
import { type TokenClaims, Tokens } from '../src/sessions/tokens.js';
import { type ApiClient, REQUEST_SIGN_IN } from './api-client.js';
import { ERASE_MY_DATA } from './documents.js';
import { newKey } from './market-fixture.js';
import { OtherProcesses } from './other-processes.js';
import { JWT_SECRET, startTestApi, type TestApi } from './test-api.js';

const FIELDS = 'sessionId token expiresAt expiresInSeconds refreshToken sessionExpiresAt';
const SIGN_IN = `mutation ($message: String!, $signature: HexData!) {
  signIn(message: $message, signature: $signature) { ${FIELDS} }
}`;
const REFRESH = `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${FIELDS} } }`;
const SESSIONS = '{ sessions { sessionId startedAt refreshedAt expiresAt current } }';
const SIGN_OUT = 'mutation { signOut { ended } }';
const SIGN_OUT_EVERYWHERE = 'mutation { signOutEverywhere { ended } }';
const REVOKE = 'mutation ($sessionId: Uuid!) { revokeSession(sessionId: $sessionId) { ended } }';
const ME = '{ me { address } }';
const MINUTE_MS = 60_000;
const NEW_SECRET = 'the-next-secret-of-the-tests-with-32-characters';

interface Told {
  readonly sessionId: string;
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
}

let api: TestApi;
const others = new OtherProcesses(() => api);
const another = (config: object = {}): Promise<ApiClient> => others.start(config);
beforeAll(async () => {
  api = await startTestApi({ config: { sessionSettings: USUAL_SESSION_SETTINGS } });
});
afterAll(async () => {
  await others.stop();
  await api.stop();
});

async function signIn(wallet: BaseWallet, at: ApiClient = api.client): Promise<Told> {
  const { message } = (await at.query(REQUEST_SIGN_IN, { address: wallet.address })).requestSignIn;
  return (await at.query(SIGN_IN, { message, signature: await wallet.signMessage(message) })).signIn;
}
const refresh = async ({ refreshToken }: Told, at: ApiClient = api.client): Promise<Told> =>
  (await at.query(REFRESH, { refreshToken })).refreshSession;
/** How much the log has of the person that a token names. */
async function recordedOf(token: string): Promise<number> {
  const [, claims = ''] = token.split('.');
  const { sub = '' } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as { sub?: string };
  return (await api.events(userStream(sub))).length;
}
const refusedRefresh = async (refreshToken: string) => {
  const before = await recordedOf(refreshToken);
  const { extensions } = await api.client.refusal(REFRESH, { refreshToken });
  const { code, details, field } = extensions;
  return { code, field, reason: details['reason'], isRecorded: (await recordedOf(refreshToken)) !== before };
};
const reasonAt = async (client: ApiClient, token: string): Promise<unknown> => {
  const { code, details } = (await client.as(token).refusal(ME)).extensions;
  expect(code).toBe('UNAUTHENTICATED');
  return details['reason'];
};
const reasonOf = (token: string): Promise<unknown> => reasonAt(api.client, token);
const endings = async (wallet: BaseWallet) =>
  (await api.events(userStream(wallet.address)))
    .filter(({ type }) => type === 'SessionEnded')
    .map(({ data }) => [data['sessionId'], data['reason']]);

describe('a session', () => {
  it('begins with tokens of which the log has nothing, and is listed', async () => {
    const wallet = Wallet.createRandom();
    const told = await signIn(wallet);
    expect(told.expiresInSeconds).toBe(15 * 60);
    expect(decodeProtectedHeader(told.token)).toMatchObject({ alg: 'HS256', typ: 'at+jwt' });
    expect(decodeJwt(told.token)).toMatchObject({ iss: 'abland', aud: 'abland-api', sid: told.sessionId });
    const second = await signIn(wallet);
    const { sessions } = await api.client.as(told.token).query(SESSIONS);
    expect(sessions).toMatchObject([
      { sessionId: second.sessionId, current: false },
      { sessionId: told.sessionId, current: true },
    ]);
    const stored = JSON.stringify(await api.events(userStream(wallet.address)), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(stored).toContain(told.sessionId);
    for (const secret of [told.token, told.refreshToken, String(decodeJwt(told.refreshToken).jti)])
      expect(stored).not.toContain(secret);
  });

  it('goes on with new tokens when the access token is over, each of them good once', async () => {
    const wallet = Wallet.createRandom();
    const first = await signIn(wallet);
    api.clock.advance(15 * MINUTE_MS + 1_000);
    expect(await reasonOf(first.token)).toBe('EXPIRED');
    const second = await refresh(first);
    expect(second).toMatchObject({ sessionId: first.sessionId, expiresInSeconds: 15 * 60 });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await api.client.as(second.token).query(ME)).me.address).toBe(wallet.address);
    const third = await refresh(second);
    await api.client.as(third.token).query(ME);
  });

  it('is over thirty days after the sign-in, however often it is refreshed', async () => {
    const wallet = Wallet.createRandom();
    let told = await signIn(wallet);
    for (let week = 0; week < 4; week += 1) {
      api.clock.advance(7 * 24 * 60 * MINUTE_MS);
      told = await refresh(told);
    }
    api.clock.advance(3 * 24 * 60 * MINUTE_MS);
    expect(await refusedRefresh(told.refreshToken)).toEqual({
      ...{ code: 'REFRESH_TOKEN_EXPIRED', field: 'refreshToken', reason: undefined, isRecorded: false },
    });
    expect((await api.client.as((await signIn(wallet)).token).query(SESSIONS)).sessions).toHaveLength(1);
  });

  it('gives who lost the answer the same successor again, also to many at once', async () => {
    const wallet = Wallet.createRandom();
    const first = await signIn(wallet);
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(first)));
    api.clock.advance(MINUTE_MS / 2);
    answers.push(await refresh(first));
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const types = (await api.events(userStream(wallet.address))).map(({ type }) => type);
    expect(types.filter((type) => type === 'SessionRefreshed')).toHaveLength(1);
    await refresh(answers[0] as Told);
  });

  it('ends when a refresh token is presented again that was used before: two have it', async () => {
    const wallet = Wallet.createRandom();
    const [stolen, untouched] = [await signIn(wallet), await signIn(wallet)];
    const second = await refresh(stolen);
    const third = await refresh(second);
    const told = { code: 'REFRESH_TOKEN_REUSED', field: 'refreshToken', reason: undefined, isRecorded: true };
    expect(await refusedRefresh(stolen.refreshToken)).toEqual(told);
    for (const { token } of [second, third]) expect(await reasonOf(token)).toBe('ENDED');
    for (const { refreshToken } of [stolen, second, third])
      expect(await refusedRefresh(refreshToken)).toMatchObject({ code: 'SESSION_ENDED', isRecorded: false });
    expect(await endings(wallet)).toEqual([[stolen.sessionId, 'TOKEN_REPLAYED']]);
    await api.client.as(untouched.token).query(ME);

    const late = await signIn(wallet);
    await refresh(late);
    api.clock.advance(MINUTE_MS + 1_000);
    expect(await refusedRefresh(late.refreshToken)).toEqual(told);
  });

  it('is ended by its person: this one, another, or all', async () => {
    const wallet = Wallet.createRandom();
    const told = [await signIn(wallet), await signIn(wallet), await signIn(wallet), await signIn(wallet)];
    const [mine, lost, third, fourth] = told as [Told, Told, Told, Told];
    const { sessionId } = lost;
    expect(await api.client.as(mine.token).query(REVOKE, { sessionId })).toEqual({
      revokeSession: { ended: 1 },
    });
    expect(await reasonOf(lost.token)).toBe('ENDED');
    expect(await api.client.as(mine.token).query(SIGN_OUT)).toEqual({ signOut: { ended: 1 } });
    expect(await reasonOf(mine.token)).toBe('ENDED');
    expect(await refusedRefresh(mine.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    expect(await api.client.as(third.token).query(SIGN_OUT_EVERYWHERE)).toEqual({
      signOutEverywhere: { ended: 2 },
    });
    for (const { token } of [third, fourth]) expect(await reasonOf(token)).toBe('ENDED');
    expect(await endings(wallet)).toEqual([
      [lost.sessionId, 'REVOKED'],
      [mine.sessionId, 'SIGNED_OUT'],
      [third.sessionId, 'SIGNED_OUT_EVERYWHERE'],
      [fourth.sessionId, 'SIGNED_OUT_EVERYWHERE'],
    ]);
  });

  it('of another is nobody’s to end, or to know', async () => {
    const [mine, theirs] = [await signIn(Wallet.createRandom()), await signIn(Wallet.createRandom())];
    const recorded = () => Promise.all([mine, theirs].map(({ token }) => recordedOf(token)));
    const before = await recorded();
    for (const sessionId of [theirs.sessionId, '00000000-0000-4000-8000-000000000000']) {
      const { extensions } = await api.client.as(mine.token).refusal(REVOKE, { sessionId });
      expect(extensions).toMatchObject({ code: 'UNKNOWN_SESSION', field: 'sessionId' });
    }
    expect(await recorded()).toEqual(before);
    await api.client.as(theirs.token).query(ME);
  });

  it('ends with the erasure of its person, and no token brings it back', async () => {
    const wallet = Wallet.createRandom();
    const told = await signIn(wallet);
    const input = { idempotencyKey: newKey(), confirmAddress: wallet.address };
    await api.client.as(told.token).query(ERASE_MY_DATA, { input });
    expect(await reasonOf(told.token)).toBe('ENDED');
    expect(await refusedRefresh(told.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
    await signIn(wallet);
    expect(await refusedRefresh(told.refreshToken)).toMatchObject({ code: 'SESSION_ENDED' });
  });

  it('is over at once for the process that recorded its end, also where that hears nothing of the log', async () => {
    const alone = await others.startDeaf();
    const wallet = Wallet.createRandom();
    const told = await signIn(wallet, alone);
    await alone.as(told.token).query(ME);
    for (let count = 0; count < SESSIONS_MAX; count += 1) await signIn(wallet, alone);
    expect(await reasonAt(alone, told.token)).toBe('ENDED');

    const last = await signIn(wallet, alone);
    await alone.as(last.token).query(ME);
    const input = { idempotencyKey: newKey(), confirmAddress: wallet.address };
    await alone.as(last.token).query(ERASE_MY_DATA, { input });
    expect(await reasonAt(alone, last.token)).toBe('ENDED');
  });

  it('is the same for every process of the API, its beginning and its end', async () => {
    const there = await another();
    const wallet = Wallet.createRandom();
    const first = await signIn(wallet);
    await there.as(first.token).query(ME);
    // What the other process remembers of the person is older than this one.
    const second = await signIn(wallet);
    await there.as(second.token).query(ME);
    const refreshed = await refresh(second, there);
    await api.client.as(refreshed.token).query(SIGN_OUT);
    await eventually(async () => expect(await reasonAt(there, refreshed.token)).toBe('ENDED'));
    await there.as(first.token).query(ME);
  });
});

describe('a change of the secret', () => {
  it('asks nobody to sign in again who is told of it first, and refuses a key that is not in use', async () => {
    const [ready, changed] = [
      await another({ jwtOtherSecrets: [NEW_SECRET] }),
      await another({ jwtSecret: NEW_SECRET, jwtOtherSecrets: [JWT_SECRET] }),
    ];
    const first = await signIn(Wallet.createRandom());
    await changed.as(first.token).query(ME);
    const second = await refresh(first, changed);
    expect(decodeProtectedHeader(second.token).kid).not.toBe(decodeProtectedHeader(first.token).kid);
    for (const client of [ready, changed]) await client.as(second.token).query(ME);
    // Who lost that answer may ask a process that does not sign with it yet.
    expect(decodeJwt((await refresh(first, ready)).refreshToken).jti).toBe(
      decodeJwt(second.refreshToken).jti,
    );
    expect(await reasonOf(second.token)).toBe('UNKNOWN_KEY');
    const gone = await another({ jwtSecret: NEW_SECRET });
    await gone.as(second.token).query(ME);
    expect(await reasonAt(gone, first.token)).toBe('UNKNOWN_KEY');
  });
});

describe('a bad token', () => {
  const keys = signingKeys(JWT_SECRET);
  const ours = new Tokens(keys, USUAL_SESSION_SETTINGS);
  const foreign = (over: object) => new Tokens(keys, { ...USUAL_SESSION_SETTINGS, ...over });
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** By hand: no library signs so. */
  function handMade(header: object, claims: object, secret: string | null): string {
    const text = `${encoded(header)}.${encoded(claims)}`;
    return `${text}.${secret === null ? '' : createHmac('sha256', secret).update(text).digest('base64url')}`;
  }
  async function claimsOf({ token }: Told): Promise<TokenClaims> {
    const claims = await ours.verify('access', token, api.clock());
    if (typeof claims === 'string') throw new Error(claims);
    return claims;
  }

  it('lets nobody in, and says why as far as that helps', async () => {
    const told = await signIn(Wallet.createRandom());
    const claims = await claimsOf(told);
    const now = api.clock();
    const { kid } = keys.signing;
    const body = decodeJwt(told.token);
    const header = { alg: 'HS256', typ: 'at+jwt', kid };
    const [head = '', , seal = ''] = told.token.split('.');
    const lent = encoded({ ...body, sub: Wallet.createRandom().address });
    const cases: readonly (readonly [string, string])[] = [
      [handMade({ ...header, alg: 'none' }, body, null), 'INVALID'],
      [handMade({ ...header, alg: 'NONE' }, body, null), 'INVALID'],
      [handMade({ ...header, alg: 'HS512' }, body, JWT_SECRET), 'INVALID'],
      [handMade({ ...header, alg: 'RS256' }, body, JWT_SECRET), 'INVALID'],
      [handMade(header, body, 'another-secret-that-has-32-characters'), 'INVALID'],
      [`${head}.${lent}.${seal}`, 'INVALID'],
      [handMade({ ...header, crit: ['b64'], b64: false }, body, JWT_SECRET), 'INVALID'],
      [await foreign({ issuer: 'someone' }).sign('access', claims, now), 'INVALID'],
      [await foreign({ audience: 'something' }).sign('access', claims, now), 'INVALID'],
      [handMade(header, { ...body, sid: 'x' }, JWT_SECRET), 'INVALID'],
      [handMade(header, { ...body, sub: '0x12' }, JWT_SECRET), 'INVALID'],
      [handMade(header, { ...body, exp: undefined }, JWT_SECRET), 'INVALID'],
      ['nonsense', 'INVALID'],
      [handMade({ ...header, kid: 'unknown' }, body, JWT_SECRET), 'UNKNOWN_KEY'],
      [handMade({ ...header, kid: undefined }, body, JWT_SECRET), 'UNKNOWN_KEY'],
      [told.refreshToken, 'WRONG_KIND'],
      [await ours.sign('access', { ...claims, expiresAt: new Date(now - 1_000) }, now), 'EXPIRED'],
      // Signed by us, of a session that never began.
      [
        await ours.sign('access', { ...claims, sessionId: '00000000-0000-4000-8000-000000000000' }, now),
        'ENDED',
      ],
    ];
    for (const [token, reason] of cases) expect([await reasonOf(token), token]).toEqual([reason, token]);
    await api.client.as(handMade(header, body, JWT_SECRET)).query(ME);
  });

  it('refreshes nothing, and ends nobody’s session', async () => {
    const wallet = Wallet.createRandom();
    const told = await signIn(wallet);
    const body = decodeJwt(told.refreshToken);
    const header = { alg: 'HS256', typ: 'refresh+jwt', kid: keys.signing.kid };
    const refused = (reason: string) => ({
      ...{ code: 'REFRESH_TOKEN_INVALID', field: 'refreshToken', reason, isRecorded: false },
    });
    expect(await refusedRefresh(told.token)).toEqual(refused('WRONG_KIND'));
    expect(await refusedRefresh('')).toEqual(refused('INVALID'));
    expect(await refusedRefresh('x'.repeat(10_000))).toEqual(refused('INVALID'));
    // Whoever knows a session's name alone cannot end it by a token that it never had.
    const forged = handMade(header, { ...body, jti: 'x' }, 'another-secret-that-has-32-characters');
    expect(await refusedRefresh(forged)).toEqual(refused('INVALID'));
    expect(await refusedRefresh(handMade(header, { ...body, jti: undefined }, JWT_SECRET))).toEqual(
      refused('INVALID'),
    );
    expect(await endings(wallet)).toEqual([]);
    await refresh(told);
  });
});
