/**
 * Path of the first value that would not come back from JSON as it went in (undefined, bigint, NaN, a function, a Date or
 * another class's instance); null where there is none.
 */
export function findNonJson(value: unknown, at: string): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : at;
    case 'object':
      return value === null ? null : findInContainer(value, at);
    default:
      return at;
  }
}

function findInContainer(value: object, at: string): string | null {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const wrong = findNonJson(value[index], `${at}[${index}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  // A plain object is one step from null, in this realm or another; an instance of a class is further.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return at;
  for (const key in value) {
    const child = (value as Readonly<Record<string, unknown>>)[key];
    // Only a container needs its path spelled out beforehand; most values are plain strings.
    if (typeof child === 'string') continue;
    const wrong = findNonJson(child, `${at}.${key}`);
    if (wrong !== null) return wrong;
  }
  return null;
}
