import {
  getArgumentValues,
  getNamedType,
  getOperationAST,
  GraphQLError,
  getVariableValues,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from './limits.js';

interface Operation {
  readonly query: DocumentNode;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** Points of an operation before it runs; throws when there are more than one operation may have. */
export function operationCost(schema: GraphQLSchema, operation: Operation, limits: Limits): number {
  const cost = pointsOf(schema, operation);
  if (cost <= limits.cost) return cost;
  throw refused(
    'OPERATION_TOO_COSTLY',
    `this operation costs ${cost} points, at most ${limits.cost} were wanted`,
  );
}

function pointsOf(schema: GraphQLSchema, { query, operationName, variables = {} }: Operation): number {
  const operation = getOperationAST(query, operationName);
  const root = operation ? schema.getRootType(operation.operation) : undefined;
  if (!operation || !root) throw refused('OPERATION_RESOLUTION_FAILURE', 'one named operation was wanted');
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (errors !== undefined) throw refused('BAD_USER_INPUT', errors[0]?.message ?? 'a variable is wrong');
  const fragments = new Map(
    query.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return new Pricing(schema, fragments, coerced).ofSet(operation.selectionSet, root);
}

type Price = (asked: { args: Record<string, unknown>; childComplexity: number }) => number;

/**
 * A plain value is free; a field with a type of its own costs a point and what is in it, or what its `complexity` says
 * (see page-cost.ts). Fragments on other types are summed, and priced once, however often they are spread.
 */
class Pricing {
  private readonly known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Record<string, unknown>,
  ) {}

  ofSet({ selections }: SelectionSetNode, type: GraphQLNamedType): number {
    return selections.reduce((sum, node) => {
      if (node.kind === Kind.FIELD) return sum + this.ofField(node, type);
      if (node.kind === Kind.FRAGMENT_SPREAD) return sum + this.ofFragment(node.name.value);
      const { typeCondition: on } = node;
      return sum + this.ofSet(node.selectionSet, (on && this.schema.getType(on.name.value)) ?? type);
    }, 0);
  }

  private ofFragment(name: string): number {
    const before = this.known.get(name);
    if (before !== undefined) return before;
    this.known.set(name, 0);
    const fragment = this.fragments.get(name);
    const type = fragment && this.schema.getType(fragment.typeCondition.name.value);
    const cost = fragment && type ? this.ofSet(fragment.selectionSet, type) : 0;
    this.known.set(name, cost);
    return cost;
  }

  private ofField(node: FieldNode, parent: GraphQLNamedType): number {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
    const field: GraphQLField<unknown, unknown> | undefined = parent.getFields()[node.name.value];
    if (field === undefined) return 0; // introspection: graphql-js bounds it
    const type = getNamedType(field.type);
    const inside = node.selectionSet === undefined ? 0 : this.ofSet(node.selectionSet, type);
    const price = field.extensions['complexity'];
    if (typeof price === 'number') return price + inside;
    if (typeof price !== 'function') return isCompositeType(type) ? 1 + inside : 0;
    const args = getArgumentValues(field, node, this.variables);
    // sizes are checked when fields run, after this; until then a negative one must not pay for the rest
    return Math.max(0, (price as Price)({ args, childComplexity: inside }));
  }
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
