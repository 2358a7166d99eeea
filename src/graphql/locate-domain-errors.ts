import { GraphQLError, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { DomainError } from '../domain/errors.js';

/**
 * graphql-js takes any error with an array called `path` for one that it has located already, and DomainError has one of
 * its own (the place in the arguments): unwrapped, it would reach the client without the place in the answer, and end a
 * subscription as a bug. Only fields with arguments and root fields can throw one.
 */
export function locateDomainErrors(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (roots.includes(type) || field.args.length > 0) wrapField(field);
  }
  return schema;
}

type Resolve = NonNullable<GraphQLField<unknown, unknown>['resolve']>;

function wrapField(field: GraphQLField<unknown, unknown>): void {
  if (field.resolve) field.resolve = wrapped(field.resolve);
  if (field.subscribe) field.subscribe = wrapped(field.subscribe);
}

function wrapped(resolve: Resolve): Resolve {
  return async (...asked) => {
    try {
      return await resolve(...asked);
    } catch (error) {
      throw error instanceof DomainError ? new GraphQLError(error.message, { originalError: error }) : error;
    }
  };
}
