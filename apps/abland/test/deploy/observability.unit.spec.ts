import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const RULES = text('deploy/observability/rules/abland.rules.yml');
const DASHBOARDS = 'deploy/observability/grafana/dashboards/';

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
  }[];
}
const dashboards = readdirSync(`${root}${DASHBOARDS}`).map(
  (name) => JSON.parse(text(`${DASHBOARDS}${name}`)) as Dashboard,
);
const expressions = dashboards.flatMap(({ panels }) =>
  panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
);

/** Every name that a program tells a metric by, where it is written in our sources. */
const told = new Set(
  ['api', 'indexer', 'projector', 'worker'].flatMap((app) =>
    readdirSync(`${root}apps/${app}/src`, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .flatMap((file) =>
        [...text(`apps/${app}/src/${file}`).matchAll(/'(abland_[a-z_]+)'/g)].map(([, name]) => name),
      ),
  ),
);
const recorded = new Set([...RULES.matchAll(/record: (\S+)/g)].map(([, name]) => name));
const alerts = [...RULES.matchAll(/alert: (\S+)[\s\S]*?runbook: (\S+)/g)].map(
  ([, name = '', runbook = '']) => ({ name, runbook }),
);

describe('what watches the programs', () => {
  it('asks in dashboards and rules only for what a program tells or a rule records', () => {
    for (const asked of [RULES, ...expressions]) {
      const names = [...asked.matchAll(/(?<![:\w-])abland_[a-z_]+/g)].map(([name]) =>
        name.replace(/_(bucket|count|sum)$/, ''),
      );
      expect(names.filter((name) => !told.has(name))).toEqual([]);
      const ofRules = [...asked.matchAll(/abland:\w+:\w+/g)].map(([name]) => name);
      expect(ofRules.filter((name) => !recorded.has(name))).toEqual([]);
    }
    expect(expressions.length).toBeGreaterThan(30);
  });

  it('shows on a dashboard whatever a program tells, or warns of it', () => {
    const everywhere = [RULES, ...expressions].join('\n');
    const unseen = [...told].filter((name) => !everywhere.includes(String(name)));
    expect(unseen).toEqual([]);
  });

  it('leads from each alert to what to do then', () => {
    expect(alerts.length).toBe([...RULES.matchAll(/- alert:/g)].length);
    for (const { name, runbook } of alerts) {
      const [file = '', place] = runbook.split('#');
      if (place === undefined) expect(text(file)).toMatch(/^# /);
      else
        expect([place, text(file).toLowerCase()]).toEqual([
          name.toLowerCase(),
          expect.stringContaining(`\n## ${place}\n`),
        ]);
    }
  });

  it('has a test of each alert in which it is told', () => {
    const tests = text('deploy/observability/rules/abland.test.yml');
    for (const { name } of alerts)
      expect(tests).toMatch(new RegExp(`alertname: ${name}\\n +eval_time: \\S+\\n +exp_alerts:\\n`));
  });

  it('gives each dashboard and panel an id of its own, on the data source that is provisioned', () => {
    const ids = dashboards.map(({ uid }) => uid);
    expect(new Set(ids).size).toBe(ids.length);
    const source = /uid: (\S+)/.exec(
      text('deploy/observability/grafana/provisioning/datasources/prometheus.yml'),
    )?.[1];
    for (const { panels } of dashboards) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const { targets } of panels)
        for (const { datasource } of targets) expect(datasource.uid).toBe(source);
    }
  });
});
