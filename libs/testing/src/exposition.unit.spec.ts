import { describe, expect, it } from '@jest/globals';
import { readExposition } from './exposition.js';

const told = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const gauge = (...samples: readonly string[]): string => told('# HELP a Help', '# TYPE a gauge', ...samples);
const histogram = (...samples: readonly string[]): string =>
  told('# HELP h Help', '# TYPE h histogram', ...samples);

describe('the text of metrics', () => {
  it('is read with its labels, whatever is in them', () => {
    expect(readExposition(gauge('a 1', 'a{b="x, \\"y\\"}\\n\\\\",c=""} -2.5e3', 'a{b="z"} +Inf'))).toEqual([
      {
        ...{ name: 'a', help: 'Help', type: 'gauge' },
        samples: [
          { name: 'a', labels: {}, value: 1 },
          { name: 'a', labels: { b: 'x, "y"}\n\\', c: '' }, value: -2500 },
          { name: 'a', labels: { b: 'z' }, value: Infinity },
        ],
      },
    ]);
    const whole = ['h_bucket{le="1"} 1', 'h_bucket{le="+Inf"} 2', 'h_sum 3', 'h_count 2'];
    expect(readExposition(histogram(...whole))[0]?.samples).toHaveLength(4);
  });

  it.each([
    ['a metric twice', told('# HELP a A', '# TYPE a gauge', 'a 1', '# HELP a A')],
    ['a sample of another metric', gauge('b 1')],
    ['a sample before its kind', told('# HELP a A', 'a 1')],
    ['a kind that is none', told('# HELP a A', '# TYPE a number', 'a 1')],
    ['a metric without a kind', told('# HELP a A')],
    ['a sample without a metric', told('a 1')],
    ['the same labels twice', gauge('a{b="1",c="2"} 1', 'a{c="2",b="1"} 1')],
    ['a label twice', gauge('a{b="1",b="2"} 1')],
    ['a label that does not end', gauge('a{b="1} 1')],
    ['a comma too many', gauge('a{b="1",} 1')],
    ['an escape that is none', gauge('a{b="\\t"} 1')],
    ['no number', gauge('a one')],
    ['a number of JavaScript', gauge('a Infinity')],
    ['undefined', gauge('a undefined')],
    ['a counter below nothing', told('# HELP a A', '# TYPE a counter', 'a -1')],
    ['a last line that does not end', gauge('a 1').trimEnd()],
    ['no bucket for all', histogram('h_bucket{le="1"} 1', 'h_sum 1', 'h_count 1')],
    ['a count that is not its last bucket', histogram('h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 2')],
    ['buckets that shrink', histogram('h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1', 'h_sum 1', 'h_count 1')],
    ['a histogram without a sum', histogram('h_bucket{le="+Inf"} 1', 'h_count 1')],
  ])('is refused with %s', (_, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
