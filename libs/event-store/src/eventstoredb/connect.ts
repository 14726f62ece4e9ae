import { AblandError } from '@abland/kernel';
import { EventStoreDBClient } from '@eventstore/db-client';

/** What the client understands, in lower case and without - and _. Of anything else it warns on standard error, with the whole URL. */
const OPTIONS = new Set([
  'connectionname',
  'maxdiscoverattempts',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'nodepreference',
  'tls',
  'tlsverifycert',
  'tlscafile',
  'usercertfile',
  'userkeyfile',
  'throwonappendfailure',
  'keepaliveinterval',
  'keepalivetimeout',
]);

/** The URL of EventStoreDB is not as its client wants it. What the URL is stays out of the message: it has a password. */
export class EventStoreUrlError extends AblandError {
  readonly code = 'EVENT_STORE_URL_INVALID';
}

/** @throws EventStoreUrlError before anything is connected to */
export function connect(url: string): EventStoreDBClient {
  requireKnownOptions(url);
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (error) {
    const expected = /expected .*/.exec(error instanceof Error ? error.message : '')?.[0];
    throw new EventStoreUrlError(
      `The URL of EventStoreDB cannot be read${expected === undefined ? '' : `: ${expected}`}`,
    );
  }
}

function requireKnownOptions(url: string): void {
  const [, query = ''] = /^[^?]*\?(.*)$/s.exec(url) ?? [];
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = '', value] = pair.split('=');
    const option = name.trim().toLowerCase().replaceAll(/[-_]/g, '');
    if (!OPTIONS.has(option))
      throw new EventStoreUrlError(`The URL of EventStoreDB has an option that does not exist: ${name}`, {
        name,
      });
    if (option === 'tlsverifycert' && value?.trim() === 'false')
      throw new EventStoreUrlError(
        'The URL of EventStoreDB has tlsVerifyCert=false, which is not supported: name a tlsCAFile',
      );
  }
}
