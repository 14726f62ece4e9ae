import { createHash } from 'node:crypto';

/** What is for readers only and may be reworded at any time. */
const ANNOTATIONS = new Set(['$schema', '$id', '$comment', 'title', 'description']);

/**
 * SHA-256 of what a schema accepts: without its words, whatever the order of its keys.
 * @param {object} schema
 */
export function shapeHash(schema) {
  return createHash('sha256')
    .update(JSON.stringify(shape(schema)))
    .digest('hex');
}

/** In `properties` each key is a name of the data, even one that reads like an annotation. */
function shape(part, isNames = false) {
  if (Array.isArray(part)) return part.map((item) => shape(item));
  if (typeof part !== 'object' || part === null) return part;
  const keys = Object.keys(part).filter((key) => isNames || !ANNOTATIONS.has(key));
  return Object.fromEntries(
    keys.sort().map((key) => [key, shape(part[key], !isNames && key === 'properties')]),
  );
}

/**
 * The schemas that should be there: the newest of each type as derived, older versions as committed.
 * @param {Map<string, object>} derived from the code, newest versions only
 * @param {Map<string, object>} committed in schemas/events
 * @param {Record<string, string>} released hash of each frozen shape
 * @returns {{ schemas: Map<string, object>, problems: string[] }}
 */
export function planSchemas(derived, committed, released) {
  const problems = [];
  const newest = new Map([...derived.keys()].map((name) => [typeOf(name), versionOf(name)]));
  const schemas = new Map(derived);
  for (const [name, schema] of committed) {
    const isOld = versionOf(name) < (newest.get(typeOf(name)) ?? Infinity);
    if (derived.has(name)) continue;
    if (isOld && name in released) schemas.set(name, schema);
    else
      problems.push(
        `${name}: no event of the code has this version; remove the file if it was never released`,
      );
  }
  for (const [name, hash] of Object.entries(released)) {
    const schema = schemas.get(name);
    if (schema === undefined) problems.push(`${name}: it is released, so its schema must stay`);
    else if (shapeHash(schema) !== hash) problems.push(changed(name));
  }
  for (const [type, version] of newest) {
    for (let old = 1; old < version; old += 1) {
      if (!schemas.has(`${type}.v${old}`))
        problems.push(`${type}.v${old}: versions are counted from 1 without a gap`);
    }
  }
  return { schemas: sorted(schemas), problems };
}

/** The lock with every schema's shape added; what is frozen stays as it is. */
export function freeze(schemas, released) {
  const hashes = new Map([...schemas].map(([name, schema]) => [name, released[name] ?? shapeHash(schema)]));
  return Object.fromEntries(sorted(hashes));
}

const changed = (name) =>
  `${name}: the shape of a released event was changed; give it version ${versionOf(name) + 1} in EVENT_VERSIONS and an upcaster`;
const typeOf = (name) => name.slice(0, name.lastIndexOf('.v'));
const versionOf = (name) => Number(name.slice(name.lastIndexOf('.v') + 2));
const sorted = (entries) => new Map([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
