import { type AppendSubject, newStream } from './append-subjects.js';
import { sampleEvents } from './sample-events.js';

export interface LoadFigures {
  readonly eventsPerSecond: number;
  /** Of one append, from call to acknowledgement. */
  readonly p99Ms: number;
}

/** Callers in a closed loop: each appends again as soon as it was answered. */
export async function loadAppends(
  subject: AppendSubject,
  callers: number,
  batch: number,
  milliseconds: number,
): Promise<LoadFigures> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + milliseconds;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let now = performance.now(); now < end;) {
        await subject.append(newStream(), sampleEvents(batch));
        const after = performance.now();
        latencies.push(after - now);
        now = after;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    eventsPerSecond: (latencies.length * batch) / seconds,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? NaN,
  };
}
