import { describe, it } from '@jest/globals';
import { ALICE, ID, INPUT_HASH, LATER, NOW } from '../samples.fixture.js';
import { specify } from '../specification.js';
import { userDecider } from './decisions.js';
import type { UserEvent } from './events.js';

const { given } = specify(userDecider);

const registered: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: NOW } };
const signedIn = (at = NOW): UserEvent => ({
  type: 'UserSignedIn',
  version: 1,
  data: { address: ALICE, at },
});
const signIn = { type: 'SignInUser', address: ALICE, at: NOW } as const;
const rejection = {
  commandId: ID,
  address: ALICE,
  command: 'swap',
  code: 'INSUFFICIENT_BALANCE',
  field: 'amountIn',
  reason: 'The balance is 1, 2 is needed',
  inputHash: INPUT_HASH,
  at: LATER,
} as const;
const rejected: UserEvent = { type: 'CommandRejected', version: 1, data: rejection };

describe('a sign-in', () => {
  it('registers whoever comes for the first time', () => {
    given().when(signIn).then(registered, signedIn());
  });
  it('is recorded every time', () => {
    given(registered, signedIn())
      .when({ ...signIn, at: LATER })
      .then(signedIn(LATER));
  });
  it('is recorded once', () => {
    given(registered, signedIn()).when(signIn).thenNothing();
    given(registered, signedIn(), rejected).when(signIn).thenNothing();
  });
  it('registers whoever was only known by a rejected command', () => {
    given(rejected).when(signIn).then(registered, signedIn());
  });
});

it('a rejected command is kept for the auditor', () => {
  given(registered, signedIn())
    .when({ type: 'RejectCommand', ...rejection })
    .then(rejected);
  given()
    .when({ type: 'RejectCommand', ...rejection })
    .then(rejected);
});
