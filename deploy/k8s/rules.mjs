// Makes monitoring/rules.yaml of the rules that Prometheus is given elsewhere: `node deploy/k8s/rules.mjs`. A test says where it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const SOURCE = fileURLToPath(new URL('../observability/rules/abland.rules.yml', import.meta.url));
const TARGET = fileURLToPath(new URL('monitoring/rules.yaml', import.meta.url));
const HEAD = '# Made by deploy/k8s/rules.mjs of deploy/observability/rules/abland.rules.yml: change that.\n';

const rule = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'abland' },
  spec: parse(readFileSync(SOURCE, 'utf8')),
};
writeFileSync(TARGET, HEAD + stringify(rule, { lineWidth: 0, singleQuote: true }));
