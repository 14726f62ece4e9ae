import { describe, expect, it } from '@jest/globals';
import { CombinedError } from 'urql';
import { toldOf, toldOfAct } from './errors.js';

describe('what went wrong', () => {
  it('says of an act without an answer that it may be done, and that it may be sent again', () => {
    const { code, message } = toldOfAct(new CombinedError({ networkError: new Error('gone') }));
    expect(code).toBeNull();
    expect(message).toContain('not known whether this was done');
    expect(message).toContain('Send it again for the same reason: it is done once.');
    expect(message).not.toContain('Nothing was changed');
  });

  it('says nothing of acts where only something was asked', () => {
    const error = new CombinedError({ networkError: new Error('gone') });
    expect(toldOf(error)).toEqual({ code: null, message: 'The server cannot be reached.' });
  });

  it('is told in the server’s own words where it answered', () => {
    const refused = { message: 'There is no such build', extensions: { code: 'BUILD_NOT_FOUND' } };
    const told = { code: 'BUILD_NOT_FOUND', message: 'There is no such build' };
    expect(toldOf(new CombinedError({ graphQLErrors: [refused] }))).toEqual(told);
    expect(toldOfAct(new CombinedError({ graphQLErrors: [refused] }))).toEqual(told);
  });
});
