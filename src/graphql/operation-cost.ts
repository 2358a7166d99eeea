import { getNamedType, GraphQLError, isLeafType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import type { Limits } from './limits.js';

/** A field with a type of its own costs a point and what is in it; plain values are free. */
const onePointPerObject: ComplexityEstimator = ({ field, childComplexity }) =>
  isLeafType(getNamedType(field.type)) ? 0 : 1 + childComplexity;

/** Points of an operation before it runs; throws when there are more than one operation may have. */
export function operationCost(
  schema: GraphQLSchema,
  operation: { query: DocumentNode; operationName?: string; variables?: Record<string, unknown> },
  limits: Limits,
): number {
  const cost = pointsOf(schema, operation);
  if (cost <= limits.cost) return cost;
  throw new GraphQLError(`this operation costs ${cost} points, at most ${limits.cost} were wanted`, {
    extensions: { code: 'OPERATION_TOO_COSTLY', http: { status: 400 } },
  });
}

function pointsOf(schema: GraphQLSchema, operation: Parameters<typeof operationCost>[1]): number {
  try {
    return getComplexity({
      schema,
      ...operation,
      estimators: [fieldExtensionsEstimator(), onePointPerObject],
    });
  } catch (error) {
    if (error instanceof GraphQLError) throw withStatus400(error); // a variable of the wrong type
    throw error;
  }
}

function withStatus400(error: GraphQLError): GraphQLError {
  const { nodes } = error;
  return new GraphQLError(error.message, {
    ...(nodes === undefined ? {} : { nodes }),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}
