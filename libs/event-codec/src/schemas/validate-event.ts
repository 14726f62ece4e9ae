import { validators } from './event-validators.gen.js';

/** Why an event's data is not what its type and version promise. */
export interface SchemaViolation {
  /** Path within the data (`log.topics[0]`); empty where the whole is at fault. */
  readonly field: string;
  readonly message: string;
}

/**
 * Checks an event's data against the schema of its type and version in schemas/events. Older versions are checked as well:
 * a copied log holds them. Nothing without a schema may be stored.
 * @returns null where the data is as promised; else the first thing that is not.
 */
export function validateEvent(type: string, version: number, data: unknown): SchemaViolation | null {
  const name = `${type}.v${version}`;
  const validate = Object.hasOwn(validators, name) ? validators[name] : undefined;
  if (validate === undefined)
    return { field: '', message: `there is no schema for ${type} version ${version}` };
  if (validate(data)) return null;
  const error = validate.errors?.[0];
  if (error === undefined) return { field: '', message: 'is not as its schema says' };
  return {
    field: fieldOf(error.instancePath, error.params),
    message:
      error.keyword === 'additionalProperties'
        ? 'is unknown to the schema'
        : (error.message ?? error.keyword),
  };
}

/** A JSON pointer as a path, with the name of what is missing or too much at its end. */
function fieldOf(pointer: string, params: object): string {
  const names = pointer.split('/').slice(1);
  const last = { missingProperty: undefined, additionalProperty: undefined, ...params };
  const name: unknown = last.missingProperty ?? last.additionalProperty;
  if (typeof name === 'string') names.push(name);
  return names
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
