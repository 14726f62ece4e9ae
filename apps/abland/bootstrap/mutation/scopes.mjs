// What mutation tests change, and which specifications have to notice. Patterns are relative to the repository.

/** @type {Record<string, { what: string, mutate: string[], specs: string[], postgres: boolean }>} */
export const SCOPES = {
  engine: {
    what: 'the engines of projections and processes: batches, checkpoints, undo, leadership, turns',
    mutate: ['libs/projections/src/engine/**/*.ts', 'libs/processes/src/engine/**/*.ts'],
    specs: [
      'libs/projections/src/**/*.unit.spec.ts',
      'libs/projections/src/engine/**/*.int.spec.ts',
      'libs/projections/src/{runner,rebuild,reorg}.int.spec.ts',
      'libs/processes/src/engine/**/*.spec.ts',
    ],
    postgres: true,
  },
  builds: {
    what: 'builds of projections: what may be done in which state, promotion, switch back, who keeps which',
    mutate: ['libs/projections/src/builds/**/*.ts'],
    specs: [
      'libs/projections/src/builds/**/*.spec.ts',
      'libs/projections/src/{builds,runner,rebuild}.int.spec.ts',
    ],
    postgres: true,
  },
  ingester: {
    what: 'from the log stream to the log: blocks once, in order, through reorgs and restarts',
    mutate: ['libs/chain/src/{ingest,chain-of-log}/**/*.ts'],
    specs: ['libs/chain/src/{ingest,chain-of-log}/**/*.unit.spec.ts'],
    postgres: false,
  },
  settlement: {
    what: 'which fact answers which request, and what a reorg takes back',
    mutate: ['libs/processes/src/settlement/**/*.ts'],
    specs: ['libs/processes/src/settlement/**/*.spec.ts'],
    postgres: true,
  },
};
