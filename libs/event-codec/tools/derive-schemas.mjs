import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { PERSONAL_FIELDS } from '../../domain/src/personal-data.ts';
import { build } from '../../../apps/abland/bootstrap/build.mjs';
import { sealPersonalFields } from './seal-personal-fields.mjs';

// Versions stand beside their events, whose modules only the build makes readable to Node.
await build();
const { EVENT_VERSIONS } = await import('../dist/upcasting/event-versions.js');

/**
 * The schema of each event's data in its newest version, as its TypeScript type has it and the log holds it.
 * @param {string} root of the repository
 * @returns {Map<string, object>} by `<Type>.v<N>`, sorted
 */
export function deriveSchemas(root) {
  const generator = createGenerator({
    path: join(root, 'libs/domain/src/any-event.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    type: 'AnyEvent',
    // The types are checked by the compiler's own run; here they are only read.
    skipTypeCheck: true,
    additionalProperties: false,
    expose: 'none',
    topRef: false,
    jsDoc: 'extended',
    sortProps: true,
  });
  const shapes = new Map();
  for (const { properties } of members(generator.createSchema('AnyEvent'))) {
    const type = properties.type.const;
    const name = `${type}.v${EVENT_VERSIONS[type]}`;
    shapes.set(name, {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: name,
      title: `The data of ${type}, version ${EVENT_VERSIONS[type]}`,
      $comment: 'Generated from libs/domain/src by libs/event-codec/tools/event-schemas.mjs',
      ...sealPersonalFields(properties.data, Object.keys(PERSONAL_FIELDS[type] ?? {}), type),
    });
  }
  for (const type of Object.keys(EVENT_VERSIONS)) {
    if (!shapes.has(`${type}.v${EVENT_VERSIONS[type]}`)) throw new Error(`${type} is in no union of events`);
  }
  return new Map([...shapes].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The members of a union, and of unions within it. */
const members = (schema) => (schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(members));
