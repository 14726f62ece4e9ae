import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { after } from '../browser/later.js';
import { ask } from './ask.js';
import { createAsker } from './asker.js';
import { createApi } from './client.js';
import { ViewerDocument } from './operations.gen.js';

afterEach(() => void jest.restoreAllMocks());

/** A connection that nothing comes from until whoever asks gives up. */
const dead: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    const signal = init?.signal;
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
const answering: typeof fetch = () =>
  Promise.resolve(Response.json({ data: { viewer: { operator: true } } }));

describe('what the server is asked', () => {
  it('is refused where nothing comes, and asked again', async () => {
    const sent = jest.spyOn(globalThis, 'fetch').mockImplementationOnce(dead).mockImplementation(answering);
    const api = createApi(null, 20);
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      const asker = createAsker({
        ask: () => ask(api.client, ViewerDocument, {}),
        tell(heard) {
          told.push(heard.refused === null ? heard.answer : heard.refused.message);
          if (heard.refused === null) resolve();
        },
        later: after(1),
      });
      asker.again();
    });
    expect(told).toEqual(['The server cannot be reached.', { viewer: { operator: true } }]);
    expect(sent).toHaveBeenCalledTimes(2);
    api.close();
  });

  it('is not waited for any longer by whoever does not want it any more', async () => {
    const given = new Promise<AbortSignal | null | undefined>((resolve) =>
      jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
        resolve(init?.signal);
        return dead(input, init);
      }),
    );
    const api = createApi(null);
    const { unsubscribe } = api.client.query(ViewerDocument, {}).subscribe(() => undefined);
    const signal = await given;
    expect(signal?.aborted).toBe(false);
    unsubscribe();
    expect(signal?.aborted).toBe(true);
    api.close();
  });
});
