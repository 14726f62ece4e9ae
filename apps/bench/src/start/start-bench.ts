import { parseArgs } from 'node:util';
import type { Bench } from '../report/bench.js';
import { median, type ResultRow } from '../report/results.js';
import { measureStart } from './system-figures.js';

/** What the first users feel; each beside the figure that we hold ourselves to. */
const TARGETS = {
  firstStartSeconds: 60,
  laterStartSeconds: 8,
  idleMiB: 900,
  demoSeconds: 20,
  swapMs: 300,
} as const;

export const bench: Bench = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { starts: { type: 'string', default: '5' }, swaps: { type: 'string', default: '100' } },
  });
  const figures = await measureStart(Number(values.starts), Number(values.swaps), say);
  for (const line of figures.processes) say(line);
  const row = (work: string, unit: string, runs: readonly number[], target: number): ResultRow => ({
    work,
    unit,
    ours: Number(median(runs).toFixed(1)),
    peers: {},
    limit: target,
    runs: runs.map((run) => Number(run.toFixed(1))),
  });
  return {
    bench: 'start',
    postgres: null,
    rows: [
      row(
        'first start until ready, packages there',
        's',
        [figures.firstStartSeconds],
        TARGETS.firstStartSeconds,
      ),
      row('later start until ready', 's', figures.laterStartSeconds, TARGETS.laterStartSeconds),
      row('memory of all processes when idle (PSS)', 'MiB', [figures.idlePssMiB], TARGETS.idleMiB),
      row('demo, until its last command is final', 's', [figures.demoSeconds], TARGETS.demoSeconds),
      row('swap, mutation sent until confirmed in the API', 'ms', figures.swapLatenciesMs, TARGETS.swapMs),
    ],
  };
};
