// What is changed, one at a time, in the compiler's syntax tree: the operators of Certora's Gambit, boundaries, guards,
// roundings and the two sides of a pool.
import type { SyntaxNode } from '../compilation.js';

/** Bytes `start` to `end` of the source become `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A source as bytes, because the compiler counts them. */
export class Code {
  private readonly bytes: Buffer;

  constructor(text: string) {
    this.bytes = Buffer.from(text);
  }

  slice(start: number, end: number): string {
    return this.bytes.subarray(start, end).toString();
  }

  of(node: SyntaxNode): string {
    return this.slice(startOf(node), endOf(node));
  }

  with({ start, end, text }: Edit): string {
    return this.slice(0, start) + text + this.slice(end, this.bytes.length);
  }
}

type Operator = (node: SyntaxNode, code: Code) => readonly Edit[];

export const startOf = (node: SyntaxNode): number => Number(node.src.split(':')[0]);
export const endOf = (node: SyntaxNode): number => startOf(node) + Number(node.src.split(':')[1]);

const replace = (node: SyntaxNode, text: string): Edit => ({ start: startOf(node), end: endOf(node), text });
const child = (node: SyntaxNode, name: string): SyntaxNode => node[name] as SyntaxNode;
const children = (node: SyntaxNode, name: string): readonly SyntaxNode[] =>
  ((node[name] ?? []) as readonly (SyntaxNode | null)[]).filter((one) => one !== null);
const typeOf = (node: SyntaxNode): string =>
  (node['typeDescriptions'] as { typeString?: string } | undefined)?.typeString ?? '';

const BINARY: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&'],
};
const ASSIGNMENT: Readonly<Record<string, readonly string[]>> = { '+=': ['-=', '='], '-=': ['+=', '='] };

function binary(node: SyntaxNode, code: Code): Edit[] {
  const [left, right, operator] = [
    child(node, 'leftExpression'),
    child(node, 'rightExpression'),
    String(node['operator']),
  ];
  const at = endOf(left) + code.slice(endOf(left), startOf(right)).indexOf(operator);
  const edits = (BINARY[operator] ?? []).map((text) => ({ start: at, end: at + operator.length, text }));
  const oneSide =
    operator === '&&' || operator === '||'
      ? [replace(node, code.of(left)), replace(node, code.of(right))]
      : [];
  const roundedUp =
    operator === '/' ? [replace(node, `Math.ceilDiv(${code.of(left)}, ${code.of(right)})`)] : [];
  return [...edits, ...oneSide, ...roundedUp];
}

function assignment(node: SyntaxNode, code: Code): Edit[] {
  const [left, right] = [child(node, 'leftHandSide'), child(node, 'rightHandSide')];
  const operator = String(node['operator']);
  return (ASSIGNMENT[operator] ?? []).map((text) =>
    replace(node, `${code.of(left)} ${text} ${code.of(right)}`),
  );
}

function unary(node: SyntaxNode, code: Code): Edit[] {
  const operand = code.of(child(node, 'subExpression'));
  if (node['operator'] === '!') return [replace(node, operand)];
  return node['operator'] === '++' ? [replace(node, `--${operand}`)] : [];
}

const isRevert = (node: SyntaxNode): boolean =>
  node.nodeType === 'RevertStatement' ||
  (node.nodeType === 'Block' && children(node, 'statements').every(isRevert));

/** A guard is taken out; that a refusal of everything would be noticed says nothing about the tests. */
function condition(node: SyntaxNode): Edit[] {
  const tested = child(node, 'condition');
  const guard = node.nodeType === 'IfStatement' && isRevert(child(node, 'trueBody'));
  return guard ? [replace(tested, 'false')] : [replace(tested, 'true'), replace(tested, 'false')];
}

function literal(node: SyntaxNode): Edit[] {
  if (node['kind'] === 'bool') return [replace(node, node['value'] === 'true' ? 'false' : 'true')];
  if (node['kind'] !== 'number') return [];
  const value = BigInt(String(node['value']).replaceAll('_', ''));
  return [value + 1n, ...(value > 0n ? [value - 1n] : [])].map((other) => replace(node, other.toString()));
}

/** Leaves a statement out, with its semicolon. */
function removal(node: SyntaxNode, code: Code): Edit[] {
  const end = endOf(node);
  return [{ start: startOf(node), end: code.slice(end, end + 1) === ';' ? end + 1 : end, text: '{}' }];
}

function neighboursSwapped(nodes: readonly SyntaxNode[], code: Code): Edit[] {
  return nodes.slice(1).flatMap((second, index) => {
    const first = nodes[index];
    if (!first || typeOf(first) !== typeOf(second) || code.of(first) === code.of(second)) return [];
    const between = code.slice(endOf(first), startOf(second));
    return [{ start: startOf(first), end: endOf(second), text: code.of(second) + between + code.of(first) }];
  });
}

/** Exchanging their first two arguments changes nothing. */
const COMMUTATIVE = ['Math.min', 'Math.mulDiv'];
const LIBRARY_CALLS: Readonly<Record<string, (args: string) => string>> = {
  'ABPool.bounded': (args) => `uint128(${args})`,
  bounded: (args) => `uint128(${args})`,
  'Math.min': (args) => `Math.max(${args})`,
  'Math.sqrt': (args) => `Math.sqrt(${args}, Math.Rounding.Ceil)`,
};

function call(node: SyntaxNode, code: Code): Edit[] {
  const args = children(node, 'arguments');
  const callee = code.of(child(node, 'expression'));
  const [first, second] = args.map((argument) => code.of(argument));
  const listed = args.map((argument) => code.of(argument)).join(', ');
  const other = LIBRARY_CALLS[callee];
  const edits = other ? [replace(node, other(listed))] : [];
  if (callee === 'Math.ceilDiv') edits.push(replace(node, `(${first} / ${second})`));
  if (callee === 'Math.mulDiv' && args.length === 3) {
    edits.push(replace(node, `Math.mulDiv(${listed}, Math.Rounding.Ceil)`));
  }
  return [...edits, ...(COMMUTATIVE.includes(callee) ? [] : neighboursSwapped(args, code))];
}

const tuple: Operator = (node, code) =>
  node['lValueRequested'] === true ? [] : neighboursSwapped(children(node, 'components'), code);

/** `(uint256 a, uint256 b) = f()` with the names exchanged. */
const declarations: Operator = (node, code) => neighboursSwapped(children(node, 'declarations'), code);

const OTHER_MEMBER: Readonly<Record<string, string>> = {
  tokenA: 'tokenB',
  tokenB: 'tokenA',
  reserveA: 'reserveB',
  reserveB: 'reserveA',
  reserveIn: 'reserveOut',
  reserveOut: 'reserveIn',
  tokenIn: 'tokenOut',
  tokenOut: 'tokenIn',
  Ceil: 'Floor',
  safeTransfer: 'transfer',
  safeTransferFrom: 'transferFrom',
};

function member(node: SyntaxNode, code: Code): Edit[] {
  const other = OTHER_MEMBER[String(node['memberName'])];
  return other === undefined ? [] : [replace(node, `${code.of(child(node, 'expression'))}.${other}`)];
}

const modifier: Operator = (node) => (node['kind'] === 'modifierInvocation' ? [replace(node, '')] : []);

/** By the type of the node that each changes. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Assignment: assignment,
  BinaryOperation: binary,
  Conditional: condition,
  EmitStatement: removal,
  ExpressionStatement: removal,
  FunctionCall: call,
  IfStatement: condition,
  Literal: literal,
  MemberAccess: member,
  ModifierInvocation: modifier,
  Return: removal,
  TupleExpression: tuple,
  UnaryOperation: unary,
  VariableDeclarationStatement: declarations,
};
