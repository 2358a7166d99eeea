import {
  GraphQLError,
  Kind,
  type ASTNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import type { Limits } from './limits.js';

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}
const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, directives: 0 };

const both = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  fields: a.fields + b.fields,
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
});

/** Refuses documents that are large before anything is executed. Each fragment is measured once, however often it is spread. */
export function documentRules(limits: Limits): ValidationRule[] {
  const rule: ValidationRule = (context) => ({
    Document: (document) => {
      const fragments = new Map(
        document.definitions
          .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
          .map((node) => [node.name.value, node]),
      );
      const measure = measurer(fragments);
      for (const node of document.definitions) {
        if (node.kind !== Kind.OPERATION_DEFINITION) continue;
        const size = both(measure(node.selectionSet), {
          ...NOTHING,
          directives: node.directives?.length ?? 0,
        });
        const broken = problem(size, limits);
        if (broken !== null) context.reportError(tooLarge(broken, node));
      }
    },
  });
  return [rule];
}

function problem(size: Size, limits: Limits): string | null {
  if (size.depth > limits.depth) return `at most ${limits.depth} levels of fields`;
  if (size.aliases > limits.aliases) return `at most ${limits.aliases} aliases`;
  if (size.directives > limits.directives) return `at most ${limits.directives} directives`;
  if (size.fields > limits.selections) return `at most ${limits.selections} fields`;
  return null;
}

function tooLarge(wanted: string, node: ASTNode): GraphQLError {
  return new GraphQLError(`this operation is too large: ${wanted} were wanted`, {
    nodes: [node],
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>();
  const ofFragment = (name: string): Size => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, NOTHING); // a cycle ends here; the standard rules refuse it
    const fragment = fragments.get(name);
    const size = fragment === undefined ? NOTHING : ofSet(fragment.selectionSet);
    known.set(name, size);
    return size;
  };
  const ofSet = (set: SelectionSetNode): Size =>
    set.selections.reduce((sum, node) => {
      const directives = { ...NOTHING, directives: node.directives?.length ?? 0 };
      if (node.kind === Kind.FRAGMENT_SPREAD) return both(sum, both(directives, ofFragment(node.name.value)));
      const inner = node.selectionSet === undefined ? NOTHING : ofSet(node.selectionSet);
      if (node.kind === Kind.INLINE_FRAGMENT) return both(sum, both(directives, inner));
      const introspects = node.name.value.startsWith('__');
      const own = { depth: introspects ? 1 : inner.depth + 1, fields: inner.fields + 1 };
      const aliases = inner.aliases + (node.alias === undefined ? 0 : 1);
      return both(sum, both(directives, { ...own, aliases, directives: inner.directives }));
    }, NOTHING);
  return ofSet;
}
