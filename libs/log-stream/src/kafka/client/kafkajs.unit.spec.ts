import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from 'kafkajs';
import { RequestQueue } from './kafkajs.js';

const HOUR_MS = 3_600_000;

describe('the requests of a client, while the clock is set', () => {
  let setBy = 0;
  let queue: InstanceType<typeof RequestQueue>;
  beforeEach(() => {
    setBy = 0;
    const clock = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => clock() + setBy);
  });
  afterEach(() => {
    queue.destroy();
    jest.restoreAllMocks();
  });

  function open(requestTimeout: number): void {
    const logger = { debug: () => undefined } as unknown as Logger;
    const told = { clientId: 'test', broker: 'broker', logger };
    queue = new RequestQueue({
      ...{ maxInFlightRequests: null, requestTimeout, enforceRequestTimeout: true, ...told },
    });
    queue.scheduleRequestTimeoutCheck();
  }
  function push() {
    const [sendRequest, reject] = [jest.fn(), jest.fn()];
    queue.push({
      entry: { correlationId: 1, resolve: () => undefined, reject },
      expectResponse: true,
      sendRequest,
    });
    return { sendRequest, reject };
  }

  it('do not time out for an hour that did not pass', async () => {
    open(60_000);
    const { reject, sendRequest } = push();
    expect(sendRequest).toHaveBeenCalledTimes(1);
    setBy = HOUR_MS;
    await sleep(300); // several looks
    expect(reject).not.toHaveBeenCalled();
  });

  it('time out as ever where it is set back', async () => {
    open(100);
    const { reject } = push();
    setBy = -HOUR_MS;
    await until(() => reject.mock.calls.length === 1);
  });

  it('are held back for no longer than a broker asked for where it is set back', async () => {
    open(60_000);
    queue.maybeThrottle(50);
    const { sendRequest } = push();
    expect(sendRequest).not.toHaveBeenCalled();
    setBy = -HOUR_MS;
    await until(() => sendRequest.mock.calls.length === 1);
  });
});
