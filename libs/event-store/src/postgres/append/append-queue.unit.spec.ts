import { EventStoreUnavailableError } from '@abland/kernel';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sampleEvents } from '../../laws/sample-events.js';
import { AppendQueue, type Waiting } from './append-queue.js';

const waiting = (stream: string, events: number, reject: Waiting['reject'] = () => undefined): Waiting => ({
  stream,
  events: sampleEvents(events),
  expected: 'any',
  resolve: () => undefined,
  reject,
});
const streamsOf = (appends: readonly Waiting[]): string[] => appends.map(({ stream }) => stream);

describe('appends that wait to be begun', () => {
  afterEach(() => void jest.useRealTimers());

  it('are taken in their order, as many as have no more events together, at least one', () => {
    const queue = new AppendQueue();
    for (const [stream, events] of [
      ['a', 9],
      ['b', 2],
      ['c', 2],
      ['d', 2],
    ] as const) {
      queue.add(waiting(stream, events));
    }
    expect(streamsOf(queue.take(4))).toEqual(['a']);
    expect(streamsOf(queue.take(4))).toEqual(['b', 'c']);
    expect(queue.events).toBe(2);
    expect(streamsOf(queue.take(4))).toEqual(['d']);
    expect(queue.isEmpty).toBe(true);
  });

  it('are no more than may wait, but for one that is larger by itself', () => {
    const queue = new AppendQueue({ eventsMax: 3, waitMsMax: 1_000 });
    queue.add(waiting('a', 5));
    expect(() => queue.add(waiting('b', 1))).toThrow(EventStoreUnavailableError);
    queue.take(5);
    queue.add(waiting('c', 2));
    queue.add(waiting('d', 1));
    expect(() => queue.add(waiting('e', 1))).toThrow(EventStoreUnavailableError);
    expect(streamsOf(queue.take(9))).toEqual(['c', 'd']);
  });

  it('are refused once they have waited too long, the younger ones later', () => {
    jest.useFakeTimers();
    const queue = new AppendQueue({ eventsMax: 10, waitMsMax: 100 });
    const refused: string[] = [];
    const refusing = (stream: string): Waiting =>
      waiting(stream, 1, (error) => {
        expect(error).toBeInstanceOf(EventStoreUnavailableError);
        refused.push(stream);
      });
    queue.add(refusing('a'));
    jest.advanceTimersByTime(60);
    queue.add(refusing('b'));
    jest.advanceTimersByTime(60);
    expect(refused).toEqual(['a']);
    jest.advanceTimersByTime(100);
    expect(refused).toEqual(['a', 'b']);
    expect(queue.isEmpty).toBe(true);
  });
});
