// Preloaded into the processes of a system under test: their wall clock is off by as many milliseconds as the file says that
// ABLAND_TEST_CLOCK names, from the moment it is written. Durations (performance.now) pass as they do.
import { readFileSync } from 'node:fs';

const SystemDate = Date;
let offsetMs = 0;
const look = () => {
  try {
    offsetMs = Number(readFileSync(process.env.ABLAND_TEST_CLOCK, 'utf8'));
  } catch {
    offsetMs = 0; // nobody has set it yet
  }
};
look();
setInterval(look, 100).unref();

const now = () => SystemDate.now() + offsetMs;
globalThis.Date = new Proxy(SystemDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new SystemDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
