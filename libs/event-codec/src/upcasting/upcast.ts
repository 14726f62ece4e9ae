import type { DomainEvent, JsonObject } from '@abland/kernel';
import { EVENT_VERSIONS } from './event-versions.js';
import { refusal } from '@abland/domain';
import { UPCASTERS, type Upcasters } from './upcasters.js';

/** An event as far as upcasting is concerned; whatever else it carries is kept. */
type Versioned = DomainEvent<string, JsonObject>;

/**
 * The event in the newest version of its type, one version after the other. Pure: the same old event always becomes the
 * same new one, so that a rebuild gives what the first build gave.
 * @throws DomainError UNKNOWN_EVENT_VERSION for a type that is not in the catalogue and for a version newer than it
 *   knows (an older program reads the log of a newer one).
 */
export function upcast<Event extends Versioned>(event: Event): Event {
  return upcastWith(EVENT_VERSIONS, UPCASTERS, event);
}

/** The same with another catalogue. */
export function upcastWith<Event extends Versioned>(
  versions: Readonly<Record<string, number>>,
  upcasters: Upcasters,
  event: Event,
): Event {
  const newest = Object.hasOwn(versions, event.type) ? versions[event.type] : undefined;
  if (newest === event.version) return event;
  if (
    newest === undefined ||
    !Number.isInteger(event.version) ||
    event.version < 1 ||
    event.version > newest
  ) {
    throw unknown(event);
  }
  let data: JsonObject = event.data;
  for (let version = event.version; version < newest; version += 1) {
    const step = upcasters[event.type]?.[version];
    if (step === undefined) throw unknown({ ...event, version });
    data = step(data);
  }
  return { ...event, version: newest, data };
}

const unknown = ({ type, version }: Versioned): ReturnType<typeof refusal> =>
  refusal('UNKNOWN_EVENT_VERSION', `This program does not know ${type} in version ${version}`, null, {
    type,
    version,
  });
