import { Ajv } from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';

const standaloneCode = standaloneModule.default ?? standaloneModule;

const HEADER = `// @ts-nocheck
/* eslint-disable */
// GENERATED from schemas/events by libs/event-codec/tools/event-schemas.mjs: do not edit.
`;

const INTERFACE = `export interface Validator {
  (data: unknown): boolean;
  errors?: readonly { instancePath: string; keyword: string; params: object; message?: string }[] | null;
}
`;

/**
 * A module with a compiled validator of each schema, so that no schema is interpreted and none compiled at start.
 * @param {Map<string, object>} schemas by `<Type>.v<N>`
 * @returns {string} the module's text
 */
export function compileValidators(schemas) {
  const ajv = new Ajv({
    code: { source: true, esm: true, lines: true, optimize: 2 },
    strict: true,
    allowUnionTypes: true,
    validateFormats: false,
    unicodeRegExp: true,
    keywords: ['x-personal'],
  });
  const names = {};
  for (const [name, schema] of schemas) {
    ajv.addSchema(schema, name);
    names[exportName(name)] = name;
  }
  const code = standaloneCode(ajv, names);
  // The module must stand alone: a schema that needs a part of ajv at runtime would break the build's output.
  if (/\brequire\(/.test(code)) throw new Error('A schema uses a keyword that needs ajv at runtime');
  const table = [...schemas.keys()].map((name) => `  '${name}': ${exportName(name)},`).join('\n');
  const lines = code
    .replace(/^"use strict";\n?/, '')
    .replace(/^export const /gm, 'const ')
    .split('\n');
  const used = lines.filter((line) => !isUnusedSchema(line, code)).join('\n');
  return `${HEADER}${used}\n${INTERFACE}export const validators: Readonly<Record<string, Validator>> = {\n${table}\n};\n`;
}

/** The compiler keeps a copy of each schema, of which the compiled code reads few. */
function isUnusedSchema(line, code) {
  const name = /^const (schema\d+) = /.exec(line)?.[1];
  return name !== undefined && code.match(new RegExp(`\\b${name}\\b`, 'g')).length === 1;
}

const exportName = (name) => name.replace('.', '_');
