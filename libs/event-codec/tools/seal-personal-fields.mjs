/**
 * A schema as the log holds the data: where the catalogue has a personal field, only its sealed form (or null, where the
 * field may be null) is left, marked `x-personal`. So an append with a personal value in plain text is against its schema.
 * @param {object} schema of the data, with each personal field as anyOf text, sealed text and perhaps null
 * @param {readonly string[]} fields
 * @param {string} type of the event
 */
export function sealPersonalFields(schema, fields, type) {
  if (fields.length === 0) return schema;
  for (const name of ['address', 'registration']) {
    if (!schema.required?.includes(name))
      throw new Error(`${type} has personal fields, so it must name its ${name}`);
  }
  const properties = { ...schema.properties };
  for (const field of fields) properties[field] = sealed(properties[field], `${type}.${field}`);
  return { ...schema, properties };
}

function sealed(property, name) {
  const forms = formsOf(property ?? {});
  const object = forms.find(({ type }) => type === 'object');
  if (object === undefined || !forms.some(({ type }) => type === 'string')) {
    throw new Error(`${name} is not a PersonalText`);
  }
  const nullable = forms.some(({ type }) => type === 'null');
  return {
    ...(property.description === undefined ? {} : { description: property.description }),
    'x-personal': true,
    ...object,
    type: nullable ? ['object', 'null'] : 'object',
  };
}

/** A union's members, those of unions within it as well. */
const formsOf = (schema) =>
  Array.isArray(schema.anyOf)
    ? schema.anyOf.flatMap(formsOf)
    : [schema.type].flat().map((type) => ({ ...schema, type }));
