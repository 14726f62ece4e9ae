import { describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { ApiUnreachable } from './errors.js';
import { Session, type Tokens } from './session.js';

const SECOND_MS = 1_000;

function signingIn() {
  let now = 0;
  let made = 0;
  const asked: string[] = [];
  const answers: (() => Promise<void>)[] = [];
  const next = (): Tokens => {
    made += 1;
    return { token: `t${made}`, refreshToken: `r${made}`, expiresInSeconds: 900 };
  };
  const session = new Session(
    {
      begin: async () => {
        asked.push('begin');
        return next();
      },
      refresh: async (refreshToken, withinMs) => {
        asked.push(`${refreshToken} within ${withinMs / SECOND_MS} s`);
        await answers.shift()?.();
        return next();
      },
    },
    null,
    () => now,
  );
  return { answers, asked, session, pass: (seconds: number) => (now += seconds * SECOND_MS) };
}
const lost = (): Promise<never> => Promise.reject(new ApiUnreachable('No answer'));

describe('a session of the client', () => {
  it('sends a refresh token again while the server gives the same answer, and then signs in anew instead', async () => {
    const { answers, asked, pass, session } = signingIn();
    await session.signIn(Wallet.createRandom());
    pass(890);
    answers.push(lost, lost);
    await expect(session.token()).rejects.toBeInstanceOf(ApiUnreachable);
    pass(30);
    await expect(session.token()).rejects.toBeInstanceOf(ApiUnreachable);
    pass(40);
    expect(await session.token()).toBe('t2');
    expect(asked).toEqual(['begin', 'r1 within 45 s', 'r1 within 15 s', 'begin']);
  });

  it('stays ended where somebody signed out while it was renewed', async () => {
    const { answers, asked, pass, session } = signingIn();
    await session.signIn(Wallet.createRandom());
    pass(890);
    const answer = Promise.withResolvers<void>();
    answers.push(() => answer.promise);
    const token = session.token();
    session.end();
    answer.resolve();
    expect(await token).toBeNull();
    expect(await session.token()).toBeNull();
    expect(asked).toHaveLength(2);
  });
});
