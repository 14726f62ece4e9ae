import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installKubernetesValidate } from '@abland/testing/kubernetes';
import { afterAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { built, K8S, OVERLAYS, resourcesOf } from './built-overlays.js';

/** Of Prometheus Operator, whose schemas are kept in deploy/k8s. */
const CUSTOM = /^monitoring\.coreos\.com\//;
const VERSIONS = ['1.34.0', '1.37.0'];

describe('what a cluster is given', () => {
  const folder = mkdtempSync(join(tmpdir(), 'abland-k8s-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(OVERLAYS.flatMap((overlay) => VERSIONS.map((version) => [overlay, version] as const)))(
    'is, of the overlay %s, what Kubernetes %s knows, and nothing else',
    async (overlay, version) => {
      const validate = await installKubernetesValidate();
      const own = resourcesOf(await built(overlay)).filter(({ apiVersion }) => !CUSTOM.test(apiVersion));
      const file = join(folder, `${overlay}.yaml`);
      writeFileSync(file, own.map((resource) => stringify(resource)).join('---\n'));
      const told = execFileSync(validate, ['--strict', '-k', version, file], { encoding: 'utf8' });
      expect(told).not.toMatch(/^(?:WARN|ERROR)/m);
      expect(told.match(/^INFO .* passed /gm)).toHaveLength(own.length);
    },
  );

  it.each(OVERLAYS)(
    'is, of the overlay %s, what Prometheus Operator knows, and nothing else',
    async (overlay) => {
      // Of which the one for Kubernetes is made, and which comes with it.
      const PYTHONPATH = dirname(await installKubernetesValidate());
      const custom = resourcesOf(await built(overlay)).filter(({ apiVersion }) => CUSTOM.test(apiVersion));
      expect(custom.map(({ kind }) => kind).toSorted()).toEqual(['PrometheusRule', 'ServiceMonitor']);
      for (const resource of custom) {
        const instance = join(folder, `${overlay}-${resource.kind}.json`);
        writeFileSync(instance, JSON.stringify(resource));
        const schema = `${K8S}schemas/${resource.kind.toLowerCase()}.json`;
        const args = ['-m', 'jsonschema', '--instance', instance, schema];
        execFileSync('python3', args, { env: { ...process.env, PYTHONPATH }, stdio: 'pipe' });
      }
    },
  );
});
