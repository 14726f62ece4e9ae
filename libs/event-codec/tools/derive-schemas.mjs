import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { EVENT_VERSIONS } from '../../domain/src/catalogue.ts';
import { PERSONAL_FIELDS } from '../../domain/src/personal-data.ts';
import { sealPersonalFields } from './seal-personal-fields.mjs';

/**
 * The schema of each event's data in its newest version, as the TypeScript catalogue has it and the log holds it.
 * @param {string} root of the repository
 * @returns {Map<string, object>} by `<Type>.v<N>`, sorted
 */
export function deriveSchemas(root) {
  const generator = createGenerator({
    path: join(root, 'libs/domain/src/catalogue.ts'),
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
  for (const { properties } of generator.createSchema('AnyEvent').anyOf) {
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
