import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

interface Fields {
  readonly properties?: Readonly<Record<string, Fields>>;
}
interface Template {
  readonly index_patterns: readonly string[];
  readonly data_stream: object;
  readonly template: { readonly settings: Readonly<Record<string, unknown>>; readonly mappings: Fields };
}
interface Filebeat {
  readonly 'filebeat.inputs': readonly {
    readonly paths: readonly string[];
    readonly parsers: readonly object[];
  }[];
  readonly 'output.elasticsearch': { readonly index: string };
  readonly 'setup.template': { readonly pattern: string; readonly json: { readonly path: string } };
  readonly 'setup.ilm': { readonly policy_name: string; readonly policy_file: string };
}

const FOLDER = 'deploy/observability/logs';
const MOUNTED = '/usr/share/filebeat/abland/';
const template = JSON.parse(text(`${FOLDER}/index-template.json`)) as Template;
const filebeat = parse(text(`${FOLDER}/filebeat.yml`)) as Filebeat;

/** Each field by its whole name, as ECS writes it. */
function namesOf({ properties = {} }: Fields, above = ''): string[] {
  return Object.entries(properties).flatMap(([name, fields]) => {
    const whole = above === '' ? name : `${above}.${name}`;
    return fields.properties === undefined ? [whole] : namesOf(fields, whole);
  });
}

describe('where lines of logs are kept', () => {
  it('has a field for each that a line may have, and no other', () => {
    const lines = JSON.parse(text('schemas/log-line.schema.json')) as Fields;
    expect(namesOf(template.template.mappings).toSorted()).toEqual(namesOf(lines).toSorted());
  });

  it('is written by what the template, the lifecycle and the files given to Filebeat name', () => {
    const { index } = filebeat['output.elasticsearch'];
    const matches = (pattern: string): boolean => new RegExp(`^${pattern.replace('*', '.+')}$`).test(index);
    expect(template.index_patterns.map(matches)).toEqual([true]);
    expect(matches(filebeat['setup.template'].pattern)).toBe(true);
    expect(template.template.settings['index.lifecycle.name']).toBe(filebeat['setup.ilm'].policy_name);
    for (const path of [filebeat['setup.template'].json.path, filebeat['setup.ilm'].policy_file]) {
      expect(path.startsWith(MOUNTED)).toBe(true);
      expect(JSON.parse(text(`${FOLDER}/${path.slice(MOUNTED.length)}`))).toBeDefined();
    }
    expect(text('docker-compose.yml')).toContain(`./${FOLDER}:${MOUNTED.slice(0, -1)}:ro`);
  });

  it('gets JSON as documents, and of the dotted names of ECS objects', () => {
    const [input] = filebeat['filebeat.inputs'];
    expect(input?.parsers).toEqual([
      { container: { stream: 'all', format: 'docker' } },
      { ndjson: expect.objectContaining({ target: '', overwrite_keys: true, expand_keys: true }) },
    ]);
  });
});
