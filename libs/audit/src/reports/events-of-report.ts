import type { EventStore } from '@abland/kernel';
import { provenEvents } from '../reading/proven-events.js';
import { ProvenLog, type ProvenLogPorts } from '../reading/proven-log.js';
import { STANDING_TYPES } from './folding/standing-facts.js';
import type { ReportOptions } from './write-report.js';

/** Both of a report: what it is made of, and, not proved, what of it says which facts stand. @param asRead as of `provenEvents` */
export const eventsOfReport = (
  ports: ProvenLogPorts,
  asRead: (log: EventStore) => EventStore = (log) => log,
): Pick<ReportOptions, 'events' | 'standing'> => ({
  events: () => provenEvents(ports, asRead),
  standing: async function* () {
    const until = await new ProvenLog(ports).end();
    if (until !== null) yield* asRead(ports.log).readAll({ until, filter: { types: STANDING_TYPES } });
  },
});
