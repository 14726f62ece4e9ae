import { describe, expect, it } from '@jest/globals';
import { ALICE, INPUT_HASH, LATER, NOW, OTHER_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { userDecider } from './decider.js';
import type { UserEvent } from './events.js';

const { given } = specify(userDecider);

const registered: UserEvent = { type: 'UserRegistered', version: 1, data: { address: ALICE, at: NOW } };
const turned = (type: 'ConfirmationTurnedOn' | 'ConfirmationTurnedOff'): UserEvent => ({
  type,
  version: 1,
  data: { address: ALICE, at: LATER },
});
const [on, off] = [turned('ConfirmationTurnedOn'), turned('ConfirmationTurnedOff')];
const erased: UserEvent = {
  type: 'UserErased',
  version: 1,
  data: {
    ...{ commandId: OTHER_ID, address: ALICE, registration: 1, by: 'PERSON', requestedBy: ALICE },
    ...{ reason: null, inputHash: '0x12', at: LATER },
  },
};
const set = (isOn: boolean) => ({ type: 'SetConfirmation', isOn, at: LATER }) as const;
const word = { act: 'updateProfile', digest: INPUT_HASH, signature: '0x5c', at: LATER };

describe('the confirmation of acts', () => {
  it('is turned on and off, once each', () => {
    given(registered).when(set(true)).then(on);
    given(registered, on).when(set(true)).thenNothing();
    given(registered, on).when(set(false)).then(off);
    given(registered).when(set(false)).thenNothing();
    given(registered, on, off).when(set(true)).then(on);
    given().when(set(true)).thenRefused('UNKNOWN_USER', 'address');
    given(registered, erased).when(set(true)).thenRefused('USER_ERASED');
  });

  it('is off for who was just registered, also anew', () => {
    const isOn = (...events: UserEvent[]): unknown =>
      (given(...events).state as { readonly confirmsActs?: boolean }).confirmsActs;
    expect(isOn(registered)).toBe(false);
    expect(isOn(registered, on)).toBe(true);
    expect(isOn(registered, on, off)).toBe(false);
    expect(isOn(registered, on, erased, registered)).toBe(false);
  });

  it('is on record with what was signed, each', () => {
    const confirmed: UserEvent = {
      type: 'ActConfirmed',
      version: 1,
      data: { address: ALICE, ...word },
    };
    given(registered)
      .when({ type: 'ConfirmAct', ...word })
      .then(confirmed);
    given(registered, confirmed)
      .when({ type: 'ConfirmAct', ...word })
      .then(confirmed);
    given()
      .when({ type: 'ConfirmAct', ...word })
      .thenRefused('UNKNOWN_USER', 'address');
  });
});
