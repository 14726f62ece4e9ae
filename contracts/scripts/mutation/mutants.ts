import { parse, type Sources, type SyntaxNode } from '../compilation.js';
import { Code, OPERATORS, endOf, startOf, type Edit } from './operators.js';

export interface Mutant {
  readonly source: string;
  /** Where, what and what instead; the same as long as the function's text is. */
  readonly name: string;
  readonly line: number;
  /** The whole source with the change. */
  readonly text: string;
}

/** Every change that an operator makes to the source, one at a time. */
export function mutantsOf(sources: Sources, source: string): Mutant[] {
  const text = sources.get(source) ?? '';
  const code = new Code(text);
  const mutants: Mutant[] = [];
  const times = new Map<string, number>();
  const visit = (node: SyntaxNode, within: string): void => {
    const place = named(node) ? `${within}.${String(node['name'] || node['kind'])}` : within;
    for (const edit of OPERATORS[node.nodeType]?.(node, code) ?? []) {
      const name = `${place}: ${described(edit, code)}`;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      mutants.push({
        source,
        name: time === 1 ? name : `${name} (${time})`,
        line: code.slice(0, edit.start).split('\n').length,
        text: code.with(edit),
      });
    }
    for (const inner of childrenOf(node)) visit(inner, place);
  };
  visit(parse(sources, source), '');
  return mutants.map((mutant) => ({ ...mutant, name: mutant.name.replace(/^\./, '') }));
}

const NAMED = ['ContractDefinition', 'FunctionDefinition', 'ModifierDefinition', 'VariableDeclaration'];
const named = (node: SyntaxNode): boolean =>
  NAMED.includes(node.nodeType) &&
  (node.nodeType !== 'VariableDeclaration' || node['stateVariable'] === true);

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'nodeType' in value;

/** In the order of the text. Signatures and types have nothing to change. */
function childrenOf(node: SyntaxNode): SyntaxNode[] {
  if (node.nodeType === 'ParameterList' || node.nodeType === 'ImportDirective') return [];
  const inner = Object.values(node).flatMap((value: unknown) =>
    isNode(value) ? [value] : Array.isArray(value) ? value.filter(isNode) : [],
  );
  return inner.sort((one, other) => startOf(one) - startOf(other) || endOf(other) - endOf(one));
}

/** The change with enough of what stands around it on its lines to be read. */
function described(edit: Edit, code: Code): string {
  const short = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const lineStart = edit.start - (code.slice(0, edit.start).split('\n').at(-1) ?? '').length;
  const after = code.slice(edit.end, edit.end + 200).split('\n')[0] ?? '';
  const before = code.slice(lineStart, edit.start);
  const was = short(before + code.slice(edit.start, edit.end) + after);
  return `${was} -> ${short(before + edit.text + after) || 'nothing'}`;
}
