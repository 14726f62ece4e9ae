import { loadAndRun } from '@abland/platform/loading';

const load = () => import('./run-abland.js');

// Any other command is ended by a signal as programs are, whatever it is at.
if (process.argv[2] === 'start') await loadAndRun(load);
else await (await load()).run();
