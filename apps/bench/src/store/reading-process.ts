import { openPostgresEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { readOurs, subscribeOurs } from './read-subjects.js';

/** A process that does nothing but read, so that its memory is the reader's: prints its largest resident size in MiB. */
const [url = '', way = ''] = process.argv.slice(2);
const store = await openPostgresEventStore({ connectionString: url, logger: silentLogger });
await (way === 'subscribe' ? subscribeOurs(store) : readOurs(store))();
await store.close();
process.stdout.write(String(process.resourceUsage().maxRSS / 1_024));
