import { loadAndRun } from '@abland/platform/loading';

await loadAndRun(() => import('./run-indexer.js'));
